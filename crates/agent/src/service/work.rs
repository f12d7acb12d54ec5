//! What the service does: the same as `run`, between Windows' start and Windows' stop.

use std::ffi::OsString;
use std::sync::OnceLock;
use std::time::Duration;

use tokio_util::sync::CancellationToken;
use windows_service::service::{
    ServiceControl, ServiceControlAccept, ServiceExitCode, ServiceState, ServiceStatus, ServiceType,
};
use windows_service::service_control_handler::{self, ServiceControlHandlerResult, ServiceStatusHandle};
use windows_service::{define_windows_service, service_dispatcher};

use super::NAME;
use crate::arrive::{ArriveError, tell_trouble};
use crate::config::Config;
use crate::run::{self, RunError};

/// So long the parts may take to stop, and background work after them.
const LONGEST_STOP: Duration = Duration::from_secs(10);
const BACKGROUND: Duration = Duration::from_secs(1);

/// Windows calls [`service_main`] with arguments of its own only.
static CONFIG: OnceLock<Config> = OnceLock::new();

define_windows_service!(ffi_service_main, service_main);

/// Connects to Windows' service control and works until the service ends. Fails at once where a person calls it.
pub fn start(config: &Config) -> windows_service::Result<()> {
    CONFIG.get_or_init(|| config.clone());
    service_dispatcher::start(NAME, ffi_service_main)
}

fn service_main(_arguments: Vec<OsString>) {
    let Some(config) = CONFIG.get() else {
        return;
    };
    if let Err(error) = serve(config) {
        tracing::error!(%error, "Windows does not take what the service says");
    }
}

fn serve(config: &Config) -> windows_service::Result<()> {
    let stopping = CancellationToken::new();
    let asked = stopping.clone();
    let windows = service_control_handler::register(NAME, move |control| match control {
        ServiceControl::Stop | ServiceControl::Shutdown => {
            asked.cancel();
            ServiceControlHandlerResult::NoError
        }
        ServiceControl::Interrogate => ServiceControlHandlerResult::NoError,
        _ => ServiceControlHandlerResult::NotImplemented,
    })?;
    windows.set_service_status(status(ServiceState::Running, 0))?;
    tracing::info!("the service starts");
    let exit = match work(config, &windows, &stopping) {
        Ok(()) => 0,
        Err(error) => {
            tracing::error!("{error}");
            1
        }
    };
    tracing::info!(exit, "the service ends");
    windows.set_service_status(status(ServiceState::Stopped, exit))
}

fn work(
    config: &Config,
    windows: &ServiceStatusHandle,
    stopping: &CancellationToken,
) -> Result<(), RunError> {
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build()?;
    let result = runtime.block_on(async {
        let stop = async {
            stopping.cancelled().await;
            // Only the last word to Windows matters; this one keeps it patient.
            let _ = windows.set_service_status(status(ServiceState::StopPending, 0));
        };
        let ended = run::run(config, stop).await;
        tokio::select! {
            settled = settle(config, ended) => settled,
            () = stopping.cancelled() => Ok(()),
        }
    });
    runtime.shutdown_timeout(BACKGROUND);
    result
}

/// User data without a brief stays so until the instance is another one: no reason to be started again.
async fn settle(config: &Config, ended: Result<(), RunError>) -> Result<(), RunError> {
    if let Err(RunError::Arrive(trouble)) = &ended {
        tell_trouble(config, trouble).await;
    }
    match ended {
        Err(RunError::Arrive(ArriveError::Brief(trouble))) => {
            tracing::error!(%trouble, "there is nothing to do");
            Ok(())
        }
        other => other,
    }
}

fn status(state: ServiceState, exit: u32) -> ServiceStatus {
    let accepted = match state {
        ServiceState::Running => ServiceControlAccept::STOP | ServiceControlAccept::SHUTDOWN,
        _ => ServiceControlAccept::empty(),
    };
    let pending = state == ServiceState::StopPending;
    ServiceStatus {
        service_type: ServiceType::OWN_PROCESS,
        current_state: state,
        controls_accepted: accepted,
        exit_code: match exit {
            0 => ServiceExitCode::NO_ERROR,
            own => ServiceExitCode::ServiceSpecific(own),
        },
        checkpoint: 0,
        wait_hint: if pending { LONGEST_STOP } else { Duration::ZERO },
        process_id: None,
    }
}
