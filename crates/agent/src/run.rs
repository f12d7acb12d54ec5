//! Starts the status service and the installer as processes of their own, and starts again what dies.

use std::io;
use std::process::{ExitStatus, Stdio};
use std::time::{Duration, Instant};

use tokio::process::{Child, Command};
use tokio_util::sync::CancellationToken;

use crate::arrive::{ArriveError, arrive};
use crate::config::Config;
use crate::identity::IdentityError;
use crate::{expiry, firewall, scrub};

const FIRST_PAUSE: Duration = Duration::from_millis(200);
const LONGEST_PAUSE: Duration = Duration::from_secs(5);
/// A part that lived this long was well: its next death is a first one.
const WELL: Duration = Duration::from_secs(30);
/// How long a part may take to end by itself.
const LAST_WORDS: Duration = Duration::from_secs(5);

/// The hidden option with which a part stops when its standard input ends.
pub const STOP_WITH_STDIN: &str = "--stop-with-stdin";

/// Why there is nothing to watch any more.
#[derive(Debug, thiserror::Error)]
pub enum RunError {
    /// The parts can't begin.
    #[error(transparent)]
    Arrive(#[from] ArriveError),
    /// This program can't be started again, or the disk can't be cleaned.
    #[error("the agent's parts can't be watched: {0}")]
    System(#[from] io::Error),
}

/// Runs both parts until both have ended well, or until `stop`. After a scrub it has nothing to do on this instance,
/// whenever it is started; only on a new instance id it begins anew.
pub async fn run(config: &Config, stop: impl Future<Output = ()>) -> Result<(), RunError> {
    let stopping = CancellationToken::new();
    let work = work(config, &stopping);
    tokio::pin!(work);
    tokio::select! {
        ended = &mut work => return ended,
        () = stop => stopping.cancel(),
    }
    work.await
}

async fn work(config: &Config, stopping: &CancellationToken) -> Result<(), RunError> {
    let arrived = tokio::select! {
        arrived = arrive(config) => arrived,
        () = stopping.cancelled() => return Ok(()),
    };
    let over = CancellationToken::new();
    match arrived {
        Ok(arrival) => {
            let (instance, limits) = (arrival.identity.instance, arrival.brief.limits);
            let parts = async {
                let ended = both_parts(config, &instance, stopping).await;
                over.cancel();
                ended
            };
            let clock = async {
                expiry::watch(config, &instance, Some(limits), &over, stopping).await;
                Ok(())
            };
            tokio::try_join!(parts, clock)?;
            Ok(())
        }
        Err(ArriveError::Identity(IdentityError::Scrubbed(instance))) => {
            finish(config, &instance).await?;
            over.cancel();
            expiry::watch(config, &instance, None, &over, stopping).await;
            Ok(())
        }
        Err(trouble) => Err(trouble.into()),
    }
}

async fn both_parts(config: &Config, instance: &str, stopping: &CancellationToken) -> Result<(), RunError> {
    // Without the rule the app is told on the console what went wrong, so that the rest is worth trying.
    if let Err(error) = of_the_firewall(config, firewall::open).await {
        tracing::error!(%error, "the firewall may keep the app out");
    }
    let (serve, install) = (
        watch(config, "serve", stopping),
        watch(config, "install", stopping),
    );
    tokio::try_join!(serve, install)?;
    finish(config, instance).await
}

/// The scrub may have been cut short, or the installer may have written its last line after it.
async fn finish(config: &Config, instance: &str) -> Result<(), RunError> {
    if !scrub::is_scrubbed(config, instance)? {
        return Ok(());
    }
    if let Err(error) = of_the_firewall(config, firewall::close).await {
        tracing::error!(%error, "the firewall's rule can't be removed");
    }
    Ok(scrub::scrub(config, instance)?)
}

/// Its program blocks.
async fn of_the_firewall(config: &Config, act: fn(&Config) -> io::Result<()>) -> io::Result<()> {
    let config = config.clone();
    let acting = tokio::task::spawn_blocking(move || act(&config));
    acting.await.map_err(io::Error::other)?
}

/// Keeps one part alive until it ends well or all should stop.
async fn watch(config: &Config, part: &str, stopping: &CancellationToken) -> io::Result<()> {
    let mut pause = FIRST_PAUSE;
    loop {
        let started = Instant::now();
        match live(config, part, stopping).await? {
            Some(status) if !status.success() => tracing::warn!(part, %status, "a part has died"),
            _ => return Ok(()),
        }
        if started.elapsed() >= WELL {
            pause = FIRST_PAUSE;
        }
        tokio::select! {
            () = tokio::time::sleep(pause) => {}
            () = stopping.cancelled() => return Ok(()),
        }
        pause = (pause * 2).min(LONGEST_PAUSE);
    }
}

/// One life of a part; `None` when it was stopped.
async fn live(config: &Config, part: &str, stopping: &CancellationToken) -> io::Result<Option<ExitStatus>> {
    let mut child = start(config, part)?;
    // Held apart from the child, because waiting for it would close the pipe.
    let pipe = child.stdin.take();
    tokio::select! {
        status = child.wait() => return status.map(Some),
        () = stopping.cancelled() => drop(pipe),
    }
    if tokio::time::timeout(LAST_WORDS, child.wait()).await.is_err() {
        child.kill().await?;
    }
    Ok(None)
}

fn start(config: &Config, part: &str) -> io::Result<Child> {
    Command::new(std::env::current_exe()?)
        .arg(part)
        .arg(STOP_WITH_STDIN)
        .args(config.to_arguments())
        .stdin(Stdio::piped())
        .kill_on_drop(true)
        .spawn()
}
