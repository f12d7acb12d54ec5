//! What the installer knows about stopping, in a file: it writes, and the process that watches it reads.

use std::io;
use std::path::Path;

use serde::{Deserialize, Serialize};

use crate::private;

/// What the installer knows.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Wish {
    /// The current attempt, where it has failed.
    pub failed_attempt: Option<u32>,
    /// The last order that put a stop off.
    pub extension: Option<Extension>,
}

/// An order that put a stop off.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Extension {
    /// Its number.
    pub order: u32,
    /// From when it was read.
    pub minutes: u32,
}

impl Wish {
    /// Reads the file; nothing is wished where it is missing or damaged.
    pub fn read(path: &Path) -> io::Result<Self> {
        match private::read(path) {
            Ok(json) => Ok(serde_json::from_slice(&json).unwrap_or_default()),
            Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(Wish::default()),
            Err(error) => Err(error),
        }
    }

    /// Changes what the file says, where that is news.
    pub fn change(path: &Path, change: impl FnOnce(&mut Wish)) -> io::Result<()> {
        let old = Self::read(path)?;
        let mut new = old;
        change(&mut new);
        if new == old {
            return Ok(());
        }
        private::write(path, &serde_json::to_vec(&new)?)
    }
}
