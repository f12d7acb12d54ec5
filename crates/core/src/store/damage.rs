//! Whether a journal is whole: its header, its structure, and every row.

use std::path::Path;

use rusqlite::ffi::SQLITE_IOERR_SHORT_READ;
use rusqlite::{Connection, ErrorCode};

use super::opening::connect;
use super::tables::{self, LAYOUT};
use crate::error::{Error, ErrorKind};
use crate::files;

/// Why a journal can't be used.
pub(super) enum Unusable {
    /// It is damaged; what is wrong with it.
    Damaged(String),
    /// An earlier version of Slipway wrote it, in this layout.
    Earlier(u8),
    /// It may be whole, but this build, or this moment, can't use it.
    Refused(Error),
}

/// Length of the header.
pub const HEADER_BYTES: usize = 100;

/// Fields of the file's header that no journal of ours has otherwise, by their offset: <https://sqlite.org/fileformat2.html#the_database_header>.
/// SQLite believes them: by a flipped bit among them a file becomes read-only, or one of a newer format.
const HEADER: [(usize, &[u8]); 3] = [
    (0, b"SQLite format 3\0"),
    // Page size 4096; written and read by WAL; no reserved space; fixed payload fractions.
    (16, &[0x10, 0, 2, 2, 0, 64, 32, 32]),
    // No automatic vacuum.
    (52, &[0, 0, 0, 0]),
];

/// The schema format, 4, and the text encoding, UTF-8.
const TABLES: [(usize, &[u8]); 2] = [(44, &[0, 0, 0, 4]), (56, &[0, 0, 0, 1])];

/// The same as long as all tables are in the write-ahead log alone.
const NO_TABLES_YET: [(usize, &[u8]); 2] = [(44, &[0; 4]), (56, &[0; 4])];

/// Offset of the layout's number in the header.
const LAYOUT_AT: usize = 60;

impl Unusable {
    pub(super) fn into_error(self) -> Error {
        match self {
            Unusable::Damaged(reason) => {
                Error::new(ErrorKind::Journal, format!("The journal is damaged: {reason}."))
            }
            Unusable::Earlier(layout) => Error::new(
                ErrorKind::Journal,
                format!("The journal of launches has the earlier layout {layout}."),
            ),
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
        Unusable::Refused(_) if !files::has_room(path.parent().unwrap_or_else(|| Path::new("."))) => {
            Unusable::Refused(full())
        }
        other => other,
    })
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
    let mut header = Vec::with_capacity(HEADER_BYTES);
    files::open(path)
        .and_then(|file| {
            std::io::Read::read_to_end(&mut std::io::Read::take(file, HEADER_BYTES as u64), &mut header)
        })
        .map_err(|error| Unusable::Refused(unusable(path, &error)))?;
    if !is_header(&header) {
        return Err(Unusable::Damaged("its header has changed".into()));
    }
    examine_layout(&header[LAYOUT_AT..LAYOUT_AT + 4])
}

/// Whether a file that begins with these bytes, at least 100, is a database as this project makes them: SQLite in WAL
/// mode. One that is not is damaged, though SQLite may call it read-only or of a newer format.
pub fn is_header(bytes: &[u8]) -> bool {
    let has = |fields: &[(usize, &[u8])]| {
        let is_there = |(at, wanted): &(usize, &[u8])| bytes.get(*at..at + wanted.len()) == Some(wanted);
        fields.iter().all(is_there)
    };
    bytes.len() >= HEADER_BYTES && has(&HEADER) && (has(&TABLES) || has(&NO_TABLES_YET))
}

fn examine_layout(number: &[u8]) -> Result<(), Unusable> {
    match *number {
        // Layout 1 had its number once.
        [0, 0, 0, 1] => Err(Unusable::Earlier(1)),
        [a, b, c, d] if a == b && b == c && c == d => match a {
            0 => Err(Unusable::Damaged("it has no layout".into())),
            LAYOUT => Ok(()),
            earlier if earlier < LAYOUT => Err(Unusable::Earlier(earlier)),
            _ => Err(Unusable::Refused(newer())),
        },
        _ => Err(Unusable::Damaged("the number of its layout has changed".into())),
    }
}

fn newer() -> Error {
    Error::new(
        ErrorKind::Journal,
        "The journal of launches was written by a newer version of Slipway. It is left as it is.",
    )
    .hint("Use that version, or choose another data folder with --data-dir or SLIPWAY_DATA_DIR.")
}

/// The refusal for what is in the way of the journal, out of reach, or on a full disk.
pub(super) fn unusable(path: &Path, error: &std::io::Error) -> Error {
    if error.kind() == std::io::ErrorKind::StorageFull {
        return full().because(error);
    }
    let sentence = format!(
        "The journal of launches in {} can't be used: {error}.",
        path.display()
    );
    Error::new(ErrorKind::Journal, sentence)
        .hint("See that the data folder and all in it are yours and can be written to, or choose another data folder.")
        .because(error)
}
