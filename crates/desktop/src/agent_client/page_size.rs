//! How many messages are asked for at once. On a line that breaks off in the middle of answers they get smaller, down to
//! one message, so that following gets somewhere on any line that carries anything.

use std::collections::HashMap;
use std::sync::{Mutex, MutexGuard, PoisonError};

use slipway_core::ports::AgentAddress;
use slipway_protocol::routes::MAX_MESSAGES;

/// The sizes that are not the usual one, by host and port.
#[derive(Debug, Default)]
pub(super) struct PageSizes {
    smaller: Mutex<HashMap<(String, u16), usize>>,
}

impl PageSizes {
    /// What to ask for next.
    pub(super) fn of(&self, at: &AgentAddress) -> usize {
        self.lock().get(&whom(at)).copied().unwrap_or(MAX_MESSAGES)
    }

    /// An answer has begun: half as much next time where it broke off, twice as much where it came whole.
    pub(super) fn note(&self, at: &AgentAddress, came_whole: bool) {
        let mut smaller = self.lock();
        let size = smaller.remove(&whom(at)).unwrap_or(MAX_MESSAGES);
        let next = if came_whole { size * 2 } else { (size / 2).max(1) };
        if next < MAX_MESSAGES {
            smaller.insert(whom(at), next);
        }
    }

    fn lock(&self) -> MutexGuard<'_, HashMap<(String, u16), usize>> {
        // Whatever a panic left in it is a size.
        self.smaller.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

fn whom(at: &AgentAddress) -> (String, u16) {
    (at.host.clone(), at.port)
}

#[cfg(test)]
mod tests {
    use slipway_core::secret::Secret;

    use super::*;

    #[test]
    fn pages_shrink_while_answers_break_off_and_grow_back() {
        let at = |port| AgentAddress {
            host: "127.0.0.1".to_owned(),
            port,
            token: Secret::new(String::new()),
            pin: None,
        };
        let sizes = PageSizes::default();
        let after = |whole: bool| {
            sizes.note(&at(1), whole);
            sizes.of(&at(1))
        };
        assert_eq!([after(true), after(false), after(false)], [500, 250, 125]);
        (0..20).for_each(|_| sizes.note(&at(1), false));
        assert_eq!(sizes.of(&at(1)), 1, "one message is asked for in any case");
        assert_eq!(sizes.of(&at(2)), 500, "another server has nothing to do with it");
        (0..9).for_each(|_| sizes.note(&at(1), true));
        assert_eq!(sizes.of(&at(1)), 500);
    }
}
