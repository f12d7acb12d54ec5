//! The installer's loop: asks the schedule what to do, does it, journals it, tells it.

use std::collections::BTreeSet;
use std::io;
use std::sync::Arc;
use std::time::Duration;

use slipway_protocol::message::{Level, Outcome, StepResult};
use slipway_protocol::plan::{Plan, SecretOrigin};
use tokio::sync::mpsc;

use super::graph::Graph;
use super::journal::{Entry, Journal};
use super::orders::Incoming;
use super::reporter::Reporter;
use super::restart;
use super::running::{Ended, Running};
use super::schedule::{self, Decision, Progress, View};
use super::secrets::Secrets;
use super::steps::{Cure, Failure, Success, Trial};
use super::told::Told;
use super::values::{self, Values};
use crate::config::Config;
use crate::expiry::wish::Wish;
use crate::identity::Identity;

/// How often it is looked whether a running step has become late.
const LOOK_AGAIN: Duration = Duration::from_secs(2);

/// Everything that an install needs.
pub struct Installer {
    pub(super) config: Arc<Config>,
    pub(super) identity: Identity,
    pub(super) plan: Plan,
    pub(super) graph: Graph,
    pub(super) journal: Journal,
    pub(super) told: Told,
    pub(super) reporter: Reporter,
    pub(super) secrets: Secrets,
    /// Why nothing can be done in this attempt.
    pub(super) obstacle: Option<String>,
    pub(super) running: Running,
}

impl Installer {
    /// Works until the attempt has ended well and everything is delivered. An error is a disk that can't be
    /// written: the process ends, and the next one goes on where this one stood.
    pub async fn work(mut self, mut orders: mpsc::Receiver<Incoming>) -> io::Result<()> {
        self.begin().await?;
        let mut awaited = Vec::new();
        loop {
            self.tell_missing().await;
            self.tell_whether_failed();
            match self.decide() {
                Decision::Start(steps) => {
                    for at in steps {
                        self.start_step(at).await?;
                    }
                }
                Decision::Restart => self.restart().await?,
                Decision::Succeed => self.end(self.success())?,
                Decision::Fail { step, reason } => {
                    let reason = self.reporter.redactor().redact(&reason);
                    self.end(Outcome::Failed { step, reason })?;
                }
                Decision::Rest if self.has_succeeded() => {
                    self.reporter.delivered().await;
                    return Ok(());
                }
                Decision::AwaitSecrets(names) if names != awaited => {
                    self.tell_awaited(&names).await;
                    awaited = names;
                }
                Decision::Wait | Decision::Rest | Decision::AwaitSecrets(_) => self.wait(&mut orders).await?,
            }
        }
    }

    async fn begin(&mut self) -> io::Result<()> {
        if self.journal.state().attempt == 0 {
            self.journal.record(Entry::AttemptStarted { attempt: 1 })?;
        }
        if self
            .journal
            .state()
            .restart
            .as_ref()
            .is_some_and(restart::has_happened)
        {
            self.journal.record(Entry::Restarted)?;
            self.reporter.note("The machine has restarted.").await;
        }
        self.begin_attempt().await
    }

    pub(super) async fn begin_attempt(&mut self) -> io::Result<()> {
        self.reporter.set_attempt(self.journal.state().attempt);
        if self.journal.state().ended.is_none() {
            // A plan that is no graph stays one; what else stood in the way may be gone.
            self.obstacle = match Graph::new(&self.plan) {
                Ok(_) => self.prepare().await.err(),
                Err(reason) => Some(reason),
            };
        }
        Ok(())
    }

    fn decide(&self) -> Decision {
        let state = self.journal.state();
        if let Some(reason) = self.obstacle.clone().filter(|_| state.ended.is_none()) {
            return Decision::Fail { step: None, reason };
        }
        let missing = self.missing_secrets();
        let view = View {
            state,
            progress: Progress {
                done: BTreeSet::new(),
                running: self.running.steps(),
                overdue: self.running.overdue(&self.graph),
                locked: self.locked_steps(&missing),
            },
            missing: &missing,
        };
        schedule::decide(&self.graph, &view)
    }

    async fn wait(&mut self, orders: &mut mpsc::Receiver<Incoming>) -> io::Result<()> {
        tokio::select! {
            ended = self.running.next() => self.step_ended(ended).await,
            Some(order) = orders.recv() => self.take_order(order).await,
            () = tokio::time::sleep(LOOK_AGAIN), if self.running.is_any() => Ok(()),
        }
    }

    async fn start_step(&mut self, at: usize) -> io::Result<()> {
        let id = self.plan.steps[at].id.clone();
        if self.journal.state().steps.contains_key(&id) {
            let text = "The installer was interrupted in this step; trying it again.";
            self.reporter.step_line(&id, Level::Warn, text).await;
        }
        let try_number = self.journal.state().next_try(&id);
        self.start_try(at, try_number).await
    }

    async fn start_try(&mut self, at: usize, try_number: u32) -> io::Result<()> {
        let step = self.plan.steps[at].clone();
        let attempt = self.journal.state().attempt;
        self.journal.record(Entry::StepStarted {
            step: step.id.clone(),
            try_number,
        })?;
        self.tell_missing().await;
        let instance = &self.identity.instance;
        let trial = Trial {
            values: Values::new(&self.config, &self.plan, instance, attempt, self.secrets.clone()),
            config: self.config.clone(),
            attempt,
            reporter: self.reporter.clone(),
            practise_failure: attempt == 1 && self.plan.fail_at.as_ref() == Some(&step.id),
            step,
        };
        self.running.start(at, try_number, trial);
        Ok(())
    }

    async fn step_ended(&mut self, ended: Ended) -> io::Result<()> {
        let step = self.plan.steps[ended.at].id.clone();
        match ended.result {
            Ok(Success::NeedsRestart) => self.journal.record(Entry::RestartWanted { step: Some(step) }),
            Ok(Success::NeedsRestartFirst) => {
                let text =
                    "Nothing can be done before the machine has restarted; then this step is tried again.";
                self.reporter.step_line(&step, Level::Warn, text).await;
                self.journal.record(Entry::RestartWanted { step: None })
            }
            Ok(Success::Done) => self.end_step(step, StepResult::Done, String::new()),
            Ok(Success::AlreadyDone) => self.end_step(step, StepResult::AlreadyDone, String::new()),
            Err(failure) if self.may_try_again(ended.at, ended.try_number, &failure) => {
                let tries = self.plan.steps[ended.at].retries + 1;
                let text = format!("Try {} of {tries} failed: {}", ended.try_number, failure.reason);
                self.reporter.step_line(&step, Level::Warn, &text).await;
                self.start_try(ended.at, ended.try_number + 1).await
            }
            Err(failure) => {
                let reason = self.reporter.redactor().redact(&failure.reason);
                self.end_step(step, StepResult::Failed, reason)
            }
        }
    }

    fn may_try_again(&self, at: usize, try_number: u32, failure: &Failure) -> bool {
        let tries_left = try_number <= self.plan.steps[at].retries;
        tries_left && failure.cure != Cure::Nothing && self.journal.state().failed().is_none()
    }

    fn end_step(&mut self, step: String, result: StepResult, reason: String) -> io::Result<()> {
        self.journal.record(Entry::StepEnded { step, result, reason })
    }

    fn end(&mut self, outcome: Outcome) -> io::Result<()> {
        self.journal.record(Entry::Ended { outcome })
    }

    fn success(&self) -> Outcome {
        let mut site = self.plan.site.clone();
        if site.scheme == "http" && self.config.site_port != 80 {
            site.port = self.config.site_port;
        }
        Outcome::Succeeded {
            site,
            admin: self.plan.admin.clone(),
        }
    }

    fn has_succeeded(&self) -> bool {
        matches!(self.journal.state().ended, Some(Outcome::Succeeded { .. }))
    }

    /// A failed server may stop itself after a while. On a full disk it does not; the install itself goes on.
    fn tell_whether_failed(&self) {
        let state = self.journal.state();
        let failed = matches!(state.ended, Some(Outcome::Failed { .. })).then_some(state.attempt);
        let told = Wish::change(&self.config.wish_file(), |wish| wish.failed_attempt = failed);
        if let Err(error) = told {
            tracing::warn!(%error, "what stops this machine can't be told");
        }
    }

    async fn tell_missing(&mut self) {
        for draft in self.told.missing(self.journal.state()) {
            self.reporter.tell(draft).await;
        }
    }

    async fn tell_awaited(&self, names: &[String]) {
        let text = format!(
            "Everything is done but this has not come yet: {}.",
            names.join(", ")
        );
        self.reporter.line(Level::Info, &text).await;
    }

    fn missing_secrets(&self) -> Vec<String> {
        let sent = self
            .plan
            .secrets
            .iter()
            .filter(|secret| secret.origin == SecretOrigin::Sent);
        let names = sent.map(|secret| secret.name.clone());
        names.filter(|name| self.secrets.get(name).is_none()).collect()
    }

    fn locked_steps(&self, missing: &[String]) -> BTreeSet<usize> {
        let waits = |used: &BTreeSet<String>| missing.iter().any(|name| used.contains(name));
        let steps = self.plan.steps.iter().enumerate();
        steps
            .filter(|(_, step)| waits(&values::secrets_used(step)))
            .map(|(at, _)| at)
            .collect()
    }
}
