//! What is to go wrong: a list that tests fill and requests use up.

use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use serde::{Deserialize, Serialize};
use tokio::time::Instant;

use crate::answer::Refusal;

/// One thing that goes wrong.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Fault {
    /// Of which action, such as `RunInstances`; `*` for every one.
    pub action: String,
    /// What happens.
    pub effect: Effect,
    /// How often; until it is taken back where it is not given.
    #[serde(default)]
    pub times: Option<u32>,
    /// For how many seconds from now.
    #[serde(default)]
    pub seconds: Option<f64>,
    /// To how many of a hundred requests.
    #[serde(default = "all")]
    pub percent: u8,
}

/// What happens to a request.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Effect {
    /// It is refused, and nothing is done.
    Error {
        /// AWS's code.
        code: String,
        /// HTTP status.
        status: u16,
        /// AWS's words.
        message: String,
    },
    /// It is done, and the connection breaks before the answer.
    LostAnswer,
    /// The connection breaks before anything is done.
    LostRequest,
    /// It takes longer.
    Delay {
        /// By how much.
        millis: u64,
    },
}

fn all() -> u8 {
    100
}

impl Fault {
    /// A fault that happens once.
    pub fn once(action: &str, effect: Effect) -> Self {
        Fault {
            times: Some(1),
            ..Fault::always(action, effect)
        }
    }

    /// A fault that happens until it is taken back.
    pub fn always(action: &str, effect: Effect) -> Self {
        Fault {
            action: action.to_owned(),
            effect,
            times: None,
            seconds: None,
            percent: all(),
        }
    }
}

impl Effect {
    /// A refusal with a code of AWS.
    pub fn error(code: &str, status: u16) -> Self {
        Effect::Error {
            code: code.to_owned(),
            status,
            message: "A test asked for this.".to_owned(),
        }
    }

    /// The refusal, where it is one.
    pub fn refusal(&self) -> Option<Refusal> {
        match self {
            Effect::Error {
                code,
                status,
                message,
            } => Some(Refusal {
                code: code.clone(),
                message: message.clone(),
                status: *status,
            }),
            _ => None,
        }
    }

    /// A word for the list of requests.
    pub fn name(&self) -> String {
        match self {
            Effect::Error { code, .. } => code.clone(),
            Effect::LostAnswer => "lost answer".into(),
            Effect::LostRequest => "lost request".into(),
            Effect::Delay { millis } => format!("{millis} ms late"),
        }
    }
}

/// The list.
#[derive(Default)]
pub struct Faults(Mutex<Vec<(Fault, Instant)>>);

impl Faults {
    /// Adds one.
    pub fn add(&self, fault: Fault) {
        self.list(|faults| faults.push((fault, Instant::now())));
    }

    /// Takes all back.
    pub fn clear(&self) {
        self.list(Vec::clear);
    }

    /// What happens to a request for this action: delays up to the first fault that decides.
    pub fn strike(&self, action: &str) -> Vec<Effect> {
        self.list(|faults| {
            faults.retain(|(fault, since)| is_open(fault, since.elapsed()));
            let mut struck = Vec::new();
            for (fault, _) in faults {
                if !hits(fault, action) {
                    continue;
                }
                fault.times = fault.times.map(|left| left - 1);
                struck.push(fault.effect.clone());
                if !matches!(fault.effect, Effect::Delay { .. }) {
                    break;
                }
            }
            struck
        })
    }

    fn list<T>(&self, work: impl FnOnce(&mut Vec<(Fault, Instant)>) -> T) -> T {
        work(&mut self.0.lock().unwrap_or_else(PoisonError::into_inner))
    }
}

fn is_open(fault: &Fault, age: Duration) -> bool {
    fault.times != Some(0) && fault.seconds.is_none_or(|seconds| age.as_secs_f64() < seconds)
}

fn hits(fault: &Fault, action: &str) -> bool {
    (fault.action == "*" || fault.action == action) && fastrand::u8(0..100) < fault.percent
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_fault_strikes_its_action_as_often_as_it_says() {
        let faults = Faults::default();
        faults.add(Fault::once("RunInstances", Effect::LostAnswer));
        faults.add(Fault::always("*", Effect::Delay { millis: 1 }));
        assert_eq!(faults.strike("StopInstances"), [Effect::Delay { millis: 1 }]);
        assert_eq!(faults.strike("RunInstances"), [Effect::LostAnswer]);
        assert_eq!(faults.strike("RunInstances"), [Effect::Delay { millis: 1 }]);
        faults.clear();
        assert!(faults.strike("RunInstances").is_empty());
    }

    #[tokio::test(start_paused = true)]
    async fn a_fault_ends_with_its_time() {
        let faults = Faults::default();
        let storm = Effect::error("RequestLimitExceeded", 503);
        faults.add(Fault {
            seconds: Some(600.0),
            ..Fault::always("*", storm.clone())
        });
        assert_eq!(faults.strike("RunInstances"), [storm]);
        tokio::time::advance(Duration::from_secs(601)).await;
        assert!(faults.strike("RunInstances").is_empty());
    }
}
