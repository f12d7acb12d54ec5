//! A server that does not answer: since when, why it may be, and how often it is asked. Silence is a state, not a failure:
//! the machine may be restarting, or this computer may be offline.

use std::time::Duration;

use crate::error::{Error, ErrorKind, Result, Retry, Unreached};
use crate::launch::steps::World;
use crate::launch::{Launch, Phase};
use crate::poll::{Pauses, Policy, pause};
use crate::retries::Side;
use crate::wait::WaitReason;

/// After this long without an answer the agent is asked less often.
const PATIENCE: Duration = Duration::from_secs(120);
/// Lines of the console that a long silence shows.
const CONSOLE_LINES: usize = 10;

/// Nothing answered, whatever the reason.
pub(crate) fn is_silence(error: &Error) -> bool {
    matches!(error.kind, ErrorKind::Unreachable | ErrorKind::CloudTrouble)
}

/// Notes since when nothing was heard, and says so when it lasts. Gives the pause before the next try.
pub(crate) async fn note_silence(
    launch: &mut Launch,
    world: &World,
    cause: &Error,
    pauses: &mut Pauses,
) -> Result<Duration> {
    let now = world.clock.now();
    if launch.facts.silent_since.is_none() {
        launch.facts.silent_since = Some(now);
        world.save(launch).await?;
        world.agent.forget_connections();
    }
    let since = launch.facts.silent_since.unwrap_or(now);
    let silent = Duration::from_millis(now.millis_since(since));
    let next = if silent > PATIENCE {
        Policy::SILENCE.first
    } else {
        pauses.step()
    };
    let error = silence(launch, silent, cause);
    world.retries.failed_for(WaitReason::AgentSilent, &error, next);
    let waits = launch.waiting.as_mut().filter(|waiting| waiting.needs_user);
    match waits {
        Some(waiting) if waiting.reason == WaitReason::AgentSilent => {
            waiting.retrying.tries = waiting.retrying.tries.saturating_add(1);
            waiting.retrying.next = Some(now.plus(next));
            world.save(launch).await?;
        }
        None if silent >= Phase::Installing.silence().unwrap_or(Duration::MAX) => {
            let mut error = Error {
                kind: ErrorKind::AgentSilent,
                ..error
            };
            error.causes.extend(last_words(launch, world).await);
            launch.wait_for_user(WaitReason::AgentSilent, error, since, Some(now.plus(next)));
            world.save(launch).await?;
        }
        Some(_) | None => {}
    }
    Ok(next)
}

/// The end of the console: what a silent server said last.
async fn last_words(launch: &Launch, world: &World) -> Vec<String> {
    let Some(instance) = &launch.facts.instance else {
        return Vec::new();
    };
    let text = world.cloud.console(instance).await.unwrap_or_default();
    let lines: Vec<&str> = text.lines().filter(|line| !line.trim().is_empty()).collect();
    let end = lines.len().saturating_sub(CONSOLE_LINES);
    lines[end..]
        .iter()
        .map(|line| format!("Console: {line}"))
        .collect()
}

fn silence(launch: &Launch, silent: Duration, cause: &Error) -> Error {
    let name = &launch.spec.name;
    let minutes = silent.as_secs() / 60;
    let (sentence, hint) = if launch.facts.identity.is_none() && silent < PATIENCE {
        (
            format!("The installer on “{name}” has not started yet."),
            "It starts shortly after Windows is ready. Slipway asks until it answers.",
        )
    } else if minutes < 2 {
        (
            format!("The installer on “{name}” does not answer at the moment."),
            "The server may be restarting; the install goes on meanwhile.",
        )
    } else {
        (
            format!("The installer on “{name}” has not answered for {minutes} minutes."),
            "It may still be at work. If this computer's address changed, let it in again; otherwise look at the server with Remote Desktop.",
        )
    };
    // As long as it may answer by itself it is no more than out of reach.
    Error::new(ErrorKind::Unreachable, sentence)
        .hint(hint)
        .because(cause)
        .unreached(Unreached::Server)
}

/// Waits before the next try; the instance is looked at in the meantime, because its address may have changed.
pub(crate) async fn wait(launch: &Launch, world: &World, next: Duration) {
    tokio::select! {
        () = pause(next) => {}
        () = world.woke.notified() => {}
    }
    let look = tokio::time::timeout(next.max(Duration::from_secs(1)), world.look(launch));
    match look.await {
        Ok(Ok(_)) => world.retries.answered(Side::Cloud),
        Ok(Err(error)) if error.kind.retry() == Retry::Later => world.retries.failed(&error, next),
        // Any other failure is told by the next question to the agent.
        Ok(Err(_)) | Err(_) => {}
    }
}
