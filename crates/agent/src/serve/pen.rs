//! What writes the stream: the ledger and all who have to hear of what it has brought to the disk.

use std::io;
use std::path::Path;
use std::sync::{Arc, PoisonError, RwLock};

use slipway_protocol::routes::{Accepted, Batch};
use tokio::sync::watch;

use super::ledger::{Index, Ledger, Refusal};

/// Most bytes that one fsync covers.
const GROUP_BYTES: usize = 4 * 1024 * 1024;

/// One at a time holds it.
pub struct Pen {
    ledger: Ledger,
    index: Arc<RwLock<Index>>,
    last: watch::Sender<u64>,
    broken: bool,
}

impl Pen {
    /// Opens the messages file. Also gives what is in it, and where the number of the newest message will be told.
    pub fn open(path: &Path) -> io::Result<(Self, Arc<RwLock<Index>>, watch::Receiver<u64>)> {
        let (ledger, index) = Ledger::open(path)?;
        let (last, newest) = watch::channel(index.ends.len() as u64);
        let index = Arc::new(RwLock::new(index));
        let pen = Pen {
            ledger,
            index: index.clone(),
            last,
            broken: false,
        };
        Ok((pen, index, newest))
    }

    /// Decides what a batch adds. The answer may be given after the next [`Pen::commit`].
    pub fn stage(&mut self, batch: Batch) -> Result<Accepted, Refusal> {
        self.ledger.stage(batch)
    }

    /// Whether another batch may share the next fsync.
    pub fn has_room(&self) -> bool {
        self.ledger.staged_bytes() < GROUP_BYTES
    }

    /// Brings everything staged to the disk, then tells those who read. Once it has failed nothing is written any more.
    pub fn commit(&mut self) -> io::Result<()> {
        if self.broken {
            return Err(io::Error::other("an earlier write has failed"));
        }
        self.broken = true;
        let committed = self.ledger.commit()?;
        self.broken = false;
        let mut index = self.index.write().unwrap_or_else(PoisonError::into_inner);
        let newest = index.extend(committed);
        drop(index);
        self.last.send_replace(newest);
        Ok(())
    }
}
