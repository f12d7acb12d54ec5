//! Opening the journal: its tables, its settings, and what happens to a damaged one.

use std::path::{Path, PathBuf};
use std::time::Duration;

use rusqlite::{Connection, ErrorCode};
use slipway_protocol::Time;

use crate::error::{Error, ErrorKind, Result};

/// The newest layout that this build writes.
const LAYOUT: i32 = 1;

const TABLES: &str = "
    CREATE TABLE launches (
        id TEXT PRIMARY KEY, profile TEXT NOT NULL, name TEXT NOT NULL, live INTEGER NOT NULL,
        revision INTEGER NOT NULL, body TEXT NOT NULL);
    CREATE UNIQUE INDEX live_names ON launches (profile, name) WHERE live = 1;
    CREATE TABLE revisions (last INTEGER NOT NULL);
    INSERT INTO revisions VALUES (0);
    CREATE TABLE leases (subject TEXT PRIMARY KEY, owner TEXT NOT NULL, heartbeat INTEGER NOT NULL);
    CREATE TABLE wishes (launch TEXT PRIMARY KEY, wish TEXT NOT NULL);
    CREATE TABLE intents (
        id INTEGER PRIMARY KEY, subject TEXT NOT NULL, change TEXT NOT NULL, request TEXT NOT NULL,
        result TEXT, open INTEGER NOT NULL DEFAULT 1, created INTEGER NOT NULL);
    CREATE INDEX open_intents ON intents (subject, change) WHERE open = 1;
    CREATE TABLE cursors (launch TEXT PRIMARY KEY, stream TEXT NOT NULL, last INTEGER NOT NULL);
    CREATE TABLE messages (
        launch TEXT NOT NULL, number INTEGER NOT NULL, attempt INTEGER NOT NULL, time INTEGER NOT NULL,
        step TEXT, level TEXT NOT NULL, kind TEXT NOT NULL, text TEXT NOT NULL, extra TEXT,
        PRIMARY KEY (launch, number)) WITHOUT ROWID;
    CREATE INDEX notable_messages ON messages (launch, number) WHERE kind <> 'line';
    CREATE INDEX warnings ON messages (launch, number) WHERE level <> 'info';
    CREATE TABLE observed (launch TEXT PRIMARY KEY, instance TEXT NOT NULL, at INTEGER NOT NULL);
    CREATE TABLE image_jobs (
        id TEXT PRIMARY KEY, profile TEXT NOT NULL, launch TEXT NOT NULL, live INTEGER NOT NULL, body TEXT NOT NULL);
    CREATE TABLE settings (key TEXT PRIMARY KEY, value TEXT NOT NULL);
";

/// A damaged journal that was put out of the way.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SetAside {
    /// Where it lies now.
    pub path: PathBuf,
    /// What was wrong with it.
    pub reason: String,
}

/// One connection with the settings that durability leans on.
pub(super) fn connect(path: &Path) -> rusqlite::Result<Connection> {
    let connection = Connection::open(path)?;
    connection.busy_timeout(Duration::from_secs(10))?;
    connection.pragma_update(None, "journal_mode", "WAL")?;
    // FULL, because the intent to spend money must survive a power cut, not only a crash.
    connection.pragma_update(None, "synchronous", "FULL")?;
    Ok(connection)
}

/// Opens or makes the journal; a damaged one is set aside and a new one made.
pub(super) fn open(path: &Path) -> Result<(Connection, Option<SetAside>)> {
    if let Some(folder) = path.parent() {
        std::fs::create_dir_all(folder)?;
    }
    match examine(path) {
        Ok(connection) => Ok((connection, None)),
        Err(Examined::Broken(reason)) => {
            let aside = set_aside(path)?;
            let connection = examine(path).map_err(Examined::into_error)?;
            Ok((connection, Some(SetAside { path: aside, reason })))
        }
        Err(other) => Err(other.into_error()),
    }
}

enum Examined {
    Broken(String),
    Refused(Error),
}

impl Examined {
    fn into_error(self) -> Error {
        match self {
            Examined::Broken(reason) => {
                Error::new(ErrorKind::Journal, format!("The journal is damaged: {reason}."))
            }
            Examined::Refused(error) => error,
        }
    }
}

fn examine(path: &Path) -> Result<Connection, Examined> {
    let opened = connect(path).and_then(|connection| {
        let verdict: String = connection.query_row("PRAGMA quick_check(1)", [], |row| row.get(0))?;
        Ok((connection, verdict))
    });
    match opened {
        Ok((connection, verdict)) if verdict == "ok" => lay_out(connection),
        Ok((_, verdict)) => Err(Examined::Broken(verdict)),
        Err(error) => match error.sqlite_error_code() {
            Some(ErrorCode::DatabaseCorrupt | ErrorCode::NotADatabase) => {
                Err(Examined::Broken(error.to_string()))
            }
            _ => Err(Examined::Refused(error.into())),
        },
    }
}

fn lay_out(mut connection: Connection) -> Result<Connection, Examined> {
    let refused = |error: rusqlite::Error| match error.sqlite_error_code() {
        Some(ErrorCode::DatabaseCorrupt | ErrorCode::NotADatabase) => Examined::Broken(error.to_string()),
        _ => Examined::Refused(error.into()),
    };
    let transaction = connection
        .transaction_with_behavior(rusqlite::TransactionBehavior::Immediate)
        .map_err(refused)?;
    let layout: i32 = transaction
        .query_row("PRAGMA user_version", [], |row| row.get(0))
        .map_err(refused)?;
    if layout > LAYOUT {
        return Err(Examined::Refused(
            Error::new(
                ErrorKind::Journal,
                "The journal of launches was written by a newer version of Slipway.",
            )
            .hint("Open it with that version, or choose another data folder."),
        ));
    }
    if layout == 0 {
        transaction.execute_batch(TABLES).map_err(refused)?;
        transaction
            .pragma_update(None, "user_version", LAYOUT)
            .map_err(refused)?;
    } else {
        // A table that is missing is damage too: found now, not in the middle of a launch.
        transaction
            .prepare("SELECT body FROM launches")
            .map_err(|error| Examined::Broken(error.to_string()))?;
    }
    transaction.commit().map_err(refused)?;
    Ok(connection)
}

fn set_aside(path: &Path) -> Result<PathBuf> {
    let aside = path.with_extension(format!("damaged-{}.db", Time::now().0));
    std::fs::rename(path, &aside)?;
    for tail in ["-wal", "-shm"] {
        let from = PathBuf::from(format!("{}{tail}", path.display()));
        if from.exists() {
            std::fs::rename(&from, format!("{}{tail}", aside.display()))?;
        }
    }
    Ok(aside)
}
