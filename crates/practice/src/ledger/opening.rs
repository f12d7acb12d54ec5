//! Opening the file: its form, its structure and every record in it are looked at first.

use std::path::{Path, PathBuf};
use std::time::Duration;

use rusqlite::{Connection, ErrorCode, OpenFlags};
use slipway_core::cloud::ImageFilter;
use slipway_core::files;
use slipway_core::store::{HEADER_BYTES, is_header};

use super::{groups, images, instances, ours};
use crate::trouble::{Outcome, Trouble, newer, unusable};

/// Longest wait for another process that is writing.
pub(super) const BUSY: Duration = Duration::from_secs(10);
/// The newest layout that this build writes. 0 is the same without the number, and at first without addresses.
const LAYOUT: u8 = 1;

/// Length of a page in bytes, as its header says.
const PAGE: u64 = 4096;

const SCHEMA: &str = "
    CREATE TABLE IF NOT EXISTS key_pairs (
        id TEXT PRIMARY KEY, name TEXT NOT NULL UNIQUE, public_key TEXT NOT NULL
    ) STRICT;
    CREATE TABLE IF NOT EXISTS groups (
        id TEXT PRIMARY KEY, name TEXT NOT NULL UNIQUE, description TEXT NOT NULL
    ) STRICT;
    CREATE TABLE IF NOT EXISTS ingress (
        group_id TEXT NOT NULL REFERENCES groups (id) ON DELETE CASCADE,
        port INTEGER NOT NULL, range TEXT NOT NULL, PRIMARY KEY (group_id, port, range)
    ) STRICT;
    CREATE TABLE IF NOT EXISTS tags (
        resource TEXT NOT NULL, key TEXT NOT NULL, value TEXT NOT NULL, PRIMARY KEY (resource, key)
    ) STRICT;
    CREATE TABLE IF NOT EXISTS images (
        id TEXT PRIMARY KEY, name TEXT NOT NULL UNIQUE, description TEXT NOT NULL, instance TEXT NOT NULL,
        state TEXT NOT NULL, reason TEXT, percent INTEGER NOT NULL, size_gib REAL NOT NULL, created INTEGER NOT NULL
    ) STRICT;
    CREATE TABLE IF NOT EXISTS addresses (instance TEXT PRIMARY KEY, address TEXT NOT NULL) STRICT;
    CREATE TABLE IF NOT EXISTS instances (
        id TEXT PRIMARY KEY, token TEXT NOT NULL UNIQUE, request TEXT NOT NULL, public_key TEXT NOT NULL,
        group_id TEXT NOT NULL, state TEXT NOT NULL, reason TEXT,
        metadata_port INTEGER NOT NULL, agent_port INTEGER NOT NULL, site_port INTEGER NOT NULL,
        rdp_port INTEGER NOT NULL, started INTEGER NOT NULL, ended INTEGER, password_data TEXT,
        restarts INTEGER NOT NULL DEFAULT 0, image TEXT,
        spawned INTEGER, held INTEGER NOT NULL DEFAULT 0, tries INTEGER NOT NULL DEFAULT 0
    ) STRICT;
";

/// The file, opened.
pub(super) struct Opened {
    pub connection: Connection,
    path: PathBuf,
    /// Which file has been opened, where the system tells that.
    file: Option<FileId>,
}

/// Why the file can't be used.
pub(super) enum Unusable {
    /// What is wrong with it.
    Damaged(String),
    /// It may be whole, but this build, or this moment, can't use it.
    Refused(Trouble),
}

impl Opened {
    /// Another process has put another file in its place.
    pub fn is_replaced(&self) -> bool {
        self.file.is_some() && file_id(&self.path) != self.file
    }
}

impl Unusable {
    pub fn into_trouble(self) -> Trouble {
        match self {
            Unusable::Damaged(reason) => Trouble::Damaged(reason),
            Unusable::Refused(trouble) => trouble,
        }
    }
}

impl From<rusqlite::Error> for Unusable {
    fn from(error: rusqlite::Error) -> Self {
        if is_damage(&error) {
            Unusable::Damaged(error.to_string())
        } else {
            Unusable::Refused(error.into())
        }
    }
}

impl From<Trouble> for Unusable {
    fn from(trouble: Trouble) -> Self {
        match trouble {
            Trouble::Ledger(error) => error.into(),
            Trouble::Damaged(reason) => Unusable::Damaged(reason),
            other => Unusable::Refused(other),
        }
    }
}

/// Whether an answer of SQLite means that the file is damaged, rather than busy, full or out of reach.
pub(super) fn is_damage(error: &rusqlite::Error) -> bool {
    match error {
        // A statement of ours is wrong only where a table or a column is missing.
        rusqlite::Error::SqlInputError { .. }
        | rusqlite::Error::FromSqlConversionFailure(..)
        | rusqlite::Error::IntegralValueOutOfRange(..)
        | rusqlite::Error::InvalidColumnType(..) => true,
        rusqlite::Error::SqliteFailure(cause, _)
            if cause.extended_code == rusqlite::ffi::SQLITE_IOERR_SHORT_READ =>
        {
            true
        }
        other => matches!(
            other.sqlite_error_code(),
            Some(ErrorCode::DatabaseCorrupt | ErrorCode::NotADatabase | ErrorCode::Unknown)
        ),
    }
}

/// Opens a file that is there, if it is whole. Blocks.
pub(super) fn open(path: &Path) -> Result<Opened, Unusable> {
    let (header, length) = header(path).map_err(|cause| Unusable::Refused(unusable(path, &cause)))?;
    if !is_header(&header) {
        return Err(Unusable::Damaged("its header has changed".into()));
    }
    if length % PAGE != 0 {
        return Err(Unusable::Damaged("it ends in the middle of a page".into()));
    }
    let connection = connect(path)?;
    let verdict: String = connection.query_row("PRAGMA quick_check(1)", [], |row| row.get(0))?;
    if verdict != "ok" {
        return Err(Unusable::Damaged(verdict));
    }
    lay_out(&connection)?;
    read_all(&connection)?;
    Ok(Opened {
        connection,
        file: file_id(path),
        path: path.to_owned(),
    })
}

/// Makes an empty one under a name that nothing else has yet. Blocks.
pub(super) fn make(path: &Path) -> Outcome<()> {
    std::fs::File::create(path).map_err(|cause| unusable(path, &cause))?;
    let connection = connect(path)?;
    lay_out(&connection)?;
    // Closing leaves all in the one file.
    connection.close().map_err(|(_, error)| error)?;
    Ok(())
}

fn connect(path: &Path) -> rusqlite::Result<Connection> {
    let flags = OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    let connection = Connection::open_with_flags(path, flags)?;
    connection.busy_timeout(BUSY)?;
    connection.pragma_update(None, "journal_mode", "WAL")?;
    connection.pragma_update(None, "synchronous", "NORMAL")?;
    connection.pragma_update(None, "foreign_keys", true)?;
    Ok(connection)
}

fn lay_out(connection: &Connection) -> Outcome<()> {
    let layout: i32 = connection.query_row("PRAGMA user_version", [], |row| row.get(0))?;
    match layout.to_be_bytes() {
        [LAYOUT, LAYOUT, LAYOUT, LAYOUT] => Ok(()),
        [0, 0, 0, 0] => {
            let transaction = connection.unchecked_transaction()?;
            transaction.execute_batch(SCHEMA)?;
            // Four times, so that a flipped bit isn't taken for a newer layout.
            transaction.pragma_update(None, "user_version", i32::from_be_bytes([LAYOUT; 4]))?;
            Ok(transaction.commit()?)
        }
        [a, b, c, d] if a == b && b == c && c == d => Err(newer()),
        _ => Err(Trouble::Damaged("the number of its layout has changed".into())),
    }
}

/// Reads every record once: one that can't be read would stop each later request.
fn read_all(connection: &Connection) -> Outcome<()> {
    instances::all(connection)?;
    images::find(connection, &ImageFilter::Ours)?;
    groups::all(connection)?;
    ours::all(connection).map(drop)
}

/// The header, and the length of the whole file.
fn header(path: &Path) -> std::io::Result<(Vec<u8>, u64)> {
    let mut header = Vec::new();
    let file = files::open(path)?;
    let length = file.metadata()?.len();
    std::io::Read::read_to_end(&mut std::io::Read::take(file, HEADER_BYTES as u64), &mut header)?;
    Ok((header, length))
}

#[cfg(unix)]
type FileId = (u64, u64);
#[cfg(not(unix))]
type FileId = ();

#[cfg(unix)]
fn file_id(path: &Path) -> Option<FileId> {
    use std::os::unix::fs::MetadataExt;
    std::fs::metadata(path).ok().map(|file| (file.dev(), file.ino()))
}

/// There, nobody can replace a file that is open.
#[cfg(not(unix))]
fn file_id(_: &Path) -> Option<FileId> {
    None
}
