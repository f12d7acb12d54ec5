//! One try of a step: what its action is, within its time.

mod check;
mod download;
mod held;
mod lines;
pub mod program;
mod run;
mod unzip;
mod wait_http;
mod write_file;

use std::sync::Arc;
use std::time::Duration;

use slipway_protocol::message::Level;
use slipway_protocol::plan::{Action, Step};
use tokio::time::Instant;

use super::reporter::Reporter;
use super::values::Values;
use crate::config::Config;

/// So long a step waits for a machine that is busy with another installation.
const BUSY_LONGEST: Duration = Duration::from_secs(10 * 60);
/// Before it asks again; the next waits are longer.
const BUSY_PAUSE: Duration = Duration::from_secs(2);
const BUSY_LONGEST_PAUSE: Duration = Duration::from_secs(30);

/// One try of a step, with all that it needs.
#[derive(Clone)]
pub struct Trial {
    /// Where the agent's files are.
    pub config: Arc<Config>,
    /// The step.
    pub step: Step,
    /// The attempt it belongs to.
    pub attempt: u32,
    /// What stands behind its placeholders.
    pub values: Values,
    /// Tells what it does.
    pub reporter: Reporter,
    /// It is to fail without doing its work, so that a failure can be practised.
    pub practise_failure: bool,
}

/// How a try ended well.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Success {
    /// The work is done.
    Done,
    /// There was nothing left to do.
    AlreadyDone,
    /// The work is done once the machine has restarted.
    NeedsRestart,
    /// Nothing could be done: the machine has to restart, then it is tried again.
    NeedsRestartFirst,
}

/// Why a try failed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Failure {
    /// A sentence for people.
    pub reason: String,
    /// What may help.
    pub cure: Cure,
}

/// What may help after a try that failed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Cure {
    /// Another try, as often as the recipe allows.
    AnotherTry,
    /// Waiting: the machine is busy with something else.
    Waiting,
    /// Nothing.
    Nothing,
}

impl From<String> for Failure {
    fn from(reason: String) -> Self {
        let cure = Cure::AnotherTry;
        Failure { reason, cure }
    }
}

impl Trial {
    /// Asks the check, then does the work. Dropping the future stops it.
    pub async fn perform(self) -> Result<Success, Failure> {
        if self.practise_failure {
            return Err(self.practise().await);
        }
        if let Some(check) = &self.step.check
            && self.within(check::is_done(&self, check)).await?
        {
            self.say("There is nothing left to do.").await;
            return Ok(Success::AlreadyDone);
        }
        let since = Instant::now();
        let mut pause = BUSY_PAUSE;
        loop {
            match Box::pin(self.within(self.act())).await {
                Err(busy) if busy.cure == Cure::Waiting && since.elapsed() < BUSY_LONGEST => {
                    let seconds = pause.as_secs();
                    self.warn(&format!("{} Trying again in {seconds} s.", busy.reason))
                        .await;
                }
                other => return other,
            }
            tokio::time::sleep(pause).await;
            pause = (pause * 2).min(BUSY_LONGEST_PAUSE);
        }
    }

    async fn act(&self) -> Result<Success, Failure> {
        match &self.step.action {
            Action::Run { .. } => run::run(self, &self.step.action).await,
            Action::Download { url, sha256, to } => download::download(self, url, sha256, to).await,
            Action::Unzip { from, to } => unzip::unzip(self, from, to).await,
            Action::WriteFile { to, content } => write_file::write_file(self, to, content).await,
            Action::WaitHttp {
                url,
                status,
                contains,
            } => wait_http::wait_http(self, url, *status, contains.as_deref()).await,
            Action::Restart {} => Ok(Success::NeedsRestart),
            Action::Unknown(fields) => Err(unknown(fields)),
        }
    }

    async fn within<T>(&self, work: impl Future<Output = Result<T, Failure>>) -> Result<T, Failure> {
        let seconds = self.step.timeout_seconds;
        match tokio::time::timeout(Duration::from_secs(u64::from(seconds)), work).await {
            Ok(result) => result,
            Err(_) => Err(format!("It was not done after {seconds} s and was stopped.").into()),
        }
    }

    async fn practise(&self) -> Failure {
        self.say("Practising a failure: this step was asked to fail in the first attempt.")
            .await;
        self.say("Practising a failure: nothing was done and nothing is broken.")
            .await;
        Failure {
            reason: "A failure was practised here, as the launch asked for. Retry goes on from this step."
                .to_owned(),
            cure: Cure::Nothing,
        }
    }

    /// Tells a line of this step.
    async fn say(&self, text: &str) {
        self.reporter.step_line(&self.step.id, Level::Info, text).await;
    }

    /// Tells a line of this step that is worth a look.
    async fn warn(&self, text: &str) {
        self.reporter.step_line(&self.step.id, Level::Warn, text).await;
    }

    /// Tells how far this step is.
    async fn progress(&self, done: f32) {
        self.reporter.progress(&self.step.id, done).await;
    }
}

fn unknown(fields: &serde_json::Map<String, serde_json::Value>) -> Failure {
    let kind = fields.get("kind").and_then(|kind| kind.as_str()).unwrap_or("?");
    Failure {
        reason: format!(
            "This agent ({}) does not know steps of the kind “{kind}”. A newer agent is needed.",
            env!("CARGO_PKG_VERSION")
        ),
        cure: Cure::Nothing,
    }
}
