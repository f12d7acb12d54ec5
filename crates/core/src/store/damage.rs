//! Whether a journal is whole: its header, its structure, and every row.

use std::path::Path;

use rusqlite::ffi::SQLITE_IOERR_SHORT_READ;
use rusqlite::{Connection, ErrorCode};

use super::opening::connect;
use super::tables::{self, LAYOUT};
use crate::error::{Error, ErrorKind};

/// Why a journal can't be used.
pub(super) enum Unusable {
    /// It is damaged; what is wrong with it.
    Damaged(String),
    /// It may be whole, but this build, or this moment, can't use it.
    Refused(Error),
}

/// Fields of the file's header that no journal of ours has otherwise, by their offset: <https://sqlite.org/fileformat2.html#the_database_header>.
/// SQLite believes them: by a flipped bit among them a file becomes read-only, or one of a newer format.
const HEADER: [(usize, &[u8]); 5] = [
    (0, b"SQLite format 3\0"),
    // Page size 4096; written and read by WAL; no reserved space; fixed payload fractions.
    (16, &[0x10, 0, 2, 2, 0, 64, 32, 32]),
    // Schema format 4.
    (44, &[0, 0, 0, 4]),
    // No automatic vacuum.
    (52, &[0, 0, 0, 0]),
    // UTF-8.
    (56, &[0, 0, 0, 1]),
];

/// With less room, in bytes, SQLite can't make its files beside the journal.
const LEAST: u64 = 1024 * 1024;

/// Offset of the layout's number in the header.
const LAYOUT_AT: usize = 60;

impl Unusable {
    pub(super) fn into_error(self) -> Error {
        match self {
            Unusable::Damaged(reason) => {
                Error::new(ErrorKind::Journal, format!("The journal is damaged: {reason}."))
            }
            Unusable::Refused(error) => error,
        }
    }
}

impl From<rusqlite::Error> for Unusable {
    fn from(error: rusqlite::Error) -> Self {
        let damaged = match &error {
            // A statement of ours is wrong only where a table or a column is missing.
            rusqlite::Error::SqlInputError { .. } => true,
            // The file ends in the middle of a page.
            rusqlite::Error::SqliteFailure(cause, _) if cause.extended_code == SQLITE_IOERR_SHORT_READ => {
                true
            }
            other => matches!(
                other.sqlite_error_code(),
                Some(ErrorCode::DatabaseCorrupt | ErrorCode::NotADatabase | ErrorCode::Unknown)
            ),
        };
        if damaged {
            Unusable::Damaged(error.to_string())
        } else {
            Unusable::Refused(error.into())
        }
    }
}

/// Opens a journal that is there, if it is whole.
pub(super) fn examine(path: &Path) -> Result<Connection, Unusable> {
    examined(path).map_err(|unusable| match unusable {
        // SQLite makes a file beside the journal first, and says only that it failed.
        Unusable::Refused(_) if !has_room(path) => Unusable::Refused(full()),
        other => other,
    })
}

fn has_room(path: &Path) -> bool {
    let folder = path.parent().unwrap_or_else(|| Path::new("."));
    fs4::available_space(folder).is_ok_and(|free| free >= LEAST)
}

fn full() -> Error {
    Error::new(
        ErrorKind::DiskFull,
        "The disk with Slipway's data is full, so its journal can't be opened.",
    )
    .hint("Free some space, then try again.")
}

fn examined(path: &Path) -> Result<Connection, Unusable> {
    examine_header(path)?;
    let connection = connect(path)?;
    let verdict: String = connection.query_row("PRAGMA integrity_check(1)", [], |row| row.get(0))?;
    if verdict != "ok" {
        return Err(Unusable::Damaged(verdict));
    }
    match tables::damaged(&connection)? {
        None => Ok(connection),
        Some(table) => Err(Unusable::Damaged(format!("a row of {table} has changed"))),
    }
}

fn examine_header(path: &Path) -> Result<(), Unusable> {
    let mut header = Vec::with_capacity(100);
    std::fs::File::open(path)
        .and_then(|file| std::io::Read::read_to_end(&mut std::io::Read::take(file, 100), &mut header))
        .map_err(|error| Unusable::Refused(error.into()))?;
    let is_ours = |(at, bytes): &(usize, &[u8])| header.get(*at..at + bytes.len()) == Some(bytes);
    if !HEADER.iter().all(is_ours) {
        return Err(Unusable::Damaged("its header has changed".into()));
    }
    let layout: Vec<u8> = header[LAYOUT_AT..LAYOUT_AT + 4].to_vec();
    if layout.iter().any(|byte| *byte != layout[0]) {
        return Err(Unusable::Damaged("the number of its layout has changed".into()));
    }
    examine_layout(layout[0])
}

fn examine_layout(layout: u8) -> Result<(), Unusable> {
    if layout == LAYOUT {
        return Ok(());
    }
    let error = Error::new(
        ErrorKind::Journal,
        "The journal of launches was written by a newer version of Slipway.",
    );
    Err(Unusable::Refused(error.hint(
        "Open it with that version, or choose another data folder.",
    )))
}
