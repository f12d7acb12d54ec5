//! What a driver is retrying at the moment. Whoever retries reports each failure here, and each answer; the driver writes
//! it into the launch or image job before ten seconds have passed, so that nothing waits in silence.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use slipway_protocol::Time;
use tokio::sync::Notify;

use crate::clock::Clock;
use crate::error::{Error, Result, Retry, Unreached};
use crate::poll;
use crate::wait::{WaitReason, Waiting};

/// Retries that will have lasted this long at the next try are told. Shorter ones are not: most trouble is over by then.
const TOLD_AFTER: Duration = Duration::from_secs(5);
/// The same for an agent: a server that restarts does not answer for a moment.
const SILENT_AFTER: Duration = Duration::from_secs(8);
/// A request is told that is not answered for this long.
const UNANSWERED: Duration = Duration::from_secs(9);
/// After the journal could not be written.
const UNWRITABLE: Duration = Duration::from_secs(1);

/// The retries of one launch or image job. Cheap to clone; all clones are the same.
#[derive(Clone)]
pub(crate) struct Retries {
    clock: Clock,
    shared: Arc<Shared>,
}

#[derive(Default)]
struct Shared {
    failing: Mutex<Failing>,
    changed: Notify,
}

/// What fails at the moment, by who does not answer.
#[derive(Debug, Default)]
struct Failing {
    cloud: Option<Waiting>,
    server: Option<Waiting>,
    /// Requests that are under way, by number.
    asked: BTreeMap<u64, (Time, Unanswered)>,
    last_asked: u64,
}

/// What a request waits for while it is not answered.
type Unanswered = fn() -> (WaitReason, Error);

/// Who answered, or did not.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Side {
    /// The cloud, this computer's network or its keychain.
    Cloud,
    /// The instance over the network.
    Server,
}

impl Retries {
    /// Nothing fails. What an earlier driver was retrying goes on as it was, until somebody answers.
    pub fn new(clock: Clock, earlier: Option<&Waiting>) -> Self {
        let retries = Retries {
            clock,
            shared: Arc::default(),
        };
        if let Some(waiting) = earlier {
            let mut failing = retries.lock();
            *failing.of(side(&waiting.reason)) = Some(waiting.clone());
        }
        retries
    }

    /// A try failed; the next is made after a pause. Only trouble that a retry can mend is noted.
    pub fn failed(&self, error: &Error, pause: Duration) {
        if let Some(reason) = WaitReason::of(error) {
            self.failed_for(reason, error, pause);
        }
    }

    /// The same where the error alone does not tell what is waited for.
    pub fn failed_for(&self, reason: WaitReason, error: &Error, pause: Duration) {
        let now = self.clock.now();
        let needs_user = error.kind.retry() != Retry::Later;
        let mut failing = self.lock();
        let slot = failing.of(side(&reason));
        match slot {
            Some(known) => {
                known.failed_again(reason, error.clone());
                known.needs_user = needs_user;
            }
            None => *slot = Some(Waiting::new(reason, needs_user, error.clone(), now)),
        }
        if let Some(waiting) = slot {
            waiting.retrying.next = Some(now.plus(pause));
        }
        drop(failing);
        self.shared.changed.notify_one();
    }

    /// Somebody answered: what was waited for on that side is over.
    pub fn answered(&self, by: Side) {
        if self.lock().of(by).take().is_some() {
            self.shared.changed.notify_one();
        }
    }

    /// It begins anew: something went on, or the user asked for it.
    pub fn forget(&self) {
        self.answered(Side::Cloud);
        self.answered(Side::Server);
    }

    /// A request leaves: it is told while it is not answered for long. It is over when this is dropped.
    pub fn asked(&self, waits_for: Unanswered) -> Asked {
        let mut failing = self.lock();
        failing.last_asked += 1;
        let number = failing.last_asked;
        failing.asked.insert(number, (self.clock.now(), waits_for));
        drop(failing);
        self.shared.changed.notify_one();
        Asked {
            retries: self.clone(),
            number,
        }
    }

    /// What is to be shown now.
    pub fn told(&self) -> Option<Waiting> {
        let now = self.clock.now();
        let failing = self.lock();
        let failed = failing.in_order().find(|waiting| is_due(waiting, now));
        failed.cloned().or_else(|| failing.unanswered(now))
    }

    /// Until something that is not to be shown yet will be.
    fn until_due(&self) -> Option<Duration> {
        let now = self.clock.now();
        let failing = self.lock();
        let waits = failing.in_order().filter(|waiting| !is_due(waiting, now));
        let left = waits.map(|waiting| {
            let age = age(waiting.retrying.since, now);
            limit(&waiting.reason).saturating_sub(age)
        });
        let asked = failing.asked.values().map(|(at, _)| age(*at, now));
        let unanswered = asked.filter_map(|age| UNANSWERED.checked_sub(age).filter(|left| !left.is_zero()));
        left.chain(unanswered).min()
    }

    /// Writes what is to be shown into the value of a launch or image job, as long as it is driven.
    pub async fn tell<F>(&self, mut shown: Option<Waiting>, write: impl Fn(Option<Waiting>) -> F)
    where
        F: Future<Output = Result<()>>,
    {
        loop {
            let now = self.told();
            if now != shown {
                match write(now.clone()).await {
                    Ok(()) => shown = now,
                    // A journal that can't be written is told by the driver itself.
                    Err(_) => poll::pause(UNWRITABLE).await,
                }
                continue;
            }
            tokio::select! {
                () = self.shared.changed.notified() => {}
                () = poll::after(self.until_due()) => {}
            }
        }
    }

    fn lock(&self) -> MutexGuard<'_, Failing> {
        self.shared.failing.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// A request that is under way.
pub(crate) struct Asked {
    retries: Retries,
    number: u64,
}

impl Drop for Asked {
    fn drop(&mut self) {
        let asked = self.retries.lock().asked.remove(&self.number);
        let now = self.retries.clock.now();
        if asked.is_some_and(|(at, _)| age(at, now) >= UNANSWERED) {
            self.retries.shared.changed.notify_one();
        }
    }
}

impl Failing {
    /// The oldest request that is not answered for long.
    fn unanswered(&self, now: Time) -> Option<Waiting> {
        let (at, waits_for) = self.asked.values().next()?;
        let (reason, error) = waits_for();
        let mut waiting = Waiting::new(reason, false, error, *at);
        waiting.retrying.tries = 0;
        (age(*at, now) >= UNANSWERED).then_some(waiting)
    }

    fn of(&mut self, side: Side) -> &mut Option<Waiting> {
        match side {
            Side::Cloud => &mut self.cloud,
            Side::Server => &mut self.server,
        }
    }

    /// Where neither answers, this computer's way out is the likelier cause.
    fn in_order(&self) -> impl Iterator<Item = &Waiting> {
        self.cloud.iter().chain(&self.server)
    }
}

fn age(at: Time, now: Time) -> Duration {
    Duration::from_millis(now.millis_since(at))
}

fn side(reason: &WaitReason) -> Side {
    match reason {
        WaitReason::AgentSilent
        | WaitReason::SiteSilent
        | WaitReason::Network {
            what: Unreached::Server,
        } => Side::Server,
        _ => Side::Cloud,
    }
}

fn limit(reason: &WaitReason) -> Duration {
    match side(reason) {
        Side::Cloud => TOLD_AFTER,
        Side::Server => SILENT_AFTER,
    }
}

/// It has lasted long enough to be told, or will have when it is tried next.
fn is_due(waiting: &Waiting, now: Time) -> bool {
    let limit = limit(&waiting.reason).as_millis() as u64;
    let next = waiting.retrying.next.unwrap_or(now).max(now);
    next.millis_since(waiting.retrying.since) >= limit
}
