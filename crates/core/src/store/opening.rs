//! Opening the journal: made where there is none, put out of the way where it is damaged.
//!
//! INVARIANT: the file of the journal is whole from the moment it has its name. A new one is made beside it and then
//! renamed, so that a crash leaves the old one or the new one, and a new one that replaces a damaged one says so itself.

use std::fs::File;
use std::path::{Path, PathBuf};
use std::time::Duration;

use rusqlite::Connection;
use slipway_protocol::Time;

use super::damage::{Unusable, examine, unusable};
use super::earlier::bring_up;
use super::tables;
use crate::error::Result;

/// The setting of a journal that replaces a damaged one, until its rebuilding has begun.
pub(crate) const REPLACES: &str = "replaces";

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
    tables::add_row_sum(&connection)?;
    connection.pragma_update(None, "journal_mode", "WAL")?;
    // FULL, because the intent to spend money must survive a power cut, not only a crash.
    connection.pragma_update(None, "synchronous", "FULL")?;
    // What is deleted or replaced is overwritten: a signed URL must not stay in a free page.
    connection.pragma_update(None, "secure_delete", "ON")?;
    Ok(connection)
}

/// Opens or makes the journal; a damaged one is set aside and a new one made. Whoever calls this holds the
/// [`super::lock`]: two programs that start at once must not both replace it.
pub(super) fn open(path: &Path) -> Result<(Connection, Option<SetAside>)> {
    let named = |error: std::io::Error| unusable(path, &error);
    if let Some(folder) = path.parent() {
        std::fs::create_dir_all(folder).map_err(named)?;
    }
    if !path.exists() {
        let new = made_beside(path, |_| Ok(())).map_err(Unusable::into_error)?;
        std::fs::rename(new, path).map_err(named)?;
    }
    keep_private(path).map_err(named)?;
    let examined = match examine(path) {
        Err(Unusable::Earlier(layout)) => bring_up(path, layout).and_then(|_| examine(path)),
        other => other,
    };
    let aside = match examined {
        Ok(connection) => return Ok((connection, None)),
        Err(Unusable::Damaged(reason)) => set_aside(path, reason)?,
        Err(other) => return Err(other.into_error()),
    };
    let connection = examine(path).map_err(Unusable::into_error)?;
    Ok((connection, Some(aside)))
}

/// A new journal under another name, with what `fill` puts into it.
pub(super) fn made_beside(
    path: &Path,
    fill: impl FnOnce(&Connection) -> rusqlite::Result<()>,
) -> Result<PathBuf, Unusable> {
    let beside = path.with_extension("new");
    empty_file(&beside).map_err(|error| Unusable::Refused(unusable(&beside, &error)))?;
    let connection = Connection::open(&beside)?;
    tables::add_row_sum(&connection)?;
    connection.pragma_update(None, "synchronous", "FULL")?;
    let transaction = connection.unchecked_transaction()?;
    tables::make(&transaction)?;
    fill(&transaction)?;
    transaction.commit()?;
    // Noted in the file's header; closing then leaves all in the one file.
    connection.pragma_update(None, "journal_mode", "WAL")?;
    connection.close().map_err(|(_, error)| error)?;
    Ok(beside)
}

fn empty_file(path: &Path) -> std::io::Result<()> {
    for tail in ["", "-journal"] {
        remove(&tailed(path, tail))?;
    }
    File::create(path)?;
    keep_private(path)
}

fn set_aside(path: &Path, reason: String) -> Result<SetAside> {
    let aside = path.with_extension(format!("damaged-{}.db", Time::now().0));
    let note = |new: &Connection| {
        let sql = "INSERT INTO settings (key, value) VALUES (?1, ?2)";
        new.execute(sql, [REPLACES, &aside.to_string_lossy()]).map(drop)
    };
    let beside = made_beside(path, note).map_err(Unusable::into_error)?;
    take_place(path, &beside, &aside).map_err(|error| unusable(path, &error))?;
    Ok(SetAside { path: aside, reason })
}

/// `new` is the journal from now on, and what was it lies at `aside`.
pub(super) fn take_place(path: &Path, new: &Path, aside: &Path) -> std::io::Result<()> {
    for tail in ["-wal", "-shm"] {
        let from = tailed(path, tail);
        if from.exists() {
            std::fs::rename(from, tailed(aside, tail))?;
        }
    }
    remove(aside)?;
    // A second name first, so that at no moment there is no journal; not every file system has second names.
    if std::fs::hard_link(path, aside).is_err() {
        std::fs::copy(path, aside)?;
    }
    std::fs::rename(new, path)
}

fn tailed(path: &Path, tail: &str) -> PathBuf {
    PathBuf::from(format!("{}{tail}", path.display()))
}

fn remove(path: &Path) -> std::io::Result<()> {
    match std::fs::remove_file(path) {
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => Ok(()),
        other => other,
    }
}

/// For its owner alone; SQLite gives the files beside it the same permissions. On Windows the folder sees to that.
fn keep_private(path: &Path) -> std::io::Result<()> {
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt;
        let permissions = std::fs::metadata(path)?.permissions();
        if permissions.mode() & 0o777 != 0o600 {
            std::fs::set_permissions(path, std::fs::Permissions::from_mode(0o600))?;
        }
    }
    #[cfg(not(unix))]
    std::fs::metadata(path)?;
    Ok(())
}

#[cfg(test)]
#[path = "opening_tests.rs"]
mod tests;
