//! What an act waits for at the moment, for whoever shows it: the window and the terminal say it once it has lasted some
//! seconds. Launches and images keep their waits in the journal; this is for every other act, and is only reported.
//!
//! The waits belong to the task that runs the act, so that the keychain, the cloud and every loop of `poll.rs` can note
//! theirs without being handed a place for them. Outside of an act nothing is noted.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use serde::{Deserialize, Serialize};
use tokio::time::Instant;
use ts_rs::TS;

use crate::clock::Clock;
use crate::error::Error;
use crate::wait::WaitReason;

tokio::task_local! {
    static CURRENT: ActWaits;
}

/// One wait of an act.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, TS)]
pub struct ActWait {
    /// What is waited for, and why: one or two sentences.
    pub what: String,
    /// What the user can do; empty where there is nothing but to wait.
    pub hint: String,
    /// What is waited for, out of the same list as for launches; `None` where nothing is wrong and it only takes its time.
    pub reason: Option<WaitReason>,
    /// What the last try failed with; `None` where nothing has failed yet.
    pub error: Option<Error>,
    /// Since when, in milliseconds since the epoch.
    #[ts(type = "number")]
    pub since: i64,
    /// How many tries have failed.
    pub tries: u32,
}

impl ActWait {
    /// A wait that nothing has failed in yet.
    pub fn new(what: impl Into<String>, hint: impl Into<String>) -> Self {
        ActWait {
            what: what.into(),
            hint: hint.into(),
            reason: None,
            error: None,
            since: 0,
            tries: 0,
        }
    }

    /// The same with what is in the way.
    #[must_use]
    pub fn reason(self, reason: WaitReason) -> Self {
        ActWait {
            reason: Some(reason),
            ..self
        }
    }

    /// The wait for another try of what has failed.
    fn after(error: &Error, tries: u32) -> Self {
        ActWait {
            what: error.sentence.clone(),
            hint: error.hint.clone(),
            reason: WaitReason::of(error),
            error: Some(error.clone()),
            since: 0,
            tries,
        }
    }
}

/// The waits of one act. Clones are the same.
#[derive(Debug, Clone)]
pub struct ActWaits {
    clock: Clock,
    noted: Arc<Mutex<Noted>>,
}

#[derive(Debug, Default)]
struct Noted {
    last: u64,
    waits: Vec<(u64, Instant, ActWait)>,
}

impl ActWaits {
    /// Those of an act that has not begun.
    pub fn new(clock: Clock) -> Self {
        ActWaits {
            clock,
            noted: Arc::default(),
        }
    }

    /// Runs the act, or a part of it in a task of its own.
    pub async fn of<T>(&self, act: impl Future<Output = T>) -> T {
        CURRENT.scope(self.clone(), act).await
    }

    /// Runs a part of the act that blocks.
    pub fn within<T>(&self, part: impl FnOnce() -> T) -> T {
        CURRENT.sync_scope(self.clone(), part)
    }

    /// What has lasted for at least so long: the wait that tells most. What has failed tells more than what has not been
    /// answered yet, and an inner wait more than the one around it.
    pub fn lasting(&self, least: Duration) -> Option<ActWait> {
        let noted = self.lock();
        let long = noted
            .waits
            .iter()
            .filter(|(_, begun, _)| begun.elapsed() >= least);
        long.max_by_key(|(number, _, wait)| (wait.tries > 0, *number))
            .map(|(.., wait)| wait.clone())
    }

    fn add(&self, mut wait: ActWait) -> u64 {
        wait.since = self.clock.now().0;
        let mut noted = self.lock();
        noted.last += 1;
        let number = noted.last;
        noted.waits.push((number, Instant::now(), wait));
        number
    }

    fn change(&self, number: u64, wait: ActWait) {
        let mut noted = self.lock();
        let known = noted.waits.iter_mut().find(|(known, ..)| *known == number);
        if let Some((.., old)) = known {
            *old = ActWait {
                since: old.since,
                ..wait
            };
        }
    }

    fn remove(&self, number: u64) {
        self.lock().waits.retain(|(known, ..)| *known != number);
    }

    fn lock(&self) -> MutexGuard<'_, Noted> {
        self.noted.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// The waits of the act that this task runs, to run a part of it in another task.
pub fn current() -> Option<ActWaits> {
    CURRENT.try_with(Clone::clone).ok()
}

/// A wait that is noted until this is dropped.
#[must_use]
#[derive(Debug)]
pub struct Wait(Option<(ActWaits, u64)>);

impl Drop for Wait {
    fn drop(&mut self) {
        if let Some((waits, number)) = &self.0 {
            waits.remove(*number);
        }
    }
}

/// Notes a wait of this task's act.
pub fn begin(wait: impl FnOnce() -> ActWait) -> Wait {
    Wait(current().map(|waits| {
        let number = waits.add(wait());
        (waits, number)
    }))
}

/// Something that is tried again and again: one wait, from the first failure until a try succeeds or this is dropped.
#[derive(Debug, Default)]
pub struct Retries {
    tries: u32,
    wait: Option<Wait>,
}

impl Retries {
    /// A try failed, and another will follow.
    pub fn failed(&mut self, error: &Error) {
        self.tries += 1;
        let wait = ActWait::after(error, self.tries);
        match &self.wait {
            None => self.wait = Some(begin(|| wait)),
            Some(Wait(Some((waits, number)))) => waits.change(*number, wait),
            Some(Wait(None)) => {}
        }
    }

    /// A try succeeded.
    pub fn passed(&mut self) {
        *self = Retries::default();
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::error::ErrorKind;

    const LONG: Duration = Duration::from_secs(5);

    fn waits() -> ActWaits {
        ActWaits::new(Clock::virtual_time())
    }

    #[tokio::test(start_paused = true)]
    async fn a_wait_is_told_once_it_lasts_and_no_longer_than_it_lasts() {
        let waits = waits();
        let act = waits.of(async {
            let _wait = begin(|| ActWait::new("Waiting for the tide.", ""));
            tokio::time::sleep(LONG * 2).await;
        });
        let seen = async {
            tokio::time::sleep(LONG / 2).await;
            assert_eq!(waits.lasting(LONG), None);
            tokio::time::sleep(LONG).await;
            waits.lasting(LONG).expect("it lasts").what
        };
        let ((), what) = tokio::join!(act, seen);
        assert_eq!(what, "Waiting for the tide.");
        assert_eq!(waits.lasting(Duration::ZERO), None);
    }

    #[tokio::test(start_paused = true)]
    async fn what_fails_again_and_again_is_one_wait_since_its_first_failure() {
        let waits = waits();
        let error = Error::new(ErrorKind::Throttled, "Too many.").hint("Wait.");
        waits
            .of(async {
                let _around = begin(|| ActWait::new("Until it is off.", ""));
                let mut retries = Retries::default();
                retries.failed(&error);
                let _inner = begin(|| ActWait::new("Asking.", ""));
                tokio::time::sleep(LONG).await;
                retries.failed(&error);
                let told = waits.lasting(LONG).expect("it lasts");
                assert_eq!((told.tries, told.error.as_ref()), (2, Some(&error)));
                retries.passed();
                assert_eq!(
                    waits.lasting(LONG).map(|told| told.what),
                    Some("Asking.".to_owned())
                );
            })
            .await;
    }

    #[tokio::test(start_paused = true)]
    async fn outside_of_an_act_nothing_is_noted() {
        let _wait = begin(|| ActWait::new("Nobody hears this.", ""));
        Retries::default().failed(&Error::new(ErrorKind::Throttled, "Too many."));
        assert!(current().is_none());
    }
}
