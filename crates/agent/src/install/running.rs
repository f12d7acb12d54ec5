//! The tries that run in this process.

use std::collections::{BTreeMap, BTreeSet};
use std::time::Duration;

use tokio::task::{Id, JoinSet};
use tokio::time::Instant;

use super::graph::Graph;
use super::steps::{Failure, Success, Trial};

/// Pause before the second try; each further one is twice as long. What a network, a mirror or a service needs to come
/// back is rather a minute than a second.
const PAUSE: Duration = Duration::from_secs(3);
const LONGEST_PAUSE: Duration = Duration::from_secs(60);

/// The tries that run, by position of their step in the plan.
#[derive(Default)]
pub struct Running {
    tasks: JoinSet<Result<Success, Failure>>,
    tries: BTreeMap<Id, (usize, u32)>,
    steps: BTreeMap<usize, Instant>,
}

/// A try that has ended.
pub struct Ended {
    /// Position of its step in the plan.
    pub at: usize,
    /// From 1.
    pub try_number: u32,
    /// How it ended.
    pub result: Result<Success, Failure>,
}

impl Running {
    /// The steps that run, by position.
    pub fn steps(&self) -> BTreeSet<usize> {
        self.steps.keys().copied().collect()
    }

    /// True while any step runs.
    pub fn is_any(&self) -> bool {
        !self.steps.is_empty()
    }

    /// The steps that run longer than they usually do; where the plan does not say how long, at once.
    pub fn overdue(&self, graph: &Graph) -> BTreeSet<usize> {
        let late = |at: usize, since: &Instant| {
            let node = &graph.nodes()[at];
            !node.is_known || since.elapsed() > Duration::from_secs(node.seconds)
        };
        let steps = self.steps.iter();
        steps
            .filter(|(at, since)| late(**at, since))
            .map(|(at, _)| *at)
            .collect()
    }

    /// Starts a try; a later one waits a little first.
    pub fn start(&mut self, at: usize, try_number: u32, trial: Trial) {
        let pause = pause_before(try_number);
        let task = self.tasks.spawn(async move {
            tokio::time::sleep(pause).await;
            Box::pin(trial.perform()).await
        });
        self.tries.insert(task.id(), (at, try_number));
        self.steps.insert(at, Instant::now());
    }

    /// Waits for the next try to end; for ever, where none runs.
    pub async fn next(&mut self) -> Ended {
        loop {
            let (id, result) = match self.tasks.join_next_with_id().await {
                Some(Ok((id, result))) => (id, result),
                Some(Err(error)) => (
                    error.id(),
                    Err(format!("The agent itself failed here: {error}.").into()),
                ),
                None => std::future::pending().await,
            };
            if let Some((at, try_number)) = self.tries.remove(&id) {
                self.steps.remove(&at);
                return Ended {
                    at,
                    try_number,
                    result,
                };
            }
        }
    }
}

fn pause_before(try_number: u32) -> Duration {
    match try_number.checked_sub(2) {
        None => Duration::ZERO,
        Some(earlier) => PAUSE.saturating_mul(1 << earlier.min(16)).min(LONGEST_PAUSE),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_first_try_begins_at_once_and_later_ones_wait_ever_longer() {
        let pauses: Vec<u64> = (1..8).map(|number| pause_before(number).as_secs()).collect();
        assert_eq!(pauses, [0, 3, 6, 12, 24, 48, 60]);
        assert_eq!(pause_before(u32::MAX), LONGEST_PAUSE);
    }
}
