//! How an install will probably go: an estimate for previews, from the usual durations alone.

use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};
use slipway_protocol::{Action, Step};
use ts_rs::TS;

use super::model::Recipe;
use super::plan::Start;

/// Taken for a step whose recipe does not say how long it takes, in seconds; the agent takes the same.
const UNSAID_SECONDS: u32 = 20;

/// When each step will probably run.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct Schedule {
    /// One bar a step, in the order of the recipe.
    pub bars: Vec<Bar>,
    /// When the last one ends, in seconds from the start.
    pub total_seconds: u32,
    /// Ids of the steps that decide how long it takes, in the order in which they run.
    pub critical_path: Vec<String>,
}

/// When one step will probably run.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct Bar {
    /// The step's id.
    pub step: String,
    /// The step's title.
    pub title: String,
    /// Seconds from the start.
    pub start: u32,
    /// Seconds from the start.
    pub end: u32,
    /// Whether it is on the critical path.
    pub critical: bool,
}

impl Recipe {
    /// Estimates when the steps will run.
    pub fn schedule(&self, start: Start) -> Schedule {
        Schedule::of(&self.plan_steps(start))
    }
}

impl Schedule {
    /// Estimates when steps will run, with no limit on how many at a time but their needs and resources.
    pub fn of(plan: &[Step]) -> Self {
        let times = Simulation::new(plan).run();
        let critical = critical_path(plan, &times);
        let bars = plan.iter().zip(&times).enumerate().map(|(at, (step, time))| Bar {
            step: step.id.clone(),
            title: step.title.clone(),
            start: time.start,
            end: time.end,
            critical: critical.contains(&at),
        });
        Schedule {
            bars: bars.collect(),
            total_seconds: times.iter().map(|time| time.end).max().unwrap_or(0),
            critical_path: critical.iter().map(|&at| plan[at].id.clone()).collect(),
        }
    }
}

#[derive(Debug, Clone, Copy, Default)]
struct Times {
    start: u32,
    end: u32,
    /// The step whose end it waited for.
    after: Option<usize>,
}

struct Simulation<'s> {
    steps: &'s [Step],
    /// Seconds from the start of a step to the end of all that hang on it: the longest first is the best rule of thumb.
    rank: Vec<u32>,
    times: Vec<Times>,
    waiting: BTreeSet<usize>,
    running: BTreeSet<usize>,
}

impl<'s> Simulation<'s> {
    fn new(steps: &'s [Step]) -> Self {
        Simulation {
            steps,
            rank: ranks(steps),
            times: vec![Times::default(); steps.len()],
            waiting: (0..steps.len()).collect(),
            running: BTreeSet::new(),
        }
    }

    fn run(mut self) -> Vec<Times> {
        let mut now = 0;
        let mut ended = None;
        loop {
            self.start_all(now, ended);
            let Some(next) = self.running.iter().copied().min_by_key(|&at| self.times[at].end) else {
                return self.times;
            };
            now = self.times[next].end;
            ended = Some(next);
            self.running.remove(&next);
        }
    }

    fn start_all(&mut self, now: u32, after: Option<usize>) {
        let mut ready: Vec<usize> = self
            .waiting
            .iter()
            .copied()
            .filter(|&at| self.is_ready(at))
            .collect();
        ready.sort_by_key(|&at| std::cmp::Reverse(self.rank[at]));
        // A restart that is due lets nothing new begin, else it might wait forever.
        if let Some(restart) = ready.iter().copied().find(|&at| is_restart(&self.steps[at])) {
            ready = vec![restart];
        }
        for at in ready {
            if self.is_free(at) {
                let end = now.saturating_add(seconds(&self.steps[at]));
                self.times[at] = Times {
                    start: now,
                    end,
                    after,
                };
                self.waiting.remove(&at);
                self.running.insert(at);
            }
        }
    }

    fn is_ready(&self, at: usize) -> bool {
        let open = |need: &String| {
            self.waiting
                .iter()
                .chain(&self.running)
                .any(|&other| self.steps[other].id == *need)
        };
        !self.steps[at].needs.iter().any(open)
    }

    fn is_free(&self, at: usize) -> bool {
        let resource = self.steps[at].resource.as_ref();
        let blocked = |&other: &usize| {
            is_restart(&self.steps[other])
                || (resource.is_some() && self.steps[other].resource.as_ref() == resource)
        };
        if is_restart(&self.steps[at]) {
            self.running.is_empty()
        } else {
            !self.running.iter().any(blocked)
        }
    }
}

fn is_restart(step: &Step) -> bool {
    matches!(step.action, Action::Restart {})
}

fn seconds(step: &Step) -> u32 {
    step.usual_seconds.unwrap_or(UNSAID_SECONDS)
}

fn ranks(steps: &[Step]) -> Vec<u32> {
    let mut rank: Vec<u32> = steps.iter().map(seconds).collect();
    // Without cycles no chain is longer than there are steps.
    for _ in 0..steps.len() {
        let before = rank.clone();
        for (at, step) in steps.iter().enumerate() {
            let dependants = steps
                .iter()
                .zip(&before)
                .filter(|(other, _)| other.needs.contains(&step.id));
            let longest = dependants.map(|(_, rank)| *rank).max().unwrap_or(0);
            rank[at] = seconds(step).saturating_add(longest);
        }
        if rank == before {
            break;
        }
    }
    rank
}

/// From the step that ends last back to the beginning.
fn critical_path(steps: &[Step], times: &[Times]) -> Vec<usize> {
    let mut path = Vec::new();
    let mut next = (0..steps.len()).max_by_key(|&at| (times[at].end, std::cmp::Reverse(at)));
    while let Some(at) = next {
        path.push(at);
        next = times[at].after;
    }
    path.reverse();
    path
}

#[cfg(test)]
#[path = "schedule_tests.rs"]
mod tests;
