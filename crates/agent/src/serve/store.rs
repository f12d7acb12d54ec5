//! The durable stream of messages: many senders share one fsync, readers never wait for it.

use std::fs::File;
use std::io;
use std::path::Path;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError, RwLock};
use std::time::Duration;

use slipway_protocol::routes::{Accepted, Batch, Steps};
use tokio::runtime::{Handle, RuntimeFlavor};
use tokio::sync::{mpsc, oneshot, watch};
use tokio::task::JoinHandle;

use super::ledger::{Index, Refusal};
use super::page::{self, Span};
use super::pen::Pen;

/// Batches that may wait for the next fsync; more senders wait in their own requests.
const WAITING_BATCHES: usize = 256;

/// A handle; cheap to clone. The writer ends when the last one is dropped.
#[derive(Clone)]
pub struct Store {
    jobs: mpsc::Sender<Job>,
    pen: Arc<Mutex<Pen>>,
    /// Batches that are not answered yet.
    at_work: Arc<AtomicUsize>,
    file: Arc<File>,
    index: Arc<RwLock<Index>>,
    last: watch::Receiver<u64>,
}

/// The writer's end: an error means that the disk is full or broken, and the process should start anew.
pub type Writer = JoinHandle<io::Result<()>>;

enum Job {
    Store(Batch, oneshot::Sender<Result<Accepted, Refusal>>),
    /// The disk has failed outside of the writer, which ends by this.
    GiveUp(io::Error),
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
        let (pen, index, last) = Pen::open(path)?;
        let (jobs, waiting) = mpsc::channel(WAITING_BATCHES);
        let store = Store {
            jobs,
            pen: Arc::new(Mutex::new(pen)),
            at_work: Arc::default(),
            file: Arc::new(File::open(path)?),
            index,
            last,
        };
        let pen = Arc::clone(&store.pen);
        let writer = tokio::task::spawn_blocking(move || write(&pen, waiting));
        Ok((store, writer))
    }

    /// Stores a batch; answers when it is on the disk.
    pub async fn append(&self, batch: Batch) -> Result<Accepted, AppendError> {
        let (_at_work, others) = AtWork::begin(&self.at_work);
        let tried = match others {
            0 => self.append_here(batch),
            _ => Here::Busy(batch),
        };
        let batch = match tried {
            Here::Done(result) => return Ok(result?),
            Here::Busy(batch) => batch,
            Here::Failed(error) => {
                let _ = self.jobs.send(Job::GiveUp(error)).await;
                return Err(AppendError::Disk);
            }
        };
        let (answer, stored) = oneshot::channel();
        let job = Job::Store(batch, answer);
        self.jobs.send(job).await.map_err(|_| AppendError::Disk)?;
        Ok(stored.await.map_err(|_| AppendError::Disk)??)
    }

    /// A batch that comes alone is written by the thread that has read it: to hand it to the writer and back would wake
    /// two threads, and take nearly as long as a fast disk.
    fn append_here(&self, batch: Batch) -> Here {
        // Elsewhere nobody could take over what else this thread has to do.
        let may_block = Handle::current().runtime_flavor() == RuntimeFlavor::MultiThread;
        if !may_block {
            return Here::Busy(batch);
        }
        let Ok(mut pen) = self.pen.try_lock() else {
            return Here::Busy(batch);
        };
        tokio::task::block_in_place(|| {
            let result = pen.stage(batch);
            match pen.commit() {
                Ok(()) => Here::Done(result),
                Err(error) => Here::Failed(error),
            }
        })
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

/// A batch that is at work, until it is dropped.
struct AtWork(Arc<AtomicUsize>);

impl AtWork {
    /// Also gives how many others are.
    fn begin(count: &Arc<AtomicUsize>) -> (Self, usize) {
        let others = count.fetch_add(1, Ordering::Relaxed);
        (AtWork(count.clone()), others)
    }
}

impl Drop for AtWork {
    fn drop(&mut self) {
        self.0.fetch_sub(1, Ordering::Relaxed);
    }
}

/// What became of a batch that was to be written at once.
enum Here {
    Done(Result<Accepted, Refusal>),
    /// Others write or wait.
    Busy(Batch),
    Failed(io::Error),
}

/// Takes what has gathered while the disk was busy, commits it at once, then answers.
fn write(pen: &Mutex<Pen>, mut waiting: mpsc::Receiver<Job>) -> io::Result<()> {
    while let Some(first) = waiting.blocking_recv() {
        let mut pen = lock(pen);
        let mut answers = Vec::new();
        let mut next = Some(first);
        while let Some(job) = next {
            match job {
                Job::Store(batch, answer) => answers.push((answer, pen.stage(batch))),
                Job::GiveUp(error) => return Err(error),
            }
            next = pen.has_room().then(|| waiting.try_recv().ok()).flatten();
        }
        pen.commit()?;
        drop(pen);
        for (answer, result) in answers {
            // The sender may have gone; it will ask again.
            let _ = answer.send(result);
        }
    }
    Ok(())
}

fn lock(pen: &Mutex<Pen>) -> MutexGuard<'_, Pen> {
    pen.lock().unwrap_or_else(PoisonError::into_inner)
}
