//! Asks whether a step has nothing left to do.

use std::path::Path;

use slipway_protocol::plan::Check;

use super::{Failure, Trial, program};
use crate::install::hash;

/// True where nothing is left to do. A check that can't be carried out means that there is.
pub async fn is_done(trial: &Trial, check: &Check) -> Result<bool, Failure> {
    match check {
        Check::Exists(path) => Ok(Path::new(&trial.values.public(path)?).exists()),
        Check::Sha256 { file, sha256 } => {
            let file = trial.values.public(file)?;
            let found = hash::of_file(Path::new(&file)).await;
            Ok(found.is_ok_and(|found| found.eq_ignore_ascii_case(sha256)))
        }
        Check::Succeeds { program, args } => succeeds(trial, program, args).await,
        Check::Unknown(_) => Ok(false),
    }
}

async fn succeeds(trial: &Trial, program: &str, args: &[String]) -> Result<bool, Failure> {
    let args: Vec<String> = args
        .iter()
        .map(|arg| trial.values.public(arg))
        .collect::<Result<_, _>>()?;
    let mut command = program::command(trial.values.public(program)?, &args);
    command.current_dir(trial.config.work_dir());
    let ended = program::run_quietly(command, None).await;
    Ok(ended.is_ok_and(|(status, _)| status.success()))
}
