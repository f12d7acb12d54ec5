//! Restarts of the machine, and how the installer knows that one has happened.
//!
//! Nothing tells a process reliably whether the machine went down since it was started last: a container or a
//! practice machine keeps its host's boot id. So the journal tells it, in three entries: *wanted*, *calling* (the
//! program is about to be started) and *called* (it has been started). A start of the installer after *called* is
//! the restart. After *wanted* alone nothing has happened yet, and the program is started. Between *calling* and
//! *called* lie a few milliseconds in which a kill leaves it open whether the program ran: it is started once more,
//! because one restart too many does no harm and one too few does. A second kill in that gap means that the program
//! itself takes the machine down so fast that *called* can't be written: then the restart has happened.

use std::io;
use std::process::Stdio;
use std::time::Duration;

use slipway_protocol::message::{Kind, Level};
use tokio::process::{Child, Command};

use super::installer::Installer;
use super::journal::Entry;
use super::state::Restart;
use super::steps::program;
use crate::config::Config;
use crate::ec2launch;

/// Most restarts in a plan: more would be a circle.
const MOST: u32 = 5;
/// So long EC2Launch takes to say that it has finished.
const AT_ONCE: Duration = Duration::from_secs(2);
/// So long the last messages may take to get out.
const FAREWELL: Duration = Duration::from_secs(3);
/// So long the machine may take to go down.
const LONGEST: Duration = Duration::from_secs(600);

/// True where the start of this process shows that the restart has happened.
pub fn has_happened(restart: &Restart) -> bool {
    restart.called || restart.callings >= 2
}

impl Installer {
    /// Restarts the machine, which ends this process; returns only where that failed.
    pub(super) async fn restart(&mut self) -> io::Result<()> {
        if self.journal.state().restarts >= MOST {
            let reason = format!(
                "The machine has been restarted {} times in this install, and is not restarted again.",
                MOST
            );
            return self.journal.record(Entry::RestartFailed { reason });
        }
        if tokio::time::timeout(AT_ONCE, ec2launch::finished(&self.config))
            .await
            .is_err()
        {
            let text = "The machine restarts as soon as EC2Launch has finished.";
            self.reporter.line(Level::Info, text).await;
            ec2launch::finished(&self.config).await;
        }
        self.journal.record(Entry::RestartCalling)?;
        let step = self
            .journal
            .state()
            .restart
            .as_ref()
            .and_then(|restart| restart.steps.first().cloned());
        let mut draft = self
            .reporter
            .draft(Level::Info, "The machine restarts.", Kind::Restart);
        draft.step = step;
        self.reporter.tell(draft).await;
        // The app should hear of it before the connection breaks, but the restart does not depend on it.
        let _ = tokio::time::timeout(FAREWELL, self.reporter.delivered()).await;
        self.reporter.flush().await;
        let reason = match call(&self.config) {
            Ok(restarter) => {
                self.journal.record(Entry::RestartCalled)?;
                wait_for_the_end(restarter).await
            }
            Err(reason) => reason,
        };
        self.journal.record(Entry::RestartFailed { reason })
    }
}

/// Starts the program that restarts the machine.
fn call(config: &Config) -> Result<Child, String> {
    let mut command = program(config);
    command
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .stderr(Stdio::null());
    command
        .spawn()
        .map_err(|error| format!("The machine can't be restarted: {error}."))
}

/// Waits to be ended with the machine. Returns why it did not go down.
async fn wait_for_the_end(mut restarter: Child) -> String {
    let going_down = async {
        match restarter.wait().await {
            Ok(status) if status.success() => std::future::pending().await,
            Ok(status) => format!(
                "The machine can't be restarted: the program for it ended with {}.",
                program::ending(status)
            ),
            Err(error) => format!("The machine can't be restarted: {error}."),
        }
    };
    let late = || {
        format!(
            "The machine did not go down within {} minutes.",
            LONGEST.as_secs() / 60
        )
    };
    tokio::time::timeout(LONGEST, going_down)
        .await
        .unwrap_or_else(|_| late())
}

/// Three seconds let the last messages out.
fn program(config: &Config) -> Command {
    if let Some(program) = &config.restart_with {
        return Command::new(program);
    }
    let (program, arguments): (&str, &[&str]) = match cfg!(windows) {
        true => ("shutdown.exe", &["/r", "/t", "3"]),
        false => ("systemctl", &["reboot"]),
    };
    let mut command = Command::new(program);
    command.args(arguments);
    command
}
