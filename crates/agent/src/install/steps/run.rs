//! `run`: a program with arguments, environment and standard input; its output becomes lines and progress.

use std::process::ExitStatus;
use std::time::Duration;

use slipway_protocol::plan::Action;
use tokio::io::AsyncRead;
use tokio::process::Command;
use tokio::time::Instant;

use super::held::Held;
use super::lines::Lines;
use super::program::{self, Program};
use super::{Cure, Failure, Success, Trial};

const PROGRESS_MARK: &str = "##progress ";
const PROGRESS_PAUSE: Duration = Duration::from_millis(250);
/// So long a line is held back that may be the beginning of a secret.
const HELD_BACK: Duration = Duration::from_millis(300);
/// So long the output may go on after the program has ended: something it started in the background may hold it.
const OUTPUT_AFTER_END: Duration = Duration::from_secs(1);

/// Runs the program of an [`Action::Run`].
pub async fn run(trial: &Trial, action: &Action) -> Result<Success, Failure> {
    let Action::Run { program, stdin, .. } = action else {
        return Err(not_run());
    };
    let command = command(trial, action)?;
    let input = stdin
        .as_deref()
        .map(|text| trial.values.private(text))
        .transpose()?;
    let name = trial.values.public(program)?;
    let cannot = |error: std::io::Error| format!("The program “{name}” can't be run: {error}.");
    let mut program = Program::start(command).map_err(cannot)?;
    let (status, last) = follow(trial, &mut program, input.as_deref())
        .await
        .map_err(cannot)?;
    match meaning(action, status) {
        Meaning::Success(success) => {
            program.let_go();
            Ok(success)
        }
        Meaning::Failure(cure) => Err(Failure {
            reason: refusal(&name, status, &last),
            cure,
        }),
    }
}

fn not_run() -> Failure {
    Failure::from("This is no step of the kind “run”.".to_owned())
}

/// What the end of a program means for its step.
enum Meaning {
    Success(Success),
    Failure(Cure),
}

fn meaning(action: &Action, status: ExitStatus) -> Meaning {
    let failure = Meaning::Failure(Cure::AnotherTry);
    let Action::Run {
        success_codes,
        restart_codes,
        busy_codes,
        restart_first_codes,
        ..
    } = action
    else {
        return failure;
    };
    let Some(code) = status.code() else {
        return failure;
    };
    if restart_codes.contains(&code) {
        Meaning::Success(Success::NeedsRestart)
    } else if success_codes.contains(&code) {
        Meaning::Success(Success::Done)
    } else if restart_first_codes.contains(&code) {
        Meaning::Success(Success::NeedsRestartFirst)
    } else if busy_codes.contains(&code) {
        Meaning::Failure(Cure::Waiting)
    } else {
        failure
    }
}

fn command(trial: &Trial, action: &Action) -> Result<Command, Failure> {
    let Action::Run {
        program, args, env, ..
    } = action
    else {
        return Err(not_run());
    };
    let args: Vec<String> = args
        .iter()
        .map(|arg| trial.values.public(arg))
        .collect::<Result<_, _>>()?;
    let mut command = program::command(trial.values.public(program)?, &args);
    for (name, value) in env {
        command.env(name, trial.values.private(value)?);
    }
    command
        .env("SLIPWAY_STEP", &trial.step.id)
        .env("SLIPWAY_ATTEMPT", trial.attempt.to_string())
        .env("SLIPWAY_WORK", trial.config.work_dir())
        .env("SLIPWAY_SITE", &trial.config.site_dir)
        .current_dir(trial.config.work_dir());
    Ok(command)
}

/// Tells what the program says until it ends. Returns its status and the last line of its error output.
async fn follow(
    trial: &Trial,
    program: &mut Program,
    input: Option<&str>,
) -> std::io::Result<(ExitStatus, String)> {
    let mut last = String::new();
    let Some(streams) = program.streams() else {
        return Ok((program.wait().await?, last));
    };
    let mut nothing = String::new();
    let talking = async {
        tokio::join!(
            program::feed(streams.input, input),
            tell_lines(trial, streams.output, false, &mut nothing),
            tell_lines(trial, streams.errors, true, &mut last)
        )
    };
    let status = wait_beside(program, talking).await?;
    Ok((status, last))
}

async fn wait_beside(program: &mut Program, talking: impl Future) -> std::io::Result<ExitStatus> {
    tokio::pin!(talking);
    let mut ending = Box::pin(program.wait());
    tokio::select! {
        status = &mut ending => {
            let _ = tokio::time::timeout(OUTPUT_AFTER_END, talking).await;
            status
        }
        _ = &mut talking => ending.await,
    }
}

async fn tell_lines(trial: &Trial, stream: impl AsyncRead + Unpin, errors: bool, last: &mut String) {
    let mut lines = Lines::new(stream);
    let mut held = Held::new(trial.reporter.redactor().clone());
    let mut told: Option<Instant> = None;
    loop {
        let wait = if held.is_empty() { Duration::MAX } else { HELD_BACK };
        let ready = match tokio::time::timeout(wait, lines.next()).await {
            Err(_) => held.flush(),
            Ok(None) => break,
            Ok(Some(line)) if line.dropped > 0 => {
                let shown = trial.reporter.redactor().redact_cut(&line.text);
                let shown = format!("{shown} … ({} more bytes)", line.dropped);
                held.flush().into_iter().chain([shown]).collect()
            }
            Ok(Some(line)) => match progress(&line.text) {
                None => held.push(line.text),
                Some(done) => {
                    if done >= 1.0 || told.is_none_or(|at| at.elapsed() >= PROGRESS_PAUSE) {
                        trial.progress(done).await;
                        told = Some(Instant::now());
                    }
                    Vec::new()
                }
            },
        };
        tell_all(trial, ready, errors, last).await;
    }
    tell_all(trial, held.flush(), errors, last).await;
}

async fn tell_all(trial: &Trial, lines: Vec<String>, errors: bool, last: &mut String) {
    for line in lines {
        if errors {
            trial.warn(&line).await;
            *last = line;
        } else {
            trial.say(&line).await;
        }
    }
}

fn progress(line: &str) -> Option<f32> {
    let number = line.strip_prefix(PROGRESS_MARK)?.trim().parse::<f32>().ok()?;
    number.is_finite().then_some(number)
}

fn refusal(name: &str, status: ExitStatus, last: &str) -> String {
    let ending = program::ending(status);
    match last.trim() {
        "" => format!("“{name}” ended with {ending}."),
        line => format!("“{name}” ended with {ending}. Its last words: {line}"),
    }
}
