//! Counts wrong tokens by address, to slow guessing down without ever locking the right token out.

use std::collections::HashMap;
use std::net::IpAddr;
use std::time::{Duration, Instant};

const MINUTE: Duration = Duration::from_secs(60);
/// Addresses that are remembered; a crowd beyond that is forgotten rather than kept in memory.
const REMEMBERED: usize = 4096;

/// Wrong tokens of the current minute.
#[derive(Default)]
pub struct Failures {
    counts: HashMap<IpAddr, (Instant, u32)>,
}

impl Failures {
    /// Notes a failure. True when the address has had more than `allowed` in the minute that its first one began.
    pub fn note(&mut self, address: IpAddr, allowed: u32, now: Instant) -> bool {
        if self.counts.len() >= REMEMBERED {
            self.counts
                .retain(|_, (began, _)| now.duration_since(*began) < MINUTE);
        }
        if self.counts.len() >= REMEMBERED {
            self.counts.clear();
        }
        let (began, count) = self.counts.entry(address).or_insert((now, 0));
        if now.duration_since(*began) >= MINUTE {
            (*began, *count) = (now, 0);
        }
        *count = count.saturating_add(1);
        *count > allowed
    }
}

#[cfg(test)]
#[path = "failures_tests.rs"]
mod tests;
