//! In which order steps should hold a contended resource.
//!
//! "The longest way to the end first" is the best single rule, but it never leaves a resource idle for an urgent step
//! that comes a moment later. So the orders are searched for once, before the plan starts.

use super::graph::Graph;
use super::rehearsal::makespan;
use super::search::{Found, search};

/// The search ends this close to the best, in hundredths.
const CLOSE_ENOUGH: u64 = 1;

/// For each step the steps that should hold its resource before it. Empty where the simple rule does as well.
pub fn turns(graph: &Graph) -> Vec<Vec<usize>> {
    let mut best = vec![Vec::new(); graph.nodes().len()];
    let (mut low, mut high) = (graph.critical_path(), makespan(graph));
    while low * (100 + CLOSE_ENOUGH) < high * 100 {
        let middle = low.midpoint(high);
        match search(graph, middle) {
            Found::Orders(orders) => {
                best = earlier(&orders, graph.nodes().len());
                high = middle;
            }
            Found::None | Found::GaveUp => low = middle + 1,
        }
    }
    best
}

fn earlier(orders: &[Vec<usize>], count: usize) -> Vec<Vec<usize>> {
    let mut earlier = vec![Vec::new(); count];
    for order in orders {
        for (at, step) in order.iter().enumerate() {
            earlier[*step] = order[..at].to_vec();
        }
    }
    earlier
}
