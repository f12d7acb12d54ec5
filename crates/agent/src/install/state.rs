//! Where an install stands: a pure fold over the journal.

use std::collections::{BTreeMap, BTreeSet};

use slipway_protocol::message::{Outcome, StepResult};
use slipway_protocol::order::OrderResult;
use slipway_protocol::time::Time;

use super::journal::{Begin, Entry, Record};

/// Where an install stands.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct State {
    /// The current attempt, from 1; 0 before the first.
    pub attempt: u32,
    /// The steps that have started, by id.
    pub steps: BTreeMap<String, StepState>,
    /// A restart that is under way.
    pub restart: Option<Restart>,
    /// How often the machine has been asked to restart.
    pub restarts: u32,
    /// The orders that were carried out or refused, by number.
    pub orders: BTreeMap<u32, OrderState>,
    /// Why the installer itself can't go on in this attempt.
    pub trouble: Option<String>,
    /// How the current attempt ended, once it has.
    pub ended: Option<Outcome>,
}

/// Where a step stands.
#[derive(Debug, Clone, PartialEq)]
pub struct StepState {
    /// The attempt it was last tried in.
    pub attempt: u32,
    /// The last try that began, from 1.
    pub try_number: u32,
    /// When its first try of that attempt began.
    pub started: Time,
    /// How it ended, once it has.
    pub end: Option<StepEnd>,
}

/// How a step ended.
#[derive(Debug, Clone, PartialEq)]
pub struct StepEnd {
    /// How.
    pub result: StepResult,
    /// Why it failed, or empty.
    pub reason: String,
    /// All tries together, in milliseconds.
    pub millis: u64,
}

/// A restart that is under way.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Restart {
    /// The steps that are done once the machine has restarted, those that asked first in front.
    pub steps: Vec<String>,
    /// How often the program was about to be started.
    pub callings: u32,
    /// True once the program has been started.
    pub called: bool,
}

/// What became of an order.
#[derive(Debug, Clone, PartialEq)]
pub struct OrderState {
    /// The attempt in which the answer belongs.
    pub attempt: u32,
    /// How it went.
    pub result: OrderResult,
    /// Why it was refused, or what was done.
    pub text: String,
}

impl State {
    /// The next state.
    pub fn apply(&mut self, record: &Record) {
        match &record.entry {
            Entry::AttemptStarted { attempt } => self.begin(*attempt),
            Entry::StepStarted { step, try_number } => self.start_step(step, *try_number, record.time),
            Entry::StepEnded { step, result, reason } => self.end_step(step, *result, reason, record.time),
            Entry::RestartWanted { step } => self.want_restart(step.clone()),
            Entry::RestartCalling => {
                self.restarts += 1;
                self.with_restart(|restart| restart.callings += 1);
            }
            Entry::RestartCalled => self.with_restart(|restart| restart.called = true),
            Entry::Restarted => {
                for step in self.end_restart() {
                    self.end_step(&step, StepResult::Done, "", record.time);
                }
            }
            Entry::RestartFailed { reason } => {
                let steps = self.end_restart();
                if steps.is_empty() {
                    self.trouble = Some(reason.clone());
                }
                for step in steps {
                    self.end_step(&step, StepResult::Failed, reason, record.time);
                }
            }
            Entry::OrderEnded {
                order,
                result,
                text,
                begins,
            } => self.end_order(*order, *result, text, *begins),
            Entry::Ended { outcome } => self.ended = Some(outcome.clone()),
        }
    }

    /// The steps that ended well, in this attempt or before.
    pub fn done(&self) -> BTreeSet<&str> {
        let done = self.steps.iter().filter(|(_, step)| step.is_done());
        done.map(|(id, _)| id.as_str()).collect()
    }

    /// The first step that failed in this attempt, and why.
    pub fn failed(&self) -> Option<(&str, &str)> {
        let ended = self
            .steps
            .iter()
            .filter_map(|(id, step)| Some((id, step.started, step.end.as_ref()?)));
        ended
            .filter(|(_, _, end)| end.result == StepResult::Failed)
            .min_by_key(|(_, started, end)| started.0.saturating_add(end.millis as i64))
            .map(|(id, _, end)| (id.as_str(), end.reason.as_str()))
    }

    /// The highest number among the orders that were carried out or refused; 0 when there is none.
    pub fn last_order(&self) -> u32 {
        self.orders.keys().next_back().copied().unwrap_or(0)
    }

    /// The try that begins next: an interrupted one is begun again and does not count as failed.
    pub fn next_try(&self, step: &str) -> u32 {
        self.steps.get(step).map_or(1, |step| step.try_number.max(1))
    }

    fn begin(&mut self, attempt: u32) {
        self.attempt = attempt;
        self.ended = None;
        self.trouble = None;
        let waiting = self
            .restart
            .as_ref()
            .map_or_else(Vec::new, |restart| restart.steps.clone());
        self.steps
            .retain(|id, step| step.is_done() || waiting.contains(id));
        for id in waiting {
            if let Some(step) = self.steps.get_mut(&id) {
                step.attempt = attempt;
            }
        }
    }

    fn start_step(&mut self, step: &str, try_number: u32, time: Time) {
        let attempt = self.attempt;
        let entry = self.steps.entry(step.to_owned()).or_insert(StepState {
            attempt,
            try_number,
            started: time,
            end: None,
        });
        entry.try_number = try_number;
    }

    fn end_step(&mut self, step: &str, result: StepResult, reason: &str, time: Time) {
        if let Some(step) = self.steps.get_mut(step) {
            step.end = Some(StepEnd {
                result,
                reason: reason.to_owned(),
                millis: time.millis_since(step.started),
            });
        }
    }

    fn want_restart(&mut self, step: Option<String>) {
        // One restart serves all steps that wait for it and an order alike.
        let mut steps = self.end_restart();
        steps.extend(step);
        self.restart = Some(Restart {
            steps,
            callings: 0,
            called: false,
        });
    }

    /// The steps that have waited for it.
    fn end_restart(&mut self) -> Vec<String> {
        self.restart.take().map_or_else(Vec::new, |restart| restart.steps)
    }

    fn with_restart(&mut self, change: impl FnOnce(&mut Restart)) {
        if let Some(restart) = &mut self.restart {
            change(restart);
        }
    }

    fn end_order(&mut self, order: u32, result: OrderResult, text: &str, begins: Option<Begin>) {
        if let Some(begin) = begins {
            self.begin(begin.attempt);
            if begin.restart {
                self.want_restart(None);
            }
        }
        let answer = OrderState {
            attempt: self.attempt.max(1),
            result,
            text: text.to_owned(),
        };
        self.orders.insert(order, answer);
    }
}

impl StepState {
    /// True for a step that ended well.
    pub fn is_done(&self) -> bool {
        self.end
            .as_ref()
            .is_some_and(|end| matches!(end.result, StepResult::Done | StepResult::AlreadyDone))
    }
}
