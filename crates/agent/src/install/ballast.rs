//! Room kept for bad times: a file that is deleted when the disk is full, so that the end can still be told.

use std::fs::File;
use std::io::{self, Write};
use std::path::PathBuf;
use std::sync::Arc;

/// Bytes kept free for the last messages.
pub const BALLAST_BYTES: usize = 16 * 1024 * 1024;
const BLOCK: usize = 64 * 1024;

/// The file that keeps the room.
#[derive(Clone)]
pub struct Ballast(Arc<PathBuf>);

impl Ballast {
    /// Makes the file, as long as the disk has room for it. Zeros are really written: a sparse file keeps nothing.
    pub fn reserve(path: PathBuf, bytes: usize) -> Self {
        let whole = path
            .metadata()
            .is_ok_and(|metadata| metadata.len() == bytes as u64);
        if !whole && write_zeros(&path, bytes).is_err() {
            // Half of it would keep the room that the messages need now.
            let _ = std::fs::remove_file(&path);
        }
        Ballast(Arc::new(path))
    }

    /// Runs `write`; where the disk is full, gives the room back and runs it once more.
    pub fn with_room<T>(&self, mut write: impl FnMut() -> io::Result<T>) -> io::Result<T> {
        match write() {
            Err(error) if is_full(&error) && self.give_back() => write(),
            other => other,
        }
    }

    /// True once the room has been given back.
    pub fn is_spent(&self) -> bool {
        !self.0.exists()
    }

    /// Deletes the file. True where it was there.
    pub fn give_back(&self) -> bool {
        std::fs::remove_file(&*self.0).is_ok()
    }
}

/// True where a disk or a quota has no room left.
pub fn is_full(error: &io::Error) -> bool {
    matches!(
        error.kind(),
        io::ErrorKind::StorageFull | io::ErrorKind::QuotaExceeded | io::ErrorKind::FileTooLarge
    )
}

fn write_zeros(path: &PathBuf, bytes: usize) -> io::Result<()> {
    let mut file = File::create(path)?;
    let block = [0u8; BLOCK];
    let mut left = bytes;
    while left > 0 {
        let now = left.min(BLOCK);
        file.write_all(&block[..now])?;
        left -= now;
    }
    file.sync_all()
}
