//! The graph of steps: cycles, and what is left of the needs when steps fall away.

use std::collections::{BTreeMap, BTreeSet};

use slipway_protocol::Step;

/// A step as a node of the graph.
#[derive(Debug, Clone, Copy)]
pub(super) struct Node<'s> {
    pub(super) id: &'s str,
    pub(super) needs: &'s [String],
}

impl<'s> Node<'s> {
    pub(super) fn of(step: &'s Step) -> Self {
        Node {
            id: &step.id,
            needs: &step.needs,
        }
    }
}

/// The nodes of one cycle, each followed by one that it needs; `None` where there is no cycle. It begins with the
/// node that stands first. Needs that no node fulfils are passed over.
pub(super) fn cycle(nodes: &[Node<'_>]) -> Option<Vec<usize>> {
    let places = places(nodes);
    let mut stuck: BTreeSet<usize> = (0..nodes.len()).collect();
    loop {
        let waits = |at: &usize| {
            let mut needs = nodes[*at]
                .needs
                .iter()
                .filter_map(|need| places.get(need.as_str()));
            needs.any(|need| stuck.contains(need))
        };
        let waiting: BTreeSet<usize> = stuck.iter().copied().filter(waits).collect();
        if waiting.len() == stuck.len() {
            break;
        }
        stuck = waiting;
    }
    let mut path = vec![*stuck.first()?];
    loop {
        let needs = nodes[*path.last()?].needs.iter();
        let next = needs
            .filter_map(|need| places.get(need.as_str()))
            .find(|need| stuck.contains(need))?;
        if let Some(begin) = path.iter().position(|at| at == next) {
            let mut found = path.split_off(begin);
            let first = found
                .iter()
                .enumerate()
                .min_by_key(|(_, at)| **at)
                .map_or(0, |(at, _)| at);
            found.rotate_left(first);
            return Some(found);
        }
        path.push(*next);
    }
}

/// What a step needs when only the `kept` steps remain: for each need that fell away, what that one needed.
pub(super) fn remaining_needs(node: Node<'_>, nodes: &[Node<'_>], kept: &BTreeSet<&str>) -> Vec<String> {
    let places = places(nodes);
    let mut left = Vec::new();
    let mut seen = BTreeSet::new();
    let mut open: Vec<&String> = node.needs.iter().rev().collect();
    while let Some(need) = open.pop() {
        if !seen.insert(need.as_str()) {
            continue;
        }
        if kept.contains(need.as_str()) {
            left.push(need.clone());
        } else if let Some(&at) = places.get(need.as_str()) {
            open.extend(nodes[at].needs.iter().rev());
        }
    }
    left
}

fn places<'n>(nodes: &[Node<'n>]) -> BTreeMap<&'n str, usize> {
    nodes.iter().enumerate().map(|(at, node)| (node.id, at)).collect()
}
