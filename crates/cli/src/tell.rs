//! Says what a command waits for: on standard error, or as a line of `--json`, once the wait has lasted some seconds.

use std::time::Duration;

use slipway_core::act_waits::{ActWait, ActWaits};
use slipway_core::engine::Engine;
use slipway_core::error::Error;
use slipway_core::event::Event;
use slipway_core::poll;
use slipway_core::view::{LaunchView, WaitingView};
use tokio::time::{Instant, MissedTickBehavior};

use crate::follow::now;
use crate::output::text::duration;
use crate::output::{Mode, Output, clean};

/// How often it is looked whether there is something to say.
const LOOK: Duration = Duration::from_millis(500);
/// A wait that is shorter is nothing to speak of.
const LASTS: Duration = Duration::from_secs(4);
/// What a user may have done before a command was typed is noticed within this time.
const NOTICED: Duration = Duration::from_secs(5);
/// How often a wait is said again that goes on unchanged.
const AGAIN_MILLIS: i64 = 60_000;

/// Runs a command and says what it waits for meanwhile.
pub async fn telling<T>(output: Output, waits: &ActWaits, act: impl Future<Output = T>) -> T {
    let mut act = std::pin::pin!(waits.of(act));
    let mut look = tokio::time::interval(LOOK);
    look.set_missed_tick_behavior(MissedTickBehavior::Delay);
    let mut told = Told::default();
    loop {
        tokio::select! {
            biased;
            ended = &mut act => return ended,
            _ = look.tick() => if let Some(wait) = told.news(waits.lasting(LASTS), now()) {
                say(output, &wait);
            },
        }
    }
}

fn say(output: Output, wait: &ActWait) {
    if output.mode == Mode::Json {
        // The pipe may be closed; the command itself finds that out.
        drop(output.json("waiting", wait));
        return;
    }
    let tries = match wait.tries {
        0 | 1 => String::new(),
        tries => format!(", {tries} tries"),
    };
    let lasts = duration(now() - wait.since);
    let text = format!("{} ({lasts}{tries}) {}", wait.what, wait.hint);
    output.note(format!("{} {}", output.style.warn("…"), clean::line(text.trim())));
}

/// What a launch waits for.
pub fn of_launch(launch: &LaunchView) -> Option<&WaitingView> {
    launch.waiting.as_deref()
}

/// What the making of an image of it waits for.
pub fn of_image(launch: &LaunchView) -> Option<&WaitingView> {
    launch.image_job.as_ref()?.waiting.as_deref()
}

/// A wait that somebody else has: whoever drives the launch.
struct Others {
    error: Error,
    /// When a program that nobody looks at gives up.
    until: Option<Instant>,
}

/// Goes along with work on a launch that its driver does, and says what that waits for. Where nobody is there to act, it
/// ends with the reason once that has lasted too long; the work goes on where Slipway is open.
pub async fn along<T>(
    engine: &Engine,
    output: Output,
    id: &str,
    of: fn(&LaunchView) -> Option<&WaitingView>,
    work: impl Future<Output = Result<T, Error>>,
) -> Result<T, Error> {
    let mut watch = engine.watch(id, None).await?;
    let mut work = std::pin::pin!(work);
    let mut wait: Option<Others> = None;
    loop {
        let until = wait.as_ref().and_then(|wait| wait.until);
        tokio::select! {
            biased;
            done = &mut work => return done,
            event = watch.next() => if let Event::Launch { launch } = event? {
                let has_instance = launch.server.instance.is_some();
                wait = of(&launch).map(|now| others(output, now, has_instance, wait.take()));
            },
            () = poll::at(until.filter(|_| output.mode != Mode::Live)) => if let Some(wait) = wait.take() {
                return Err(wait.error);
            },
        }
    }
}

/// The wait as it is now; said where it is another than before.
fn others(output: Output, now: &WaitingView, has_instance: bool, before: Option<Others>) -> Others {
    let same = before.filter(|before| before.error.kind == now.error.kind);
    if same.is_none() {
        let wait = ActWait {
            error: Some(now.error.clone()),
            since: now.since,
            tries: now.tries,
            ..ActWait::new(format!("{}: {}", now.words, now.error.sentence), &now.error.hint)
                .reason(now.reason.clone())
        };
        say(output, &wait);
    }
    let patience = if now.needs_user {
        Some(NOTICED)
    } else {
        now.reason.patience(has_instance)
    };
    Others {
        error: now.error.clone(),
        until: same.map_or_else(
            || patience.map(|patience| Instant::now() + patience),
            |same| same.until,
        ),
    }
}

/// What was said last, and when.
#[derive(Default)]
struct Told(Option<(String, i64)>);

impl Told {
    /// The wait, where it is another than before or goes on for long.
    fn news(&mut self, wait: Option<ActWait>, now: i64) -> Option<ActWait> {
        let wait = wait?;
        let known = self.0.as_ref();
        if known.is_some_and(|(what, at)| *what == wait.what && now - at < AGAIN_MILLIS) {
            return None;
        }
        self.0 = Some((wait.what.clone(), now));
        Some(wait)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_wait_is_said_once_and_again_after_a_minute() {
        let mut told = Told::default();
        let wait = |what: &str| Some(ActWait::new(what, "Wait."));
        assert!(told.news(None, 0).is_none());
        assert!(told.news(wait("a"), 0).is_some());
        assert!(told.news(wait("a"), AGAIN_MILLIS - 1).is_none());
        assert!(told.news(wait("a"), AGAIN_MILLIS).is_some());
        assert!(told.news(wait("b"), AGAIN_MILLIS + 1).is_some());
    }
}
