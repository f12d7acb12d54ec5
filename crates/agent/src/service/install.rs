//! Makes, updates, starts and removes the service. Everything here may be repeated.

use std::ffi::OsString;
use std::io;
use std::path::{Path, PathBuf};
use std::thread::sleep;
use std::time::{Duration, Instant};

use windows_service::service::{
    Service, ServiceAccess, ServiceAction, ServiceActionType, ServiceErrorControl, ServiceFailureActions,
    ServiceFailureResetPeriod, ServiceInfo, ServiceStartType, ServiceState, ServiceType,
};
use windows_service::service_manager::{ServiceManager, ServiceManagerAccess};

use super::{NAME, SUBCOMMAND};
use crate::config::Config;
use crate::{firewall, known_folder, private};

const PROGRAM: &str = "slipway-agent.exe";
const DISPLAY_NAME: &str = "Slipway agent";
const DESCRIPTION: &str = "Installs the site of this server and tells the Slipway app how it goes.";
/// `ERROR_SERVICE_DOES_NOT_EXIST`.
const NO_SUCH_SERVICE: i32 = 1060;
/// So long the service may take to start or to stop.
const PATIENCE: Duration = Duration::from_secs(30);
const PAUSE: Duration = Duration::from_millis(200);
/// Before each start after a failure; the last goes for all that follow.
const AGAIN: [Duration; 3] = [
    Duration::from_secs(1),
    Duration::from_secs(5),
    Duration::from_secs(30),
];

/// Why the service is not as it should be.
#[derive(Debug, thiserror::Error)]
pub enum ServiceError {
    /// Windows refuses something; the source says what.
    #[error("the service {NAME} can't be set up: {}", because(.0))]
    Windows(#[from] windows_service::Error),
    /// A file or the firewall can't be changed.
    #[error("the service {NAME} can't be set up: {0}")]
    System(#[from] io::Error),
    /// It takes too long.
    #[error("the service {NAME} takes too long: it is still {0:?}")]
    Late(ServiceState),
}

/// Where the program is kept: only SYSTEM and Administrators may write to Windows' folder for programs.
pub fn default_program_dir() -> PathBuf {
    let usual = || PathBuf::from(r"C:\Program Files");
    known_folder::program_files()
        .unwrap_or_else(usual)
        .join("Slipway")
}

/// Puts this program in place, makes or updates the service, lets the app in and starts the service.
pub fn install(config: &Config, program_dir: &Path) -> Result<(), ServiceError> {
    private::folder(&config.data_dir)?;
    let program = program_dir.join(PROGRAM);
    let access = ServiceManagerAccess::CONNECT | ServiceManagerAccess::CREATE_SERVICE;
    let manager = ServiceManager::local_computer(None::<&str>, access)?;
    let info = info(config, &program);
    let service = match existing(&manager)? {
        Some(service) => {
            stop(&service)?;
            put_in_place(&program)?;
            service.change_config(&info)?;
            service
        }
        None => {
            put_in_place(&program)?;
            manager.create_service(&info, ServiceAccess::ALL_ACCESS)?
        }
    };
    if let Err(error) = describe(&service) {
        // It works all the same.
        tracing::warn!(
            "how {NAME} is to be described and restarted was refused: {}",
            because(&error)
        );
    }
    firewall::open(config)?;
    service.start::<OsString>(&[])?;
    wait_for(&service, &[ServiceState::Running, ServiceState::Stopped])
}

/// Stops and removes the service, and keeps everybody out.
pub fn remove(config: &Config) -> Result<(), ServiceError> {
    let manager = ServiceManager::local_computer(None::<&str>, ServiceManagerAccess::CONNECT)?;
    if let Some(service) = existing(&manager)? {
        stop(&service)?;
        service.delete()?;
    }
    Ok(firewall::close(config)?)
}

fn existing(manager: &ServiceManager) -> Result<Option<Service>, ServiceError> {
    match manager.open_service(NAME, ServiceAccess::ALL_ACCESS) {
        Ok(service) => Ok(Some(service)),
        Err(windows_service::Error::Winapi(error)) if error.raw_os_error() == Some(NO_SUCH_SERVICE) => {
            Ok(None)
        }
        Err(error) => Err(error.into()),
    }
}

/// The service goes on with the options that it is installed with.
fn info(config: &Config, program: &Path) -> ServiceInfo {
    let mut config = config.clone();
    let log = config.data_dir.join("agent.log");
    config.system.log_to.get_or_insert(log);
    let arguments = [SUBCOMMAND.into()].into_iter().chain(config.to_arguments());
    ServiceInfo {
        name: NAME.into(),
        display_name: DISPLAY_NAME.into(),
        service_type: ServiceType::OWN_PROCESS,
        start_type: ServiceStartType::AutoStart,
        error_control: ServiceErrorControl::Normal,
        executable_path: program.to_owned(),
        launch_arguments: arguments.collect(),
        dependencies: Vec::new(),
        // LocalSystem.
        account_name: None,
        account_password: None,
    }
}

fn describe(service: &Service) -> windows_service::Result<()> {
    service.set_description(DESCRIPTION)?;
    service.update_failure_actions(failure_actions())?;
    service.set_failure_actions_on_non_crash_failures(true)
}

fn failure_actions() -> ServiceFailureActions {
    let restart = |delay| ServiceAction {
        action_type: ServiceActionType::Restart,
        delay,
    };
    ServiceFailureActions {
        reset_period: ServiceFailureResetPeriod::After(Duration::from_secs(3600)),
        reboot_msg: None,
        command: None,
        actions: Some(AGAIN.map(restart).to_vec()),
    }
}

/// Copies this program, unless it runs from there. A program that has just ended may be held for a moment.
fn put_in_place(program: &Path) -> io::Result<()> {
    let own = std::env::current_exe()?;
    if own.canonicalize().ok() == program.canonicalize().ok() {
        return Ok(());
    }
    if let Some(folder) = program.parent() {
        std::fs::create_dir_all(folder)?;
    }
    let unfinished = private::unfinished(program);
    std::fs::copy(own, &unfinished)?;
    let since = Instant::now();
    while let Err(error) = std::fs::rename(&unfinished, program) {
        if since.elapsed() > PATIENCE {
            return Err(error);
        }
        sleep(PAUSE);
    }
    Ok(())
}

fn stop(service: &Service) -> Result<(), ServiceError> {
    if service.query_status()?.current_state != ServiceState::Stopped {
        // It may have stopped by itself in between; the state tells.
        let _ = service.stop();
    }
    wait_for(service, &[ServiceState::Stopped])
}

fn wait_for(service: &Service, wanted: &[ServiceState]) -> Result<(), ServiceError> {
    let since = Instant::now();
    loop {
        let state = service.query_status()?.current_state;
        if wanted.contains(&state) {
            return Ok(());
        }
        if since.elapsed() > PATIENCE {
            return Err(ServiceError::Late(state));
        }
        sleep(PAUSE);
    }
}

/// The crate's own sentence leaves out what Windows said.
fn because(error: &windows_service::Error) -> String {
    match error {
        windows_service::Error::Winapi(cause) => cause.to_string(),
        other => other.to_string(),
    }
}
