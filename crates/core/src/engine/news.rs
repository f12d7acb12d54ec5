//! News: the events of everything there is, in one stream, whichever process makes them happen. What the window shows.

use std::collections::{BTreeMap, VecDeque};
use std::time::Duration;

use tokio::sync::watch::Receiver;

use super::images::LAST_DELETED;
use super::{Engine, Watch};
use crate::error::Result;
use crate::event::Event;
use crate::poll::pause;
use crate::view::{ImageJobView, LogQuery};

/// After the journal could not be read.
const AGAIN: Duration = Duration::from_secs(1);

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
}

/// One launch that is followed.
struct Followed {
    watch: Watch,
    image: Option<ImageJobView>,
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
            self.changes.borrow_and_update();
            if let Err(error) = self.gather().await {
                tracing::warn!(error = error.sentence, "Could not look for news");
                pause(AGAIN).await;
            } else if self.ready.is_empty() {
                // The store outlives all news, so its end is the process's.
                let _ = self.changes.changed().await;
            }
        }
    }

    async fn gather(&mut self) -> Result<()> {
        let live = self.engine.inner.store.live_launches(None).await?;
        let revisions: BTreeMap<&str, i64> = live
            .iter()
            .map(|(launch, revision)| (launch.id.as_str(), *revision))
            .collect();
        let mut other_list = self.take_up(&revisions).await?;
        for (id, followed) in &mut self.launches {
            let revision = revisions.get(id.as_str());
            if revision.is_none_or(|revision| *revision > followed.watch.revision) {
                followed.gather(&mut self.ready).await?;
            }
        }
        let before = self.launches.len();
        self.launches.retain(|id, _| revisions.contains_key(id.as_str()));
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
    async fn take_up(&mut self, live: &BTreeMap<&str, i64>) -> Result<bool> {
        let before = self.launches.len();
        for id in live.keys() {
            if self.launches.contains_key(*id) {
                continue;
            }
            let after = if self.begun { 0 } else { self.last_line(id).await? };
            let watch = self.engine.watch(id, Some(after)).await?;
            self.launches
                .insert((*id).to_owned(), Followed { watch, image: None });
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
    /// Moves everything new to `ready`.
    async fn gather(&mut self, ready: &mut VecDeque<Event>) -> Result<()> {
        while self.watch.gather().await? {
            while let Some(event) = self.watch.ready.pop_front() {
                let image = self.new_image(&event);
                ready.push_back(event);
                ready.extend(image);
            }
        }
        Ok(())
    }

    /// An image job that moved on with this snapshot.
    fn new_image(&mut self, event: &Event) -> Option<Event> {
        let Event::Launch { launch } = event else {
            return None;
        };
        if launch.image_job == self.image {
            return None;
        }
        self.image.clone_from(&launch.image_job);
        let id = launch.server.id.clone();
        self.image.clone().map(|image| Event::Image { id, image })
    }
}
