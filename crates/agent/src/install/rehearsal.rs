//! Plays a plan through in virtual time, with the decisions of the schedule itself.

use std::collections::{BTreeMap, BTreeSet};

use super::graph::Graph;
use super::schedule::{Progress, startable};

/// How long the plan takes, in seconds, when every step takes its usual time.
pub fn makespan(graph: &Graph) -> u64 {
    let nodes = graph.nodes();
    let (mut now, mut progress, mut ends) = (0, Progress::default(), BTreeMap::new());
    while progress.done.len() < nodes.len() {
        for at in startable(graph, &progress) {
            ends.insert(at, now + nodes[at].seconds);
        }
        now = ends.values().copied().min().unwrap_or(now);
        let ended: BTreeSet<usize> = ends
            .iter()
            .filter(|(_, end)| **end == now)
            .map(|(at, _)| *at)
            .collect();
        ends.retain(|_, end| *end > now);
        progress.done.extend(ended);
        progress.running = ends.keys().copied().collect();
    }
    now
}
