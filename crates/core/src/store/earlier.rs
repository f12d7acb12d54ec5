//! Journals of earlier layouts: all that stands in one is copied into a new file, which takes its place when it is whole.
//! The earlier file is kept beside it.
//!
//! Layouts so far: 1 has the tables of 2 without a checksum in each row, and its number once instead of four times.

use std::path::{Path, PathBuf};
use std::time::Duration;

use rusqlite::Connection;

use super::damage::Unusable;
use super::opening::{made_beside, take_place};
use super::tables;

/// Longest wait for a program of an earlier version that is writing.
const BUSY: Duration = Duration::from_secs(10);

/// Brings a journal to the newest layout. Must be alone in doing so. Gives where the earlier file lies from then on.
pub(super) fn bring_up(path: &Path, layout: u8) -> Result<PathBuf, Unusable> {
    let earlier = Connection::open(path)?;
    earlier.busy_timeout(BUSY)?;
    let verdict: String = earlier.query_row("PRAGMA integrity_check(1)", [], |row| row.get(0))?;
    if verdict != "ok" {
        return Err(Unusable::Damaged(verdict));
    }
    let new = made_beside(path, |new| tables::copy(&earlier, new))?;
    // The log of writes goes into the file that is kept; closing then removes it.
    earlier.query_row("PRAGMA wal_checkpoint(TRUNCATE)", [], |_| Ok(()))?;
    earlier.close().map_err(|(_, error)| error)?;
    let kept = path.with_extension(format!("layout-{layout}.db"));
    take_place(path, &new, &kept).map_err(|error| Unusable::Refused(error.into()))?;
    tracing::info!(layout, kept = %kept.display(), "The journal has its newest layout now");
    Ok(kept)
}

#[cfg(test)]
#[path = "earlier_tests.rs"]
mod tests;
