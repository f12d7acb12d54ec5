//! The machine stops itself when its time is up: after the stop timer, or because an attempt has failed and nobody
//! came. The process that watches both parts looks at the clock, so that it happens with the app off and the parts
//! dead; the installer says beforehand what will happen, and tells what it knows ([`wish`]).
//!
//! Shutting Windows down *stops* an EC2 instance as long as `InstanceInitiatedShutdownBehavior` is `stop`, which is
//! the default of RunInstances. After such a stop somebody may start the instance again: the stop timer has then done
//! its work, and a failed server has its whole time once more.

pub mod clock;
pub mod notice;
mod power;
pub mod wish;

use std::io;
use std::time::{Duration, Instant};

use slipway_protocol::{Limits, Time};
use tokio_util::sync::CancellationToken;

use self::clock::{Clock, Due};
use self::wish::Wish;
use crate::config::Config;

const TICK: Duration = Duration::from_secs(1);
/// A restart takes this much from the clock at the worst.
const SAVE_EVERY: Duration = Duration::from_secs(20);
/// After a stop that could not be, or that did not happen.
const AGAIN: Duration = Duration::from_secs(60);
/// So long the machine may take to go down.
const GOING_DOWN: Duration = Duration::from_secs(600);

/// Watches the clock until `stopping`, or until the parts are `over` and the stop timer has nothing left to do.
/// `limits` are those of the brief; without them those apply that the clock was started with.
pub async fn watch(
    config: &Config,
    instance: &str,
    limits: Option<Limits>,
    over: &CancellationToken,
    stopping: &CancellationToken,
) {
    let mut clock = match Clock::open(&config.clock_file(), instance, limits) {
        Ok(clock) => clock,
        Err(error) => return tracing::error!(%error, "the clock that stops this machine can't be read"),
    };
    if clock.limits.is_empty() {
        return;
    }
    let work = async {
        keep(config, clock.save(&config.clock_file())).await;
        let mut unsaved = Duration::ZERO;
        while !(over.is_cancelled() && clock.is_over()) {
            let went = tick(config, &mut clock, &mut unsaved).await;
            keep(config, went).await;
        }
    };
    tokio::select! {
        () = work => {}
        () = stopping.cancelled() => {}
    }
    keep(config, clock.save(&config.clock_file())).await;
}

/// A disk that is full now may not be so in a moment.
async fn keep(config: &Config, result: io::Result<()>) {
    if let Err(error) = result {
        let path = config.clock_file();
        tracing::error!(%error, path = %path.display(), "the clock that stops this machine can't be kept");
        tokio::time::sleep(TICK).await;
    }
}

async fn tick(config: &Config, clock: &mut Clock, unsaved: &mut Duration) -> io::Result<()> {
    let since = Instant::now();
    tokio::time::sleep(TICK).await;
    let passed = since.elapsed();
    clock.pass(passed);
    *unsaved += passed;
    let is_news = clock.hear(&Wish::read(&config.wish_file())?);
    if let Some(due) = clock.due() {
        return stop(config, clock, due).await;
    }
    if is_news || *unsaved >= SAVE_EVERY {
        *unsaved = Duration::ZERO;
        clock.save(&config.clock_file())?;
    }
    Ok(())
}

/// Shuts the machine down, which ends this process; returns where that failed.
async fn stop(config: &Config, clock: &mut Clock, due: Due) -> io::Result<()> {
    tracing::info!(?due, "the machine stops itself");
    let before = clock.clone();
    clock.stop_calling();
    clock.save(&config.clock_file())?;
    match power::off(config).await {
        Ok(()) => {
            clock.stop_called();
            clock.save(&config.clock_file())?;
            tokio::time::sleep(GOING_DOWN).await;
            tracing::error!("the machine did not go down");
        }
        Err(reason) => tracing::error!(reason, "the machine can't be stopped"),
    }
    *clock = before;
    clock.save(&config.clock_file())?;
    tokio::time::sleep(AGAIN).await;
    clock.pass(AGAIN);
    Ok(())
}

/// What the clock on disk says, for those who only read it: how long until which stop.
pub fn ahead(config: &Config, instance: &str) -> Option<(Duration, Due)> {
    let clock = Clock::read(&config.clock_file()).ok()??;
    if clock.instance != instance {
        return None;
    }
    let (left, due) = clock.ahead()?;
    let since_saved = Duration::from_millis(Time::now().millis_since(clock.saved));
    Some((left.saturating_sub(since_saved), due))
}
