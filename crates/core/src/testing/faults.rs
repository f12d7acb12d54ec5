//! What goes wrong in the fake world, by the name of the call.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};

use tokio::time::Instant;

use crate::error::{Error, ErrorKind, Result};

/// One kind of trouble.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Fault {
    /// The request never reaches the cloud.
    LostRequest,
    /// The cloud does it, but the answer is lost.
    LostAnswer,
    /// The cloud refuses with this kind.
    Refused(ErrorKind),
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

    /// Everything goes well again.
    pub fn clear(&self) {
        self.lock().faults.clear();
    }

    pub(super) fn calls(&self, name: &str) -> usize {
        self.lock().calls.get(name).copied().unwrap_or(0)
    }

    /// Does `work` the way the script says.
    pub(super) fn pass<T>(&self, call: &str, work: impl FnOnce() -> Result<T>) -> Result<T> {
        match self.take(call) {
            None => work(),
            Some(Fault::Refused(kind)) => {
                Err(Error::new(kind, format!("{call} was refused by the script")).hint("Wait."))
            }
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
        active.then_some(fault)
    }

    fn lock(&self) -> std::sync::MutexGuard<'_, Script> {
        self.inner.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

fn lost(call: &str) -> Error {
    Error::new(
        ErrorKind::Unreachable,
        format!("The connection broke during {call}."),
    )
}
