//! All waiting of this crate: how long until the next look, and looking until something is there.

use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use tokio::time::Instant;

use crate::act_waits;
use crate::error::{Error, ErrorKind, Result, Retry};
use crate::retries::{Retries, Side};

/// How many times longer the pause is where too many had asked, and how long it is at least.
const CROWDED: u32 = 3;
const LEAST_CROWDED: Duration = Duration::from_secs(5);

/// How long to wait between two looks.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Policy {
    /// The first pause.
    pub first: Duration,
    /// Each pause is this many times the one before…
    pub factor: f64,
    /// …up to this one.
    pub cap: Duration,
    /// Shortens each pause by up to half at random, so that many waiters spread out.
    pub jitter: bool,
}

impl Policy {
    /// The same pause each time.
    pub const fn every(pause: Duration) -> Self {
        Policy {
            first: pause,
            factor: 1.0,
            cap: pause,
            jitter: false,
        }
    }

    /// For requests that the cloud refused for being too many, or lost: half a second up to a minute.
    pub const TROUBLE: Policy = Policy {
        first: Duration::from_millis(500),
        factor: 2.0,
        cap: Duration::from_secs(60),
        jitter: true,
    };

    /// For an agent that does not answer at the moment: it may be restarting, so look often.
    pub const RECONNECT: Policy = Policy {
        first: Duration::from_millis(200),
        factor: 1.6,
        cap: Duration::from_secs(2),
        jitter: true,
    };

    /// For an agent that has not answered for long.
    pub const SILENCE: Policy = Policy::every(Duration::from_secs(15));
}

/// Pauses by a policy.
#[derive(Debug)]
pub struct Pauses {
    policy: Policy,
    next: Duration,
}

impl Pauses {
    /// Begins with the policy's first pause.
    pub fn new(policy: Policy) -> Self {
        Pauses {
            policy,
            next: policy.first,
        }
    }

    /// After a success: begin again with the first pause.
    pub fn reset(&mut self) {
        self.next = self.policy.first;
    }

    /// The pause to make now; the next one is longer.
    pub fn step(&mut self) -> Duration {
        let pause = self.next;
        self.next = pause.mul_f64(self.policy.factor).min(self.policy.cap);
        if self.policy.jitter {
            pause.mul_f64(0.5 + fastrand::f64() * 0.5)
        } else {
            pause
        }
    }

    /// The pause to make after an error. What was refused for being too many waits longer: each try takes from the same
    /// allowance as those of everybody else in the account.
    pub fn after(&mut self, error: &Error) -> Duration {
        let pause = self.step();
        match error.kind {
            ErrorKind::Throttled => (pause * CROWDED).max(LEAST_CROWDED),
            _ => pause,
        }
    }

    /// Waits. Dropping the future ends the wait, which is how everything here is cancelled.
    pub async fn wait(&mut self) {
        pause(self.step()).await;
    }
}

/// What many want to do and the cloud answers only one by one: some turns at once, then one a pause, however many ask.
#[derive(Debug)]
pub struct Turns {
    /// How many turns may be taken at once after a time without any.
    at_once: u32,
    /// When the next turn would be, had all of them been evenly spread; `None` before the first.
    next: Mutex<Option<Instant>>,
    /// Held by the first in the line.
    first: tokio::sync::Mutex<()>,
}

impl Turns {
    /// A few at once.
    pub const FEW: u32 = 10;

    /// At least one at once.
    pub fn new(at_once: u32) -> Self {
        Turns {
            at_once: at_once.max(1),
            next: Mutex::default(),
            first: tokio::sync::Mutex::default(),
        }
    }

    /// Takes a turn, if there is one now. Whoever gets none asks again later.
    pub fn take(&self, now: Instant, pause: Duration) -> bool {
        self.left(now, pause).is_zero()
    }

    /// Stands in line until it has taken a turn. Whoever goes away before leaves it to the next.
    pub async fn stand_in_line(&self, pause: Duration) {
        let _first = self.first.lock().await;
        loop {
            let left = self.left(Instant::now(), pause);
            if left.is_zero() {
                return;
            }
            tokio::time::sleep(left).await;
        }
    }

    /// Takes the next turn that nobody has, and tells how long until then.
    pub fn wait(&self, now: Instant, pause: Duration) -> Duration {
        let mut next = self.next.lock().unwrap_or_else(PoisonError::into_inner);
        let turn = self.after(*next, now, pause);
        *next = Some(turn + pause);
        turn.saturating_duration_since(now)
    }

    /// Takes a turn, or tells how long there is none.
    fn left(&self, now: Instant, pause: Duration) -> Duration {
        let mut next = self.next.lock().unwrap_or_else(PoisonError::into_inner);
        let turn = self.after(*next, now, pause);
        let left = turn.saturating_duration_since(now);
        if left.is_zero() {
            *next = Some(turn + pause);
        }
        left
    }

    /// A turn that was not taken is kept, but no more than so many of them.
    fn after(&self, next: Option<Instant>, now: Instant, pause: Duration) -> Instant {
        let oldest = now.checked_sub(pause * (self.at_once - 1)).unwrap_or(now);
        next.map_or(oldest, |next| next.max(oldest))
    }
}

/// Everybody who draws on one allowance of requests. Where the cloud refuses some for being too many, each second try would
/// only take from what the others need: so they take turns.
#[derive(Debug)]
pub struct Crowd {
    turns: Turns,
}

impl Default for Crowd {
    fn default() -> Self {
        Crowd {
            turns: Turns::new(Turns::FEW),
        }
    }
}

impl Crowd {
    /// Between the tries of everybody together. EC2 gives back two RunInstances a second (“Request throttling for the Amazon
    /// EC2 API”), and other programs of the account need some of them.
    const PACE: Duration = Duration::from_secs(1);

    /// The pause to make after an error: that of whoever was in trouble, and at least until its turn.
    pub fn pause_after(&self, error: &Error, trouble: &mut Pauses) -> Duration {
        let pause = trouble.after(error);
        match error.kind {
            ErrorKind::Throttled => pause.max(self.turns.wait(Instant::now(), Self::PACE)),
            _ => pause,
        }
    }
}

/// Waits until then; for ever where there is no such time.
pub async fn at(time: Option<Instant>) {
    match time {
        Some(time) => tokio::time::sleep_until(time).await,
        None => std::future::pending().await,
    }
}

/// Waits for a time; for ever where there is none.
pub async fn after(time: Option<Duration>) {
    match time {
        Some(time) => tokio::time::sleep(time).await,
        None => std::future::pending().await,
    }
}

/// Waits for a fixed time.
pub async fn pause(duration: Duration) {
    tokio::time::sleep(duration).await;
}

/// What a look found.
#[derive(Debug)]
pub enum Look<T> {
    /// It is there.
    Done(T),
    /// Not yet.
    NotYet,
}

/// Looks until something is there. Trouble that goes away by itself counts as “not yet”; any other error ends the
/// wait. There is no deadline: slow is never turned into failed.
pub async fn until<T, L>(policy: Policy, look: impl FnMut() -> L) -> Result<T>
where
    L: Future<Output = Result<Look<T>>>,
{
    look_until(policy, None, look).await
}

/// As [`until`], but gives up after a time with `None`.
pub async fn within<T, L>(limit: Duration, policy: Policy, look: impl FnMut() -> L) -> Result<Option<T>>
where
    L: Future<Output = Result<Look<T>>>,
{
    tokio::time::timeout(limit, until(policy, look))
        .await
        .map_or(Ok(None), |found| found.map(Some))
}

/// As [`until`], and what fails on the way is noted.
pub(crate) async fn until_noted<T, L>(policy: Policy, retries: &Retries, look: impl FnMut() -> L) -> Result<T>
where
    L: Future<Output = Result<Look<T>>>,
{
    look_until(policy, Some(retries), look).await
}

/// As [`within`], and what fails on the way is noted.
pub(crate) async fn within_noted<T, L>(
    limit: Duration,
    policy: Policy,
    retries: &Retries,
    look: impl FnMut() -> L,
) -> Result<Option<T>>
where
    L: Future<Output = Result<Look<T>>>,
{
    tokio::time::timeout(limit, until_noted(policy, retries, look))
        .await
        .map_or(Ok(None), |found| found.map(Some))
}

async fn look_until<T, L>(policy: Policy, retries: Option<&Retries>, mut look: impl FnMut() -> L) -> Result<T>
where
    L: Future<Output = Result<Look<T>>>,
{
    let mut pauses = Pauses::new(policy);
    let (mut trouble, mut act) = (Pauses::new(Policy::TROUBLE), act_waits::Retries::default());
    loop {
        let looked = look().await;
        if looked.is_ok() {
            retries.inspect(|retries| retries.answered(Side::Cloud));
        }
        match looked {
            Ok(Look::Done(found)) => return Ok(found),
            Ok(Look::NotYet) => {
                trouble.reset();
                act.passed();
                pauses.wait().await;
            }
            Err(error) if error.kind.retry() == Retry::Later => {
                let next = trouble.after(&error);
                retries.inspect(|retries| retries.failed(&error, next));
                act.failed(&error);
                pause(next).await;
            }
            Err(error) => return Err(error),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn however_many_ask_the_turns_stay_the_same() {
        let pause = Duration::from_secs(2);
        for watched in [15, 100] {
            let (turns, begun) = (Turns::new(Turns::FEW), Instant::now());
            let taken = (0..60).map(|second| {
                let now = begun + Duration::from_secs(second);
                (0..watched).filter(|_| turns.take(now, pause)).count()
            });
            assert_eq!(taken.sum::<usize>(), 39, "ten at once, then one in two seconds");
        }
    }

    #[test]
    fn a_crowd_that_was_refused_comes_back_one_by_one() {
        let (crowd, refused) = (Crowd::default(), Error::new(ErrorKind::Throttled, "Too many."));
        let mut pauses = (0..100).map(|_| crowd.pause_after(&refused, &mut Pauses::new(Policy::TROUBLE)));
        let (first, last) = (pauses.next(), pauses.last());
        assert_eq!(first, Some(LEAST_CROWDED));
        assert!(
            last.is_some_and(|last| last > Duration::from_secs(85)),
            "{last:?}"
        );
    }

    #[test]
    fn whoever_asks_seldom_always_gets_a_turn() {
        let (turns, begun) = (Turns::new(Turns::FEW), Instant::now());
        let asked = (0..100).map(|round| begun + Duration::from_secs(5 * round));
        assert!(
            asked
                .into_iter()
                .all(|now| turns.take(now, Duration::from_secs(2)))
        );
    }
}
