//! `cargo xtask`: sets up what is missing, then runs, checks, tests or measures the workspace.

mod apt;
mod bench;
mod check;
mod compiler;
mod components;
mod ec2;
mod first_server;
mod front_end;
mod fuzz;
mod invoke;
mod live;
mod man;
mod part;
mod parts;
mod pictures;
mod program;
mod python;
mod report;
mod run;
mod say;
mod secret_service;
mod test;
mod tools;
mod transcript;
mod use_build;
mod whole;
mod window;
mod windows;
mod wine;
mod workspace;

use std::process::ExitCode;

use clap::{Parser, Subcommand};

use crate::workspace::Workspace;

#[derive(Parser)]
#[command(name = "cargo xtask", bin_name = "cargo xtask", about = "Work on Slipway")]
struct Arguments {
    #[command(subcommand)]
    task: Task,
}

#[derive(Subcommand)]
enum Task {
    /// Set up what is missing, build Slipway and open its window; without a screen, launch a practice server in the terminal
    Run,
    /// The quick checks before a commit: format, lints, rules of the code, fast tests
    Check,
    /// Set up what is missing and run every test
    Test {
        /// Also what takes long or needs more than the package registries, and more cases of each test that has any
        #[arg(long)]
        long: bool,
        /// Run only the parts whose name contains this
        #[arg(long, value_name = "NAME")]
        only: Option<String>,
        /// What this machine may lack: parts whose name contains this may be skipped, also where CI is set and any other
        /// skip counts as failed
        #[arg(long, value_name = "NAME")]
        may_skip: Vec<String>,
    },
    /// Write every screen as PNG: all states from the front end in a browser, the main ones from the real window
    Pictures,
    /// Tell the story of the EC2 tests on a real AWS account; it costs money, says so and asks first
    Live {
        /// A profile of the AWS tools, in ~/.aws
        #[arg(long)]
        profile: String,
        /// Where to launch, such as eu-central-1
        #[arg(long)]
        region: String,
        /// Don't ask
        #[arg(long)]
        yes: bool,
    },
    /// Write the terminal's manual pages to target/man
    Man,
    /// Measure, print each figure beside what it is compared with, save it under tests/bench
    Bench {
        /// Run only the benches whose name contains this
        name: Option<String>,
    },
}

fn main() -> ExitCode {
    if let Some(ended) = compiler::compiled() {
        return ended;
    }
    let task = Arguments::parse().task;
    match Workspace::find().and_then(|mut workspace| {
        workspace.compiler = std::env::current_exe().ok();
        perform(task, &mut workspace)
    }) {
        Ok(true) => ExitCode::SUCCESS,
        Ok(false) => ExitCode::FAILURE,
        Err(reason) => {
            say::line(&reason);
            ExitCode::FAILURE
        }
    }
}

/// Whether all that was asked for went well; an error says why it could not even begin.
fn perform(task: Task, workspace: &mut Workspace) -> Result<bool, String> {
    match task {
        Task::Run => run::run(workspace).map(|()| true),
        Task::Check => Ok(check::check(workspace)),
        Task::Test { long, only, may_skip } => {
            workspace.long = long;
            workspace.may_lack = may_skip;
            test::test(workspace, only.as_deref())
        }
        Task::Man => man::write(workspace).map(|()| true),
        Task::Pictures => pictures::pictures(workspace).map(|()| true),
        Task::Live { profile, region, yes } => live::tell(workspace, &profile, &region, yes).map(|()| true),
        Task::Bench { name } => Ok(bench::bench(workspace, name.as_deref())),
    }
}
