//! Which facts of the journal have been told: a pure fold over the queue. The journal is written first and the
//! message after it, so what a crash in between left untold is found here and told at the next start.

use std::collections::BTreeSet;

use slipway_protocol::message::{Kind, Level, Message, StepResult};

use super::draft::Draft;
use super::state::{State, StepState};

/// Facts that are in the queue.
#[derive(Debug, Clone, Default)]
pub struct Told {
    started: BTreeSet<(u32, String)>,
    finished: BTreeSet<(u32, String)>,
    orders: BTreeSet<u32>,
    ended: BTreeSet<u32>,
    secrets: BTreeSet<String>,
}

impl Told {
    /// Takes a message into account.
    pub fn apply(&mut self, message: &Message) {
        self.note(message.attempt, message.step.as_deref(), &message.kind);
    }

    /// True where this secret has been sent to the app.
    pub fn has_secret(&self, name: &str) -> bool {
        self.secrets.contains(name)
    }

    /// This secret has been sent to the app.
    pub fn note_secret(&mut self, name: &str) {
        self.secrets.insert(name.to_owned());
    }

    /// The messages that the state calls for and that have not been told yet, in order. They count as told then.
    pub fn missing(&mut self, state: &State) -> Vec<Draft> {
        let mut drafts = Vec::new();
        for (id, step) in &state.steps {
            self.missing_of_step(id, step, &mut drafts);
        }
        for (&order, answer) in &state.orders {
            if !self.orders.contains(&order) {
                let kind = Kind::OrderDone {
                    order,
                    result: answer.result,
                };
                drafts.push(Draft::of(answer.attempt, Level::Info, &answer.text, kind));
            }
        }
        if let Some(outcome) = state
            .ended
            .clone()
            .filter(|_| !self.ended.contains(&state.attempt))
        {
            drafts.push(Draft::end(state.attempt, outcome));
        }
        for draft in &drafts {
            self.note(draft.attempt, draft.step.as_deref(), &draft.kind);
        }
        drafts
    }

    fn missing_of_step(&self, id: &str, step: &StepState, drafts: &mut Vec<Draft>) {
        let key = (step.attempt, id.to_owned());
        if !self.started.contains(&key) {
            drafts.push(Draft::of(step.attempt, Level::Info, "", Kind::StepStarted).in_step(id));
        }
        if let Some(end) = step.end.as_ref().filter(|_| !self.finished.contains(&key)) {
            let level = match end.result {
                StepResult::Failed => Level::Error,
                _ => Level::Info,
            };
            let kind = Kind::StepFinished {
                result: end.result,
                millis: end.millis,
            };
            drafts.push(Draft::of(step.attempt, level, &end.reason, kind).in_step(id));
        }
    }

    fn note(&mut self, attempt: u32, step: Option<&str>, kind: &Kind) {
        match (kind, step) {
            (Kind::StepStarted, Some(step)) => drop(self.started.insert((attempt, step.to_owned()))),
            (Kind::StepFinished { .. }, Some(step)) => drop(self.finished.insert((attempt, step.to_owned()))),
            (Kind::OrderDone { order, .. }, _) => drop(self.orders.insert(*order)),
            (Kind::End { .. }, _) => drop(self.ended.insert(attempt)),
            (Kind::Secret { name, .. }, _) => drop(self.secrets.insert(name.clone())),
            _ => {}
        }
    }
}
