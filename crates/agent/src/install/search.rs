//! Looks for a schedule within a limit: branch and bound over the orders in which steps may hold a resource, as for
//! job shops (Carlier and Pinson, "An Algorithm for Solving the Job-Shop Problem", 1989). Plans are small, so that
//! it mostly finds the answer within a few dozen branches.

use super::graph::Graph;

/// More branches than this are given up.
const MOST_BRANCHES: u32 = 20_000;

/// What a search found.
#[derive(Debug, PartialEq, Eq)]
pub enum Found {
    /// For each resource its steps in the order in which they hold it.
    Orders(Vec<Vec<usize>>),
    /// No schedule keeps the limit.
    None,
    /// Nobody knows.
    GaveUp,
}

/// Looks for any schedule of at most `limit` seconds.
pub fn search(graph: &Graph, limit: u64) -> Found {
    let nodes = graph.nodes();
    let before = nodes.iter().map(|node| node.needs.clone()).collect();
    let seconds = nodes.iter().map(|node| node.seconds).collect();
    let classes = graph.classes();
    let mut branches = 0;
    Search {
        limit,
        seconds,
        classes,
    }
    .look(before, &mut branches)
}

struct Search {
    limit: u64,
    seconds: Vec<u64>,
    classes: Vec<Vec<usize>>,
}

/// For each step the earliest start and the shortest time from its end to the end of all.
struct Windows {
    heads: Vec<u64>,
    tails: Vec<u64>,
}

impl Search {
    fn look(&self, mut before: Vec<Vec<usize>>, branches: &mut u32) -> Found {
        *branches += 1;
        if *branches > MOST_BRANCHES {
            return Found::GaveUp;
        }
        let Some(windows) = self.narrow(&mut before) else {
            return Found::None;
        };
        let Some((first, second)) = self.tightest_pair(&windows, &before) else {
            return Found::Orders(self.orders(&windows));
        };
        let mut result = Found::None;
        for (early, late) in [(first, second), (second, first)] {
            let mut next = before.clone();
            next[late].push(early);
            match self.look(next, branches) {
                Found::None => {}
                Found::GaveUp => result = Found::GaveUp,
                orders => return orders,
            }
        }
        result
    }

    fn orders(&self, windows: &Windows) -> Vec<Vec<usize>> {
        let mut classes = self.classes.clone();
        for class in &mut classes {
            class.sort_by_key(|at| (windows.heads[*at], *at));
        }
        classes
    }

    /// Adds every order that the limit forces; `None` where the limit can't be kept.
    fn narrow(&self, before: &mut [Vec<usize>]) -> Option<Windows> {
        loop {
            let windows = self.windows(before)?;
            let mut changed = false;
            for class in &self.classes {
                if !self.fits(class, &windows) {
                    return None;
                }
                for (at, &one) in class.iter().enumerate() {
                    for &other in &class[at + 1..] {
                        changed |= self.force(one, other, &windows, before)?;
                    }
                }
            }
            if !changed {
                return Some(windows);
            }
        }
    }

    fn force(&self, one: usize, other: usize, windows: &Windows, before: &mut [Vec<usize>]) -> Option<bool> {
        if is_ordered(one, other, before) {
            return Some(false);
        }
        match (self.allows(one, other, windows), self.allows(other, one, windows)) {
            (true, true) => Some(false),
            (true, false) => {
                before[other].push(one);
                Some(true)
            }
            (false, true) => {
                before[one].push(other);
                Some(true)
            }
            (false, false) => None,
        }
    }

    fn slack(&self, first: usize, second: usize, windows: &Windows) -> i64 {
        let needed =
            windows.heads[first] + self.seconds[first] + self.seconds[second] + windows.tails[second];
        self.limit as i64 - needed as i64
    }

    fn allows(&self, first: usize, second: usize, windows: &Windows) -> bool {
        self.slack(first, second, windows) >= 0
    }

    /// Longest ways, relaxed until nothing changes; a circle runs over the limit and ends it.
    fn windows(&self, before: &[Vec<usize>]) -> Option<Windows> {
        let count = self.seconds.len();
        let (mut heads, mut tails) = (vec![0; count], vec![0; count]);
        loop {
            let mut changed = false;
            for at in 0..count {
                for &need in &before[at] {
                    let head = heads[need] + self.seconds[need];
                    let tail = tails[at] + self.seconds[at];
                    changed |= head > heads[at] || tail > tails[need];
                    heads[at] = heads[at].max(head);
                    tails[need] = tails[need].max(tail);
                }
                if heads[at] + self.seconds[at] + tails[at] > self.limit {
                    return None;
                }
            }
            if !changed {
                return Some(Windows { heads, tails });
            }
        }
    }

    /// For any part of a class: its earliest start, its work one after the other, its shortest way to the end.
    fn fits(&self, class: &[usize], windows: &Windows) -> bool {
        class.iter().all(|&first| {
            class.iter().all(|&last| {
                let (head, tail) = (windows.heads[first], windows.tails[last]);
                let part = class
                    .iter()
                    .filter(|at| windows.heads[**at] >= head && windows.tails[**at] >= tail);
                let work: u64 = part.map(|at| self.seconds[*at]).sum();
                work == 0 || head + work + tail <= self.limit
            })
        })
    }

    fn tightest_pair(&self, windows: &Windows, before: &[Vec<usize>]) -> Option<(usize, usize)> {
        let mut tightest = None;
        for class in &self.classes {
            for (at, &one) in class.iter().enumerate() {
                for &other in &class[at + 1..] {
                    if is_ordered(one, other, before) {
                        continue;
                    }
                    let (there, back) = (self.slack(one, other, windows), self.slack(other, one, windows));
                    let pair = if there >= back { (one, other) } else { (other, one) };
                    if tightest.is_none_or(|(slack, _)| there.min(back) < slack) {
                        tightest = Some((there.min(back), pair));
                    }
                }
            }
        }
        tightest.map(|(_, pair)| pair)
    }
}

fn is_ordered(one: usize, other: usize, before: &[Vec<usize>]) -> bool {
    before[one].contains(&other) || before[other].contains(&one)
}
