//! The installer: works through the plan, journals what it does, and queues what happens for the status service.
//!
//! ```text
//!   plan ─ graph ─┐                       ┌─ steps/* ── reporter ── outbox ── deliver ── status service
//!   journal ─ state ─ schedule ── installer               │           │
//!   tags ── orders ───────────────────────┘              log        queue
//! ```
//!
//! INVARIANT: a fact is in the journal before anything depends on it, and its message is made from the journal
//! ([`told`]), so that a kill at any moment neither loses nor doubles it.

pub mod append;
pub mod backoff;
pub mod ballast;
mod carry_out;
pub mod deliver;
pub mod draft;
pub mod graph;
mod hash;
mod inbox;
mod installer;
pub mod journal;
mod leftovers;
mod log;
mod notices;
mod orders;
pub mod outbox;
mod password;
mod prepare;
pub mod queue;
mod redact;
pub mod rehearsal;
mod reporter;
mod restart;
mod running;
pub mod schedule;
pub mod search;
mod secrets;
mod spellings;
pub mod state;
mod steps;
pub mod told;
mod turns;
mod values;
pub mod window;

use std::fs::{File, TryLockError};
use std::io;
use std::sync::Arc;
use std::time::Duration;

use slipway_protocol::Brief;
use tokio::sync::mpsc;

use self::ballast::{BALLAST_BYTES, Ballast};
use self::graph::Graph;
use self::inbox::ToInbox;
use self::installer::Installer;
use self::journal::Journal;
use self::log::Log;
use self::outbox::Outgoing;
use self::queue::Queue;
use self::redact::Redactor;
use self::reporter::Reporter;
use self::running::Running;
use self::secrets::Secrets;
use crate::config::Config;
use crate::console::Console;
use crate::identity::Identity;
use crate::imds::Imds;
use crate::private;

const LOCK_PAUSE: Duration = Duration::from_millis(50);

/// Why the installer could not go on. Starting it again goes on where it stood.
#[derive(Debug, thiserror::Error)]
pub enum InstallError {
    /// The data folder can't be read or written.
    #[error("the installer can't use its files in the data folder: {0}")]
    File(#[from] io::Error),
    /// No client for the status service could be made.
    #[error("no HTTP client could be made: {0}")]
    Client(#[from] reqwest::Error),
}

/// Works through the brief's plan. Returns once the install has ended well and the status service has every
/// message; after a failure it stays and waits for orders.
pub async fn run(config: Config, imds: Imds, brief: Brief, identity: Identity) -> Result<(), InstallError> {
    let _alone = alone(&config).await?;
    let ballast = Ballast::reserve(config.data_dir.join("ballast"), BALLAST_BYTES);
    let opened = Queue::open(&config.queue_file(), ballast.clone())?;
    let log = Log::open(&config.log_file())?;
    let (intake, outgoing) = outbox::start(opened.queue, opened.confirmed, &config.queue_file(), log)?;
    deliver_to(&config, outgoing, intake.clone())?;

    let redactor = Redactor::default();
    let secrets = Secrets::open(&config.secrets_file(), redactor.clone())?;
    let console = Console::start(&config, &identity.launch);
    let reporter = Reporter::new(intake, console, redactor);
    let journal = Journal::open(&config.journal_file(), ballast.clone())?;
    greet(&config, &reporter, &journal).await;

    let (sender, orders) = mpsc::channel(16);
    tokio::spawn(orders::watch(Arc::new(imds), identity.clone(), sender));
    let config = Arc::new(config);
    tokio::spawn(notices::tell(
        config.clone(),
        identity.instance.clone(),
        reporter.clone(),
    ));
    let installer = Installer {
        config,
        identity,
        // What is wrong with a plan is said when its attempt begins.
        graph: Graph::new(&brief.plan).unwrap_or_default(),
        plan: brief.plan,
        journal,
        told: opened.told,
        reporter,
        secrets,
        obstacle: None,
        running: Running::default(),
    };
    Box::pin(installer.work(orders)).await?;
    ballast.give_back();
    Ok(())
}

/// Waits until no other installer works in this data folder: one that was asked to stop may still be at it. The
/// system gives the lock back however a process ends.
async fn alone(config: &Config) -> io::Result<File> {
    let lock = private::open(&config.data_dir.join("install.lock"))?;
    while let Err(TryLockError::WouldBlock) = lock.try_lock() {
        tokio::time::sleep(LOCK_PAUSE).await;
    }
    Ok(lock)
}

fn deliver_to(config: &Config, outgoing: Outgoing, intake: outbox::Intake) -> Result<(), InstallError> {
    let transport = ToInbox::new(config.inbox_file())?;
    let trouble =
        move |error: &str| intake.note_now(&format!("The status service can't be reached: {error}."));
    tokio::spawn(deliver::deliver(outgoing, transport, trouble));
    Ok(())
}

async fn greet(config: &Config, reporter: &Reporter, journal: &Journal) {
    let version = env!("CARGO_PKG_VERSION");
    reporter.note(&format!("The installer {version} starts.")).await;
    let done = journal.state().done();
    let stopped = leftovers::stop(&config.work_dir(), |step| done.contains(step));
    if stopped > 0 {
        reporter
            .note(&format!(
                "Stopped {stopped} programs that an earlier installer had left."
            ))
            .await;
    }
}
