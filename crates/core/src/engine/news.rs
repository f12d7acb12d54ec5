//! News: the events of everything there is, in one stream, whichever process makes them happen. What the window shows.

use std::collections::{BTreeMap, VecDeque};
use std::time::Duration;

use tokio::sync::watch::Receiver;
use tokio::time::Instant;

use super::images::LAST_DELETED;
use super::{Engine, Watch};
use crate::error::Result;
use crate::event::Event;
use crate::poll::pause;
use crate::view::{ImageJobView, LaunchView, LogLine, LogQuery};

/// After the journal could not be read.
const AGAIN: Duration = Duration::from_secs(1);

/// What happens within this time comes together: nobody sees more than sixty pictures a second.
const TOGETHER: Duration = Duration::from_millis(16);

/// The most lines of a launch in one event: more than a screen has. Where more came at once, these are the newest.
const NEWEST: usize = 200;

/// The events of everything there is.
pub struct News {
    engine: Engine,
    changes: Receiver<u64>,
    launches: BTreeMap<String, Followed>,
    last_deleted: Option<String>,
    /// How often the lists have changed.
    revision: i64,
    /// Lines of launches that were there at the beginning are old; those of later ones are news from the first.
    begun: bool,
    ready: VecDeque<Event>,
    /// When it was last looked for news.
    looked: Option<Instant>,
}

/// One launch that is followed.
struct Followed {
    watch: Watch,
    unsaid: Unsaid,
    image: Option<ImageJobView>,
}

/// What was gathered of a launch and not told yet. A snapshot replaces the one before it.
#[derive(Default)]
struct Unsaid {
    /// At most [`NEWEST`].
    lines: Vec<LogLine>,
    left_out: u32,
    launch: Option<Box<LaunchView>>,
}

impl Engine {
    /// Follows everything: a snapshot of every live launch at once, then what changes, with new log lines.
    pub fn news(&self) -> News {
        News {
            engine: self.clone(),
            changes: self.inner.store.changes(),
            launches: BTreeMap::new(),
            last_deleted: None,
            revision: 0,
            begun: false,
            ready: VecDeque::new(),
            looked: None,
        }
    }
}

impl News {
    /// The next event. A journal that can't be read for a while is asked again.
    pub async fn next(&mut self) -> Event {
        loop {
            if let Some(event) = self.ready.pop_front() {
                return event;
            }
            self.rest().await;
            self.changes.borrow_and_update();
            if let Err(error) = self.gather().await {
                tracing::warn!(error = error.sentence, "Could not look for news");
                pause(AGAIN).await;
            } else if self.ready.is_empty() {
                tokio::select! {
                    // The store outlives all news, so its end is the process's.
                    _ = self.changes.changed() => {}
                    () = self.engine.inner.notices.added() => self.ready.push_back(Event::Notice),
                }
            }
        }
    }

    /// Looks sixty times a second at most, and at once after a calm time.
    async fn rest(&mut self) {
        if let Some(looked) = self.looked {
            pause(TOGETHER.saturating_sub(looked.elapsed())).await;
        }
        self.looked = Some(Instant::now());
    }

    async fn gather(&mut self) -> Result<()> {
        let revisions = self.engine.inner.store.live_revisions().await?;
        let mut other_list = self.take_up(&revisions).await?;
        for (id, followed) in &mut self.launches {
            let revision = revisions.get(id);
            if revision.is_none_or(|revision| *revision > followed.watch.revision) {
                followed.gather(&mut self.ready).await?;
            }
        }
        let before = self.launches.len();
        self.launches.retain(|id, _| revisions.contains_key(id));
        other_list |= self.launches.len() != before;
        other_list |= self.images_were_deleted().await?;
        if other_list {
            self.revision += 1;
            self.ready.push_back(Event::List {
                revision: self.revision,
            });
        }
        self.begun = true;
        Ok(())
    }

    /// Begins to follow what is new; whether there was something.
    async fn take_up(&mut self, live: &BTreeMap<String, i64>) -> Result<bool> {
        let before = self.launches.len();
        for id in live.keys() {
            if self.launches.contains_key(id) {
                continue;
            }
            let after = if self.begun { 0 } else { self.last_line(id).await? };
            let watch = self.engine.watch(id, Some(after)).await?;
            self.launches.insert(id.clone(), Followed::new(watch));
        }
        Ok(self.launches.len() != before)
    }

    async fn last_line(&self, id: &str) -> Result<i64> {
        let newest = LogQuery {
            limit: 1,
            ..LogQuery::default()
        };
        let page = self.engine.log_page(id, &newest).await?;
        Ok(page.lines.last().map_or(0, |line| line.number))
    }

    async fn images_were_deleted(&mut self) -> Result<bool> {
        let last = self.engine.inner.store.setting(LAST_DELETED).await?;
        let changed = last != self.last_deleted;
        self.last_deleted = last;
        Ok(changed)
    }
}

impl Followed {
    fn new(watch: Watch) -> Self {
        Followed {
            watch,
            unsaid: Unsaid::default(),
            image: None,
        }
    }

    /// Moves everything new to `ready`.
    async fn gather(&mut self, ready: &mut VecDeque<Event>) -> Result<()> {
        while self.watch.gather().await? {
            self.watch
                .ready
                .drain(..)
                .for_each(|event| self.unsaid.add(event));
        }
        let Unsaid {
            lines,
            left_out,
            launch,
        } = std::mem::take(&mut self.unsaid);
        if !lines.is_empty() {
            let id = self.watch.id.clone();
            ready.push_back(Event::Lines { id, lines, left_out });
        }
        if let Some(launch) = launch {
            let image = self.new_image(&launch);
            ready.push_back(Event::Launch { launch });
            ready.extend(image);
        }
        Ok(())
    }

    /// An image job that moved on with this snapshot.
    fn new_image(&mut self, launch: &LaunchView) -> Option<Event> {
        if launch.image_job == self.image {
            return None;
        }
        self.image.clone_from(&launch.image_job);
        let id = launch.server.id.clone();
        let image = Box::new(self.image.clone()?);
        Some(Event::Image { id, image })
    }
}

impl Unsaid {
    fn add(&mut self, event: Event) {
        match event {
            Event::Lines { mut lines, .. } => {
                self.lines.append(&mut lines);
                let older = self.lines.len().saturating_sub(NEWEST);
                self.lines.drain(..older);
                self.left_out += older as u32;
            }
            Event::Launch { launch } => self.launch = Some(launch),
            Event::Image { .. } | Event::Notice | Event::List { .. } | Event::Waits { .. } => {}
        }
    }
}

#[cfg(test)]
#[path = "news_tests.rs"]
mod tests;
