//! What goes wrong in the fake world, by the name of the call.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};

use tokio::time::Instant;

use crate::error::{Error, ErrorKind, Result, Unreached};

/// One kind of trouble.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Fault {
    /// The request never reaches the cloud.
    LostRequest,
    /// The cloud does it, but the answer is lost.
    LostAnswer,
    /// The cloud refuses with this kind.
    Refused(ErrorKind),
    /// This can't be reached, or answers that it can't.
    Unreached(ErrorKind, Unreached),
}

#[derive(Debug, Clone, Copy)]
enum Span {
    Times(u32),
    Until(Instant),
}

/// The script of faults, and a count of all calls.
#[derive(Clone, Default)]
pub struct Faults {
    inner: Arc<Mutex<Script>>,
}

#[derive(Default)]
struct Script {
    faults: HashMap<String, (Fault, Span)>,
    calls: HashMap<String, usize>,
    /// How many calls of each name went wrong.
    failed: HashMap<String, usize>,
    requests: usize,
    /// Calls that are answered only after this time.
    hanging: HashMap<String, Instant>,
    storm: Option<Storm>,
}

/// A share of all requests to the cloud is refused.
struct Storm {
    kind: ErrorKind,
    percent: u8,
    until: Instant,
    random: fastrand::Rng,
}

impl Faults {
    /// The next `times` calls of this name go wrong.
    pub fn next(&self, call: &str, fault: Fault, times: u32) {
        self.lock()
            .faults
            .insert(call.into(), (fault, Span::Times(times)));
    }

    /// Calls of this name go wrong for a while.
    pub fn during(&self, call: &str, fault: Fault, time: std::time::Duration) {
        self.lock()
            .faults
            .insert(call.into(), (fault, Span::Until(Instant::now() + time)));
    }

    /// Of all requests to the cloud so many percent are refused for a while; which ones is up to the seed.
    pub fn storm(&self, kind: ErrorKind, percent: u8, time: std::time::Duration, seed: u64) {
        self.lock().storm = Some(Storm {
            kind,
            percent,
            until: Instant::now() + time,
            random: fastrand::Rng::with_seed(seed),
        });
    }

    /// Calls of this name are not answered for a while.
    pub fn hang(&self, call: &str, time: std::time::Duration) {
        self.lock().hanging.insert(call.into(), Instant::now() + time);
    }

    /// Until when a call of this name hangs.
    pub(super) async fn answered(&self, call: &str) {
        let until = self.lock().hanging.get(call).copied();
        crate::poll::at(until.or_else(|| Some(Instant::now()))).await;
    }

    /// Everything goes well again.
    pub fn clear(&self) {
        let mut script = self.lock();
        script.faults.clear();
        script.storm = None;
    }

    /// How many requests the cloud has had, refused ones too.
    pub fn requests(&self) -> usize {
        self.lock().requests
    }

    /// A request reaches the cloud, which may refuse it in a storm.
    pub(super) fn enter(&self, call: &str) -> Result<()> {
        let mut script = self.lock();
        script.requests += 1;
        let storm = script.storm.as_mut().filter(|storm| Instant::now() < storm.until);
        let hit = storm.and_then(|storm| {
            let hit = storm.random.u8(0..100) < storm.percent;
            hit.then_some(storm.kind)
        });
        hit.map_or(Ok(()), |kind| Err(refused(kind, call)))
    }

    pub(super) fn calls(&self, name: &str) -> usize {
        self.lock().calls.get(name).copied().unwrap_or(0)
    }

    pub(super) fn failed(&self, name: &str) -> usize {
        self.lock().failed.get(name).copied().unwrap_or(0)
    }

    /// Does `work` the way the script says.
    pub(super) fn pass<T>(&self, call: &str, work: impl FnOnce() -> Result<T>) -> Result<T> {
        match self.take(call) {
            None => work(),
            Some(Fault::Refused(kind)) => Err(refused(kind, call)),
            Some(Fault::Unreached(kind, what)) => Err(refused(kind, call).unreached(what)),
            Some(Fault::LostRequest) => Err(lost(call)),
            Some(Fault::LostAnswer) => work().and_then(|_| Err(lost(call))),
        }
    }

    fn take(&self, call: &str) -> Option<Fault> {
        let mut script = self.lock();
        *script.calls.entry(call.to_owned()).or_default() += 1;
        let (fault, span) = script.faults.get_mut(call)?;
        let fault = *fault;
        let active = match span {
            Span::Times(0) => false,
            Span::Times(left) => {
                *left -= 1;
                true
            }
            Span::Until(end) => Instant::now() < *end,
        };
        if active {
            *script.failed.entry(call.to_owned()).or_default() += 1;
        }
        active.then_some(fault)
    }

    fn lock(&self) -> std::sync::MutexGuard<'_, Script> {
        self.inner.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

fn refused(kind: ErrorKind, call: &str) -> Error {
    Error::new(kind, format!("{call} was refused by the script")).hint("Wait.")
}

fn lost(call: &str) -> Error {
    Error::new(
        ErrorKind::Unreachable,
        format!("The connection broke during {call}."),
    )
}
