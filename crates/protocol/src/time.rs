//! Points in time as both sides write them down.

use serde::{Deserialize, Serialize};

/// Milliseconds since the Unix epoch, UTC. It labels what happened; order comes from numbers, never from time,
/// because the clocks of the two machines may disagree.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Time(pub i64);

impl Time {
    /// The computer's own clock.
    pub fn now() -> Self {
        let since = std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH);
        Time(since.map_or(0, |elapsed| elapsed.as_millis() as i64))
    }

    /// Milliseconds from `earlier` to this point, or 0 where the clock went backwards.
    pub fn millis_since(self, earlier: Time) -> u64 {
        self.0.saturating_sub(earlier.0).max(0) as u64
    }

    /// This point plus a duration.
    pub fn plus(self, duration: std::time::Duration) -> Time {
        Time(self.0.saturating_add(duration.as_millis() as i64))
    }
}
