//! Whose password is asked for when. EC2 tells passwords only one by one, and has none before Windows made it. Servers of
//! one kind make it at about the same age: as long as that is not known a few are asked about for all, then each as it
//! comes to that age.

use std::collections::HashMap;
use std::time::Duration;

use tokio::sync::watch;
use tokio::time::Instant;

use crate::poll::{self, Turns};

/// Parts of the pause between two looks at what is pending. On EC2, which lets an account ask a hundred times at once and
/// then twenty times a second, for each kind of question (“Request throttling for the Amazon EC2 API”), that is three
/// quarters of both…
const AT_ONCE: u32 = 75;
const DUE: u32 = 150;
/// …and two a second as long as nobody knows when.
const EARLY: u32 = 20;

/// Servers that take about the same time: from one family of images, of one size.
pub(crate) type Kind = (String, String);

/// One that waits for its password.
#[derive(Debug, Clone)]
pub(crate) struct Waiter {
    /// What it is.
    pub kind: Kind,
    /// When it was launched.
    pub launched: Instant,
    /// When it was asked about last.
    pub asked: Option<Instant>,
    /// When it would be asked about next, if nothing were known of others.
    pub due: Instant,
}

/// The turns of all who wait in one profile and region.
pub(crate) struct PasswordTurns {
    due: Turns,
    early: Turns,
    /// The least age at which one of a kind had its password.
    ages: watch::Sender<HashMap<Kind, Duration>>,
}

impl PasswordTurns {
    /// Nothing is known yet.
    pub fn new() -> Self {
        PasswordTurns {
            due: Turns::new(AT_ONCE),
            early: Turns::new(1),
            ages: watch::Sender::default(),
        }
    }

    /// One had its password at this age.
    pub fn known(&self, kind: Kind, age: Duration) {
        self.ages.send_if_modified(|ages| {
            let least = ages.entry(kind).or_insert(Duration::MAX);
            let less = age < *least;
            *least = age.min(*least);
            less
        });
    }

    /// Takes a turn for whoever does not come in time to stand in line.
    pub fn take(&self, pending: Duration) -> bool {
        self.due.take(Instant::now(), pending / DUE)
    }

    /// Waits until this one may be asked about.
    pub async fn turn(&self, waiting: &Waiter, pending: Duration) {
        let mut ages = self.ages.subscribe();
        loop {
            let known = ages.borrow_and_update().get(&waiting.kind).copied();
            tokio::select! {
                () = self.due_turn(waiting.due_at(known), pending) => return,
                () = self.early_turn(waiting.early_at(known), pending) => return,
                Ok(()) = ages.changed() => {}
            }
        }
    }

    async fn due_turn(&self, at: Option<Instant>, pending: Duration) {
        poll::at(at).await;
        self.due.stand_in_line(pending / DUE).await;
    }

    async fn early_turn(&self, at: Option<Instant>, pending: Duration) {
        poll::at(at).await;
        self.early.stand_in_line(pending / EARLY).await;
    }
}

impl Waiter {
    /// From when on its password is likely to be there; at once when it comes to that age, however lately it was asked
    /// about. `None` while the age is not known.
    fn due_at(&self, known: Option<Duration>) -> Option<Instant> {
        let likely = self.launched + known?;
        match self.asked {
            Some(asked) if asked >= likely => Some(self.due),
            _ => Some(likely),
        }
    }

    /// From when on it may be asked about for all of its kind: the known age may be too high, so also where there is one.
    /// `None` once it is past that age.
    fn early_at(&self, known: Option<Duration>) -> Option<Instant> {
        let likely = known.map(|age| self.launched + age);
        likely.is_none_or(|likely| self.due < likely).then_some(self.due)
    }
}

#[cfg(test)]
#[path = "password_turns_tests.rs"]
mod tests;
