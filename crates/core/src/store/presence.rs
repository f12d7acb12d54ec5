//! Presence: proof that a process which may hold leases is alive. Each keeps a locked file beside the journal. The
//! system gives the lock up with the process, however it ends, so a file that is not locked belongs to a dead one.

use std::fs::{File, TryLockError};
use std::io;
use std::path::{Path, PathBuf};

use crate::files;

/// One process that has the journal open, until this is dropped.
pub(super) struct Presence {
    folder: PathBuf,
    name: String,
    _lock: File,
}

impl Presence {
    /// Shows that this process is there, under a name of its own. Whoever calls this must be alone in doing so: between
    /// making a file and locking it, it looks like that of a dead process.
    pub fn begin(folder: PathBuf) -> io::Result<Self> {
        std::fs::create_dir_all(&folder)?;
        let name = ulid::Ulid::generate().to_string();
        let lock = File::create(folder.join(&name))?;
        match lock.try_lock() {
            Err(TryLockError::Error(cause)) => {
                // Without locks nobody can tell from the file, so there must be none: leases then lapse by time alone.
                tracing::warn!(%cause, "The data folder has no file locks");
                std::fs::remove_file(folder.join(&name))?;
            }
            Ok(()) | Err(TryLockError::WouldBlock) => {}
        }
        Ok(Presence {
            folder,
            name,
            _lock: lock,
        })
    }

    /// Names this process.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// Whether a process is known to be dead. False where that can't be told.
    pub fn is_gone(&self, name: &str) -> bool {
        name != self.name && is_free(&self.folder.join(name))
    }
}

/// Removes the files of the dead and gives their names.
pub(super) fn sweep(folder: &Path) -> io::Result<Vec<String>> {
    let mut dead = Vec::new();
    for entry in std::fs::read_dir(folder)? {
        let entry = entry?;
        if is_free(&entry.path()) {
            std::fs::remove_file(entry.path())?;
            dead.push(entry.file_name().to_string_lossy().into_owned());
        }
    }
    Ok(dead)
}

fn is_free(file: &Path) -> bool {
    files::open(file).is_ok_and(|file| file.try_lock_shared().is_ok())
}

#[cfg(test)]
#[path = "presence_tests.rs"]
mod tests;
