//! Errors inside the practice world, and how they are told to people.

use std::io;
use std::path::Path;

use slipway_core::error::{Error, ErrorKind};

/// What can go wrong.
#[derive(Debug, thiserror::Error)]
pub enum Trouble {
    /// A refusal that is already a sentence for people.
    #[error(transparent)]
    Told(#[from] Error),
    /// The ledger can't be read or written.
    #[error("the practice cloud's records can't be read or written")]
    Ledger(#[from] rusqlite::Error),
    /// A file can't be read or written.
    #[error("a file of the practice cloud can't be read or written")]
    File(#[from] io::Error),
    /// The ledger is damaged; how.
    #[error("the practice cloud's records are damaged: {0}")]
    Damaged(String),
    /// A record is not what this version writes.
    #[error("a record of the practice cloud is damaged")]
    Record(#[from] serde_json::Error),
}

/// The result of what happens inside.
pub type Outcome<T> = Result<T, Trouble>;

impl From<Trouble> for Error {
    fn from(trouble: Trouble) -> Self {
        match trouble {
            Trouble::Told(error) => error,
            Trouble::Ledger(cause) => of_ledger(&cause),
            Trouble::File(cause) if cause.kind() == io::ErrorKind::StorageFull => full().because(&cause),
            Trouble::File(cause) => Error::new(
                ErrorKind::Internal,
                "A file of the practice cloud could not be read or written.",
            )
            .hint("Check that the practice folder in the data folder is yours and not read-only, then try again.")
            .because(&cause),
            Trouble::Damaged(reason) => damaged(&reason),
            Trouble::Record(cause) => damaged(&cause.to_string()).because(&cause),
        }
    }
}

fn of_ledger(cause: &rusqlite::Error) -> Error {
    use rusqlite::ErrorCode::{
        CannotOpen, DatabaseBusy, DatabaseLocked, DiskFull, PermissionDenied, ReadOnly, SystemIoFailure,
    };
    match cause.sqlite_error_code() {
        Some(DiskFull) => full().because(cause),
        Some(CannotOpen | PermissionDenied | ReadOnly | SystemIoFailure) => {
            out_of_reach("The records of Practice").because(cause)
        }
        Some(DatabaseBusy | DatabaseLocked) => Error::new(
            ErrorKind::CloudTrouble,
            "The practice cloud is busy with other requests.",
        )
        .hint("This goes away by itself.")
        .because(cause),
        _ => damaged(&cause.to_string()).because(cause),
    }
}

/// The refusal where nothing more can be written.
pub fn full() -> Error {
    Error::new(
        ErrorKind::DiskFull,
        "This computer's disk is full, so Practice can't go on.",
    )
    .hint("Free some space, then try again.")
}

/// The next request sets them aside.
fn damaged(reason: &str) -> Error {
    Error::new(
        ErrorKind::CloudTrouble,
        format!("The records of Practice are damaged: {reason}."),
    )
    .hint("Try again: they are then set aside, and Practice begins empty. Other profiles are not affected.")
}

fn out_of_reach(what: &str) -> Error {
    // A launch at work waits until they are there again.
    Error::new(ErrorKind::CloudTrouble, format!("{what} can't be read or written."))
        .hint("See that the folder “practice” in the data folder is yours and can be written to, then try again. Other profiles are not affected.")
}

/// The refusal for a file or folder that is in the way, out of reach, or on a full disk.
pub fn unusable(path: &Path, cause: &io::Error) -> Trouble {
    if cause.kind() == io::ErrorKind::StorageFull {
        return full().because(cause).into();
    }
    out_of_reach(&format!("{} ({cause})", path.display()))
        .because(cause)
        .into()
}

/// The refusal for records of a layout that this build doesn't know.
pub fn newer() -> Trouble {
    Error::new(
        ErrorKind::WrongState,
        "The records of Practice were written by a newer version of Slipway.",
    )
    .hint("Use Practice with that version, or choose another data folder. Other profiles are not affected.")
    .into()
}

/// The refusal where another process keeps the records locked.
pub fn locked(path: &Path) -> Trouble {
    Error::new(
        ErrorKind::CloudTrouble,
        format!("Another program keeps {} locked.", path.display()),
    )
    .hint("It is waited for. If it stays, end that program.")
    .into()
}

/// The refusal for something that is not there.
pub fn not_found(what: &str, name: &str) -> Trouble {
    Error::new(ErrorKind::NotFound, format!("There is no {what} “{name}”."))
        .hint("It may have been removed by another window.")
        .into()
}

/// The refusal for what can't be used as it was given.
pub fn input(sentence: impl Into<String>) -> Trouble {
    Error::new(ErrorKind::Input, sentence).into()
}

/// The refusal for what is not possible now.
pub fn wrong_state(sentence: impl Into<String>, hint: &str) -> Trouble {
    Error::new(ErrorKind::WrongState, sentence).hint(hint).into()
}

/// The refusal for a name in use.
pub fn name_taken(what: &str, name: &str) -> Trouble {
    Error::new(
        ErrorKind::NameTaken,
        format!("There is already {what} named “{name}”."),
    )
    .hint("Choose another name.")
    .into()
}
