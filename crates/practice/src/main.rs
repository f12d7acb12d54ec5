//! `slipway-practice-machine`: one machine of the practice world, and the tools that recipes use on it.

use std::path::PathBuf;
use std::process::ExitCode;

use clap::{Parser, Subcommand};
use slipway_practice::{machine, tool};

#[derive(Parser)]
#[command(
    name = "slipway-practice-machine",
    version,
    about = "One machine of Slipway's practice world",
    args_conflicts_with_subcommands = true
)]
struct Arguments {
    /// The machine's folder, in the practice world's folder
    #[arg(long)]
    folder: Option<PathBuf>,
    #[command(subcommand)]
    part: Option<Part>,
}

#[derive(Subcommand)]
enum Part {
    /// Install something on the machine that this is called on
    #[command(subcommand)]
    Tool(tool::Tool),
}

#[tokio::main(flavor = "multi_thread", worker_threads = 2)]
async fn main() -> ExitCode {
    match start().await {
        Ok(()) => ExitCode::SUCCESS,
        Err(sentence) => {
            tool::complain(&sentence);
            ExitCode::FAILURE
        }
    }
}

async fn start() -> Result<(), String> {
    if let Some(done) = machine::as_desk_program() {
        return done.map_err(|trouble| trouble.to_string());
    }
    let arguments = Arguments::parse();
    let done = match (arguments.part, arguments.folder) {
        (Some(Part::Tool(tool)), _) => tool::run(tool).await,
        (None, Some(folder)) => machine::run(folder).await,
        (None, None) => return Err("either --folder or a tool is needed; see --help".into()),
    };
    done.map_err(|trouble| trouble.to_string())
}
