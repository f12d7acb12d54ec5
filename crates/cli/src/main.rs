//! `slipway`: the terminal face. Reads what was typed, does it through the engine, and ends with a status that scripts
//! can rely on.

mod args;
mod ask;
mod commands;
mod context;
mod failure;
mod follow;
mod interrupt;
mod output;
#[cfg(test)]
mod sample;
mod show;
mod tell;

use std::process::ExitCode;

use clap::{CommandFactory, Parser};
use slipway_core::act_waits::ActWaits;
use slipway_core::clock::Clock;
use slipway_core::error::{Error, ErrorKind};

use args::{Cli, Command, Global};
use context::Context;
use failure::{End, Failure, WRONG_USE, exit_status};
use output::{Mode, Output};

const SEE_HELP: &str = "See “slipway --help”.";

fn main() -> ExitCode {
    let mut cli = match Cli::try_parse() {
        Ok(cli) => cli,
        Err(refused) => return say_refusal(&refused),
    };
    let output = Output::new(cli.global.json, cli.global.no_color, cli.global.verbose);
    let Some(command) = cli.command.take() else {
        return without_command(output);
    };
    slipway_desktop::trace::begin();
    let ended = tokio::runtime::Builder::new_multi_thread()
        .enable_all()
        .build()
        .map_err(Failure::from)
        .and_then(|runtime| runtime.block_on(run(&cli.global, command, output)));
    match ended {
        Ok(end) => end.into(),
        // Whoever read the output took what they wanted, as in `slipway log demo | head`.
        Err(Failure::PipeClosed) => ExitCode::SUCCESS,
        Err(Failure::Error(error)) => {
            output.error(&error);
            ExitCode::from(exit_status(&error))
        }
    }
}

async fn run(global: &Global, command: Command, output: Output) -> failure::Result<End> {
    if let Some(end) = commands::without_engine(&command, output)? {
        return Ok(end);
    }
    let waits = ActWaits::new(Clock::system());
    let act = Box::pin(async {
        let context = Context::open(global, output).await?;
        let ended = Box::pin(commands::run(&context, command)).await;
        context.tell_notices();
        // Whatever is still at work is given back, so that another face goes on with it at once.
        context.engine().close().await;
        ended
    });
    tell::telling(output, &waits, act).await
}

/// Whoever typed nothing else wants to know what there is. A script that asked for JSON has forgotten something.
fn without_command(output: Output) -> ExitCode {
    if output.mode == Mode::Json {
        output.error(&Error::new(ErrorKind::Input, "A command is missing.").hint(SEE_HELP));
        return ExitCode::from(WRONG_USE);
    }
    // Nobody is left to tell that the output is closed.
    drop(Cli::command().print_help());
    ExitCode::SUCCESS
}

/// Help and version are no errors; all else is wrong use, also told as JSON where that was asked for.
fn say_refusal(refused: &clap::Error) -> ExitCode {
    let wrong = refused.use_stderr();
    if wrong && std::env::args_os().any(|given| given == "--json") {
        let text = refused.render().to_string();
        let sentence = text
            .lines()
            .next()
            .unwrap_or_default()
            .trim_start_matches("error: ");
        Output::new(true, true, false).error(&Error::new(ErrorKind::Input, sentence).hint(SEE_HELP));
    } else {
        // Nobody is left to tell that the output is closed.
        drop(refused.print());
    }
    if wrong {
        ExitCode::from(WRONG_USE)
    } else {
        ExitCode::SUCCESS
    }
}
