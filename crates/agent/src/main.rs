//! `slipway-agent`: reads the command line and starts the part that was asked for.

use std::error::Error;
use std::process::ExitCode;
use std::time::Duration;

use clap::{Parser, Subcommand};
use slipway_agent::arrive::{ArriveError, arrive, tell_trouble};
use slipway_agent::config::Config;
use slipway_agent::console::Console;
use slipway_agent::identity::{Identity, IdentityError};
use slipway_agent::install;
use slipway_agent::run::{self, RunError};
use slipway_agent::serve::Service;
use slipway_agent::serve::limits::Limits;
#[cfg(windows)]
use slipway_agent::service;
use slipway_agent::{logging, stop};

#[derive(Parser)]
#[command(
    name = "slipway-agent",
    version,
    about = "Installs a site on this machine and tells how it goes"
)]
struct Arguments {
    #[command(subcommand)]
    part: Part,
    #[command(flatten)]
    config: Config,
    /// Stop when standard input ends
    #[arg(long, global = true, hide = true)]
    stop_with_stdin: bool,
}

#[derive(Subcommand)]
enum Part {
    /// Start the installer and the status service, and watch both
    Run,
    /// Work through the plan in user data
    Install,
    /// Keep the messages and answer the app
    Serve,
    /// Set up the Windows service that runs with the machine, and start it
    #[cfg(windows)]
    InstallService {
        /// Folder for the program
        #[arg(long, default_value_os_t = service::install::default_program_dir())]
        program_dir: std::path::PathBuf,
    },
    /// Stop and remove the Windows service
    #[cfg(windows)]
    RemoveService,
    /// What Windows calls
    #[cfg(windows)]
    #[command(name = service::SUBCOMMAND, hide = true)]
    Service,
}

fn main() -> ExitCode {
    let arguments = Arguments::parse();
    logging::start(arguments.config.system.log_to.as_deref());
    match start(&arguments) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            tracing::error!("{error}");
            ExitCode::FAILURE
        }
    }
}

#[cfg(windows)]
fn start(arguments: &Arguments) -> Result<(), Box<dyn Error>> {
    let config = &arguments.config;
    match &arguments.part {
        Part::InstallService { program_dir } => Ok(service::install::install(config, program_dir)?),
        Part::RemoveService => Ok(service::install::remove(config)?),
        Part::Service => Ok(service::work::start(config)?),
        Part::Run | Part::Install | Part::Serve => start_part(arguments),
    }
}

#[cfg(not(windows))]
fn start(arguments: &Arguments) -> Result<(), Box<dyn Error>> {
    start_part(arguments)
}

fn start_part(arguments: &Arguments) -> Result<(), Box<dyn Error>> {
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build()?;
    let result = runtime.block_on(part(arguments));
    // Long enough to stop the programs of steps; background work, such as a line for a console that is never
    // free, must not keep the process.
    runtime.shutdown_timeout(Duration::from_secs(1));
    result
}

async fn part(arguments: &Arguments) -> Result<(), Box<dyn Error>> {
    let stop = stop::requested(arguments.stop_with_stdin);
    match arguments.part {
        Part::Serve => serve(&arguments.config, stop).await,
        Part::Install => install(&arguments.config, stop).await,
        _ => watch(&arguments.config, stop).await,
    }
}

async fn watch(config: &Config, stop: impl Future<Output = ()>) -> Result<(), Box<dyn Error>> {
    let result = run::run(config, stop).await;
    if let Err(RunError::Arrive(trouble)) = &result {
        tell_trouble(config, trouble).await;
    }
    Ok(result?)
}

async fn serve(config: &Config, stop: impl Future<Output = ()>) -> Result<(), Box<dyn Error>> {
    let mut stop = std::pin::pin!(stop);
    let arrived = tokio::select! {
        arrived = arrive(config) => arrived,
        () = &mut stop => return Ok(()),
    };
    let identity = match arrived {
        Ok(arrival) => arrival.identity,
        Err(ArriveError::Identity(IdentityError::Scrubbed(_))) => return Ok(()),
        Err(error) => return Err(error.into()),
    };
    let service = Service::start(config, &identity, Limits::public()).await?;
    say_keys(config, &identity);
    service.run(stop).await?;
    Ok(())
}

async fn install(config: &Config, stop: impl Future<Output = ()>) -> Result<(), Box<dyn Error>> {
    tokio::select! {
        installed = work_through_the_plan(config) => installed,
        () = stop => Ok(()),
    }
}

async fn work_through_the_plan(config: &Config) -> Result<(), Box<dyn Error>> {
    let arrival = match arrive(config).await {
        Err(ArriveError::Identity(IdentityError::Scrubbed(_))) => return Ok(()),
        other => other?,
    };
    let installing = install::run(config.clone(), arrival.imds, arrival.brief, arrival.identity);
    Ok(installing.await?)
}

/// In the background: the console may be busy for long, and the app may already read.
fn say_keys(config: &Config, identity: &Identity) {
    let console = Console::start(config, &identity.launch);
    let (tls_sha256, key) = (identity.tls_sha256(), identity.key.public().to_text());
    tokio::spawn(async move { console.say_keys(tls_sha256, key).await });
}
