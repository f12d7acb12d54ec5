//! `slipway-agent`: reads the command line and starts the part that was asked for.

use std::error::Error;
use std::process::ExitCode;

use clap::{Parser, Subcommand};
use slipway_agent::arrive::{ArriveError, arrive};
use slipway_agent::config::Config;
use slipway_agent::identity::IdentityError;
use slipway_agent::install;

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
}

#[derive(Subcommand)]
enum Part {
    /// Start the installer and the status service, and watch both
    Run,
    /// Work through the plan in user data
    Install,
    /// Keep the messages and answer the app
    Serve,
}

fn main() -> ExitCode {
    let arguments = Arguments::parse();
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build();
    let result = match runtime {
        Ok(runtime) => {
            let result = runtime.block_on(part(arguments));
            runtime.shutdown_background();
            result
        }
        Err(error) => Err(error.into()),
    };
    match result {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            tracing::error!("{error}");
            ExitCode::FAILURE
        }
    }
}

async fn part(arguments: Arguments) -> Result<(), Box<dyn Error>> {
    match arguments.part {
        Part::Install => install(arguments.config).await,
        Part::Run | Part::Serve => Err("this build has no status service".into()),
    }
}

async fn install(config: Config) -> Result<(), Box<dyn Error>> {
    let arrival = match arrive(&config).await {
        Err(ArriveError::Identity(IdentityError::Scrubbed(_))) => return Ok(()),
        other => other?,
    };
    install::run(config, arrival.imds, arrival.brief, arrival.identity).await?;
    Ok(())
}
