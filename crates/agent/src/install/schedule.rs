//! Which steps start next, and whether the attempt is over: pure decisions over plan, state and what runs.

use std::collections::BTreeSet;

use super::graph::{Graph, Node};
use super::state::State;

/// What to do now.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Decision {
    /// Start these steps, by position in the plan.
    Start(Vec<usize>),
    /// Restart the machine; nothing runs.
    Restart,
    /// Wait until a step ends or an order comes.
    Wait,
    /// Every step is done, but these secrets have not come yet.
    AwaitSecrets(Vec<String>),
    /// The attempt ended well.
    Succeed,
    /// The attempt failed.
    Fail {
        /// The step that failed; none where the installer itself could not go on.
        step: Option<String>,
        /// Why, in a sentence.
        reason: String,
    },
    /// The attempt is over and told; only an order leads on.
    Rest,
}

/// What the decision depends on besides the plan.
pub struct View<'a> {
    /// What the journal says.
    pub state: &'a State,
    /// What runs in this process, and what can't.
    pub progress: Progress,
    /// The secrets that have not come, used by a step or not.
    pub missing: &'a [String],
}

/// Where the steps stand, by position in the plan.
#[derive(Debug, Clone, Default)]
pub struct Progress {
    /// Those that ended well; filled in from the journal.
    pub done: BTreeSet<usize>,
    /// Those that run in this process.
    pub running: BTreeSet<usize>,
    /// Those that run longer than they usually do.
    pub overdue: BTreeSet<usize>,
    /// Those that wait for a secret that has not come.
    pub locked: BTreeSet<usize>,
}

/// Decides what to do now. Deterministic: the same view gets the same decision.
pub fn decide(graph: &Graph, view: &View) -> Decision {
    let (state, idle) = (view.state, view.progress.running.is_empty());
    if state.ended.is_some() {
        return Decision::Rest;
    }
    if let Some(fail) = failure(state) {
        // What runs may end: its work is not lost to the next attempt.
        return if idle { fail } else { Decision::Wait };
    }
    if state.restart.is_some() {
        return if idle { Decision::Restart } else { Decision::Wait };
    }
    let done = done(graph, state);
    if done.len() == graph.nodes().len() {
        return match view.missing {
            [] => Decision::Succeed,
            missing => Decision::AwaitSecrets(missing.to_vec()),
        };
    }
    let progress = Progress {
        done,
        ..view.progress.clone()
    };
    match startable(graph, &progress) {
        steps if steps.is_empty() => Decision::Wait,
        steps => Decision::Start(steps),
    }
}

/// The steps to start now, most urgent first: those with the longest way to the end, each resource class once.
pub fn startable(graph: &Graph, progress: &Progress) -> Vec<usize> {
    let nodes = graph.nodes();
    let mut ready: Vec<usize> = (0..nodes.len())
        .filter(|at| progress.is_ready(graph, *at))
        .collect();
    if let Some(restart) = ready.iter().copied().find(|at| nodes[*at].restarts) {
        // Nothing new starts beside a restart that is due, or it might have to wait for ever.
        return if progress.running.is_empty() {
            vec![restart]
        } else {
            Vec::new()
        };
    }
    if progress.running.iter().any(|at| nodes[*at].restarts) {
        return Vec::new();
    }
    let late = progress.late(graph);
    ready.retain(|at| !progress.must_yield(graph, *at, &late));
    ready.sort_by_key(|at| (std::cmp::Reverse(nodes[*at].tail), *at));
    let running = progress.running.iter();
    let mut held: BTreeSet<&str> = running.filter_map(|at| resource(&nodes[*at])).collect();
    ready.retain(|at| resource(&nodes[*at]).is_none_or(|name| held.insert(name)));
    ready
}

impl Progress {
    fn is_ready(&self, graph: &Graph, at: usize) -> bool {
        let waits = self.done.contains(&at) || self.running.contains(&at) || self.locked.contains(&at);
        !waits
            && graph.nodes()[at]
                .needs
                .iter()
                .all(|need| self.done.contains(need))
    }

    /// True where the resource is better kept for another step that will be ready soon: its turn is worth waiting
    /// for as long as nothing that it waits for is late.
    fn must_yield(&self, graph: &Graph, at: usize, late: &BTreeSet<usize>) -> bool {
        let mut earlier = graph.turns_before(at).iter();
        earlier.any(|before| !self.done.contains(before) && !late.contains(before))
    }

    /// The steps that run late or wait for a secret, and all that wait for them.
    fn late(&self, graph: &Graph) -> BTreeSet<usize> {
        let mut late: BTreeSet<usize> = self.locked.union(&self.overdue).copied().collect();
        loop {
            let before = late.len();
            for (at, node) in graph.nodes().iter().enumerate() {
                if node.needs.iter().any(|need| late.contains(need)) {
                    late.insert(at);
                }
            }
            if late.len() == before {
                return late;
            }
        }
    }
}

fn failure(state: &State) -> Option<Decision> {
    let of_step = state.failed().map(|(step, reason)| Decision::Fail {
        step: Some(step.to_owned()),
        reason: reason.to_owned(),
    });
    let own = || {
        state
            .trouble
            .clone()
            .map(|reason| Decision::Fail { step: None, reason })
    };
    of_step.or_else(own)
}

fn done(graph: &Graph, state: &State) -> BTreeSet<usize> {
    let done = state.done();
    let nodes = graph.nodes().iter().enumerate();
    nodes
        .filter(|(_, node)| done.contains(node.id.as_str()))
        .map(|(at, _)| at)
        .collect()
}

fn resource(node: &Node) -> Option<&str> {
    node.resource.as_deref()
}
