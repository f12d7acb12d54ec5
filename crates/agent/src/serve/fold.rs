//! How far each step is, folded from the messages one by one.

use slipway_protocol::message::StepResult;
use slipway_protocol::routes::{StepState, StepStatus, Steps};
use slipway_protocol::{Kind, Message, Outcome};

/// What the messages so far amount to.
#[derive(Debug, Default)]
pub struct Fold {
    attempt: u32,
    last: u64,
    steps: Vec<StepStatus>,
    end: Option<Outcome>,
    success: Option<u64>,
}

impl Fold {
    /// Takes the next message into account.
    pub fn apply(&mut self, message: &Message) {
        self.last = message.number;
        if message.attempt < self.attempt {
            return;
        }
        if message.attempt > self.attempt {
            self.begin(message.attempt);
        }
        match (&message.kind, &message.step) {
            (Kind::StepStarted, Some(step)) => self.start(step, message),
            (Kind::StepProgress { done }, Some(step)) => self.progress(step, *done),
            (Kind::StepFinished { result, .. }, Some(step)) => self.finish(step, *result, message),
            (Kind::End { outcome }, _) => self.end(outcome, message.number),
            _ => {}
        }
    }

    /// The current attempt, from 1.
    pub fn attempt(&self) -> u32 {
        self.attempt.max(1)
    }

    /// Number of the message that ended the work well.
    pub fn success(&self) -> Option<u64> {
        self.success
    }

    /// A snapshot for the app.
    pub fn steps(&self, stream: &str) -> Steps {
        Steps {
            stream: stream.to_owned(),
            attempt: self.attempt(),
            last: self.last,
            steps: self.steps.clone(),
            end: self.end.clone(),
        }
    }

    /// A new attempt goes on from the failed step: what is done stays done.
    fn begin(&mut self, attempt: u32) {
        self.attempt = attempt;
        self.end = None;
        self.steps.retain(|step| step.state == StepState::Done);
    }

    fn start(&mut self, step: &str, message: &Message) {
        let fresh = StepStatus {
            id: step.to_owned(),
            state: StepState::Running,
            progress: None,
            started: message.time,
            finished: None,
        };
        // A step that was interrupted by a restart starts again, and keeps its place.
        match self.find(step) {
            Some(known) => *known = fresh,
            None => self.steps.push(fresh),
        }
    }

    fn progress(&mut self, step: &str, done: f32) {
        if let Some(known) = self.find(step) {
            known.progress = Some(done.clamp(0.0, 1.0)).filter(|done| !done.is_nan());
        }
    }

    /// A step whose check said "done already" may never have started.
    fn finish(&mut self, step: &str, result: StepResult, message: &Message) {
        if self.find(step).is_none() {
            self.start(step, message);
        }
        if let Some(known) = self.find(step) {
            known.finished = Some(message.time);
            known.state = match result {
                StepResult::Done | StepResult::AlreadyDone => StepState::Done,
                StepResult::Failed => StepState::Failed,
                StepResult::Unknown => StepState::Unknown,
            };
        }
    }

    fn end(&mut self, outcome: &Outcome, number: u64) {
        self.end = Some(outcome.clone());
        if is_success(outcome) {
            self.success = Some(number);
        }
    }

    fn find(&mut self, step: &str) -> Option<&mut StepStatus> {
        self.steps.iter_mut().find(|known| known.id == step)
    }
}

/// True for the outcome after which nothing more may come.
pub fn is_success(outcome: &Outcome) -> bool {
    matches!(outcome, Outcome::Succeeded { .. })
}

#[cfg(test)]
#[path = "fold_tests.rs"]
mod tests;
