//! Every request that came: how many calls something costs, and whether each was one that AWS would understand.

use std::collections::BTreeMap;
use std::sync::{Mutex, PoisonError};

use serde::Serialize;
use tokio::time::Instant;

use crate::call::Call;
use crate::words::Word;

/// One request.
#[derive(Debug, Clone, Serialize)]
pub struct Entry {
    /// Milliseconds since the cloud was started.
    pub at: u64,
    /// `ec2`, `sts`, …
    pub service: String,
    /// `RunInstances`, …
    pub action: String,
    /// Which client sent it, as it calls itself.
    pub agent: String,
    /// Whose word the answer was.
    pub word: Word,
    /// What went wrong on purpose.
    pub fault: Option<String>,
    /// HTTP status of the answer; 0 where it was lost.
    pub status: u16,
    /// What AWS would not understand of it.
    pub violations: Vec<String>,
    /// The form, as it was sent.
    pub form: Vec<(String, String)>,
}

/// All of them, in order.
pub struct Requests {
    begun: Instant,
    entries: Mutex<Vec<Entry>>,
}

impl Default for Requests {
    fn default() -> Self {
        Requests {
            begun: Instant::now(),
            entries: Mutex::default(),
        }
    }
}

impl Requests {
    /// Begins an entry.
    pub fn entry(&self, call: &Call, word: Word, violations: Vec<String>) -> Entry {
        Entry {
            at: self.begun.elapsed().as_millis() as u64,
            service: call.service.clone(),
            action: call.action.clone(),
            agent: call.header("user-agent").to_owned(),
            word,
            fault: None,
            status: 0,
            violations,
            form: call.params.0.clone(),
        }
    }

    /// Keeps an entry.
    pub fn add(&self, entry: Entry) {
        self.list(|entries| entries.push(entry));
    }

    /// Forgets all.
    pub fn clear(&self) {
        self.list(Vec::clear);
    }

    /// All so far.
    pub fn all(&self) -> Vec<Entry> {
        self.list(|entries| entries.clone())
    }

    /// How many of each action.
    pub fn counts(&self) -> BTreeMap<String, usize> {
        let mut counts = BTreeMap::new();
        for entry in self.all() {
            *counts
                .entry(format!("{}:{}", entry.service, entry.action))
                .or_default() += 1;
        }
        counts
    }

    /// What AWS would not have understood, with the action in front.
    pub fn violations(&self) -> Vec<String> {
        let told = |entry: Entry| {
            let action = entry.action;
            entry
                .violations
                .into_iter()
                .map(move |violation| format!("{action}: {violation}"))
        };
        self.all().into_iter().flat_map(told).collect()
    }

    fn list<T>(&self, work: impl FnOnce(&mut Vec<Entry>) -> T) -> T {
        work(&mut self.entries.lock().unwrap_or_else(PoisonError::into_inner))
    }
}
