//! What the user should be told beside what was asked for, by whichever part notices it.

use std::sync::{Arc, Mutex, PoisonError};

use tokio::sync::Notify;

/// The notices that no window or terminal has shown yet. Cheap to clone; clones share them.
#[derive(Clone, Default)]
pub struct Notices {
    shared: Arc<Shared>,
}

#[derive(Default)]
struct Shared {
    waiting: Mutex<Vec<String>>,
    added: Notify,
}

impl Notices {
    /// Adds one: whole sentences, of what happened and what to do next.
    pub fn tell(&self, notice: impl Into<String>) {
        let notice = notice.into();
        tracing::warn!(notice, "Told the user");
        let mut waiting = self.shared.waiting.lock().unwrap_or_else(PoisonError::into_inner);
        // One that is still waiting says it already.
        if !waiting.contains(&notice) {
            waiting.push(notice);
        }
        self.shared.added.notify_one();
    }

    /// Takes them all: each is told once.
    pub fn take(&self) -> Vec<String> {
        std::mem::take(&mut *self.shared.waiting.lock().unwrap_or_else(PoisonError::into_inner))
    }

    /// Returns when one was added.
    pub(crate) async fn added(&self) {
        self.shared.added.notified().await;
    }
}
