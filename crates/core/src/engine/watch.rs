//! Watching: snapshots and log lines of one launch as they come into the journal, whoever writes them.

use std::collections::VecDeque;

use tokio::sync::watch;

use super::Engine;
use crate::error::Result;
use crate::event::Event;
use crate::view::LogQuery;

/// Lines read at a time.
const LINES: u32 = 500;

/// Events of one launch.
pub struct Watch {
    engine: Engine,
    pub(super) id: String,
    changes: watch::Receiver<u64>,
    pub(super) revision: i64,
    lines_after: Option<i64>,
    pub(super) ready: VecDeque<Event>,
}

impl Engine {
    /// Watches a launch: a snapshot at once, then what changes. With `lines_after` its log lines after that number come
    /// too, in order, none twice.
    pub async fn watch(&self, id: &str, lines_after: Option<i64>) -> Result<Watch> {
        self.launch_by_id(id).await?;
        let changes = self.inner.store.changes();
        let (engine, id) = (self.clone(), id.to_owned());
        Ok(Watch {
            engine,
            id,
            changes,
            revision: -1,
            lines_after,
            ready: VecDeque::new(),
        })
    }
}

impl Watch {
    /// The next event. Can be dropped and called again without losing one.
    pub async fn next(&mut self) -> Result<Event> {
        loop {
            if let Some(event) = self.ready.pop_front() {
                return Ok(event);
            }
            self.changes.borrow_and_update();
            if !self.gather().await? {
                // The store outlives every watch, so its end is the process's.
                let _ = self.changes.changed().await;
            }
        }
    }

    /// Collects what is new; `false` where nothing is.
    pub(super) async fn gather(&mut self) -> Result<bool> {
        let Some((_, revision)) = self.engine.inner.store.launch(&self.id).await? else {
            return Ok(false);
        };
        if revision <= self.revision {
            return Ok(false);
        }
        let complete = self.gather_lines().await?;
        let launch = Box::new(self.engine.view(&self.id).await?);
        self.ready.push_back(Event::Launch { launch });
        if complete {
            self.revision = revision;
        }
        Ok(true)
    }

    /// `true` when no further lines wait.
    async fn gather_lines(&mut self) -> Result<bool> {
        let Some(after) = self.lines_after else {
            return Ok(true);
        };
        let query = LogQuery {
            after: Some(after),
            limit: LINES,
            ..LogQuery::default()
        };
        let lines = self.engine.inner.store.lines_after(&self.id, &query).await?;
        let complete = lines.len() < LINES as usize;
        if let Some(last) = lines.last() {
            self.lines_after = Some(last.number);
            self.ready.push_back(Event::Lines {
                id: self.id.clone(),
                lines,
                left_out: 0,
            });
        }
        Ok(complete)
    }
}
