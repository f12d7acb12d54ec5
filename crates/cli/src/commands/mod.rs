//! One file a command.

mod access;
mod doctor;
mod image;
mod launch;
mod log;
mod manual;
mod offer;
mod power;
mod profiles;
mod recipes;
mod resume;
mod retry;
mod servers;
mod sweep;
mod watch;

use crate::args::{Command, RecipesAct};
use crate::context::Context;
use crate::failure::{End, Result};
use crate::output::Output;

/// Does what needs neither journal nor cloud; `None` for everything else.
pub fn without_engine(command: &Command, output: Output) -> Result<Option<End>> {
    match command {
        Command::Recipes(asked) => match &asked.act {
            Some(RecipesAct::Check { file }) => recipes::check(output, file).map(Some),
            _ => Ok(None),
        },
        Command::Policy => doctor::policy(output).map(Some),
        Command::Completions { shell } => manual::completions(output, *shell).map(Some),
        Command::Man { folder } => manual::man(output, folder).map(Some),
        _ => Ok(None),
    }
}

/// Does what was typed.
pub async fn run(context: &Context, command: Command) -> Result<End> {
    match command {
        Command::Profiles(asked) => profiles::run(context, asked.act.as_ref()).await,
        Command::Offer(asked) => offer::run(context, &asked).await,
        Command::Doctor(asked) => doctor::run(context, asked).await,
        Command::Policy => doctor::policy(context.output),
        Command::Completions { shell } => manual::completions(context.output, shell),
        Command::Man { folder } => manual::man(context.output, &folder),
        Command::Sweep(asked) => sweep::run(context, &asked).await,
        Command::Recipes(asked) => recipes::run(context, asked.act.as_ref()),
        Command::Launch(asked) => launch::run(context, asked).await,
        Command::Servers(asked) => servers::run(context, &asked).await,
        Command::Watch(asked) => watch::run(context, &asked).await,
        Command::Access(asked) => access::run(context, &asked).await,
        Command::Retry(asked) => retry::run(context, &asked).await,
        Command::Resume(asked) => resume::run(context, &asked).await,
        Command::Keep(asked) => resume::keep(context, &asked).await,
        Command::Console(asked) => resume::console(context, &asked).await,
        Command::Image(asked) => image::run(context, asked.act).await,
        Command::Start(asked) => power::run(context, power::Act::Start, &asked.servers).await,
        Command::Stop(asked) => power::run(context, power::Act::Stop, &asked.servers).await,
        Command::Restart(asked) => power::run(context, power::Act::Restart, &asked.servers).await,
        Command::Terminate(asked) => power::run(context, power::Act::Terminate, &asked.servers).await,
        Command::Log(asked) => log::run(context, &asked).await,
    }
}
