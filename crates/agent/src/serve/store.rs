//! The durable stream of messages: many writers share one fsync, readers never wait for it.

use std::fs::File;
use std::io;
use std::path::Path;
use std::sync::{Arc, PoisonError, RwLock};
use std::time::Duration;

use slipway_protocol::routes::{Accepted, Batch, Steps};
use tokio::sync::{mpsc, oneshot, watch};
use tokio::task::JoinHandle;

use super::ledger::{Index, Ledger, Refusal};
use super::page::{self, Span};

/// Most bytes that one fsync covers.
const GROUP_BYTES: usize = 4 * 1024 * 1024;
/// Batches that may wait for the next fsync; more senders wait in their own requests.
const WAITING_BATCHES: usize = 256;

/// A handle; cheap to clone. The writer ends when the last one is dropped.
#[derive(Clone)]
pub struct Store {
    jobs: mpsc::Sender<Job>,
    file: Arc<File>,
    index: Arc<RwLock<Index>>,
    last: watch::Receiver<u64>,
}

/// The writer's end: an error means that the disk is full or broken, and the process should start anew.
pub type Writer = JoinHandle<io::Result<()>>;

struct Job {
    batch: Batch,
    answer: oneshot::Sender<Result<Accepted, Refusal>>,
}

/// Why a batch was not stored.
#[derive(Debug, thiserror::Error)]
pub enum AppendError {
    /// It can't be: the sender has to do something else.
    #[error(transparent)]
    Refused(#[from] Refusal),
    /// The disk failed; the batch may or may not be stored, sending it again tells.
    #[error("the messages can't be written to the disk")]
    Disk,
}

impl Store {
    /// Opens the messages file and starts its writer; needs a tokio runtime.
    pub fn open(path: &Path) -> io::Result<(Self, Writer)> {
        let (ledger, index) = Ledger::open(path)?;
        let (last, newest) = watch::channel(index.ends.len() as u64);
        let (jobs, waiting) = mpsc::channel(WAITING_BATCHES);
        let store = Store {
            jobs,
            file: Arc::new(File::open(path)?),
            index: Arc::new(RwLock::new(index)),
            last: newest,
        };
        let index = store.index.clone();
        let writer = tokio::task::spawn_blocking(move || write(ledger, waiting, &index, &last));
        Ok((store, writer))
    }

    /// Stores a batch; answers when it is on the disk.
    pub async fn append(&self, batch: Batch) -> Result<Accepted, AppendError> {
        let (answer, stored) = oneshot::channel();
        let job = Job { batch, answer };
        self.jobs.send(job).await.map_err(|_| AppendError::Disk)?;
        Ok(stored.await.map_err(|_| AppendError::Disk)??)
    }

    /// Number of the newest message on the disk; 0 when there is none.
    pub fn last(&self) -> u64 {
        *self.last.borrow()
    }

    /// Waits until there is something behind `after`, but no longer than `longest`.
    pub async fn wait_beyond(&self, after: u64, longest: Duration) {
        let mut last = self.last.clone();
        let news = last.wait_for(|last| *last != after);
        let _ = tokio::time::timeout(longest, news).await;
    }

    /// The JSON of a [`slipway_protocol::routes::Page`]: at most `limit` messages behind `after`.
    pub async fn page(&self, stream: &str, after: u64, limit: usize) -> io::Result<Vec<u8>> {
        let span = Span::find(&self.index().ends, after, limit);
        let last = self.last();
        let (file, stream) = (self.file.clone(), stream.to_owned());
        let read = tokio::task::spawn_blocking(move || page::read(&file, span, &stream, last));
        read.await.map_err(io::Error::other)?
    }

    /// How far each step is.
    pub fn steps(&self, stream: &str) -> Steps {
        self.index().fold.steps(stream)
    }

    /// The current attempt, from 1.
    pub fn attempt(&self) -> u32 {
        self.index().fold.attempt()
    }

    /// True when the app, having stored everything up to `after`, knows that the work has ended well.
    pub fn is_acknowledged(&self, after: u64) -> bool {
        let success = self.index().fold.success();
        // Beyond the newest message the app speaks of another disk.
        success.is_some_and(|success| success <= after && after <= self.last())
    }

    fn index(&self) -> std::sync::RwLockReadGuard<'_, Index> {
        self.index.read().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Takes what has gathered while the disk was busy, commits it at once, then answers.
fn write(
    mut ledger: Ledger,
    mut waiting: mpsc::Receiver<Job>,
    index: &RwLock<Index>,
    last: &watch::Sender<u64>,
) -> io::Result<()> {
    while let Some(first) = waiting.blocking_recv() {
        let mut answers = Vec::new();
        let mut next = Some(first);
        while let Some(Job { batch, answer }) = next {
            answers.push((answer, ledger.stage(batch)));
            let room = ledger.staged_bytes() < GROUP_BYTES;
            next = room.then(|| waiting.try_recv().ok()).flatten();
        }
        let committed = ledger.commit()?;
        let mut index = index.write().unwrap_or_else(PoisonError::into_inner);
        let newest = index.extend(committed);
        drop(index);
        last.send_replace(newest);
        for (answer, result) in answers {
            // The sender may have gone; it will ask again.
            let _ = answer.send(result);
        }
    }
    Ok(())
}
