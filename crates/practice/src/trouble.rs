//! Errors inside the practice world, and how they are told to people.

use std::io;

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
            Trouble::File(cause) if cause.kind() == io::ErrorKind::StorageFull => full(&cause),
            Trouble::File(cause) => Error::new(
                ErrorKind::Internal,
                "A file of the practice cloud could not be read or written.",
            )
            .hint("Check that the practice folder in the data folder is yours and not read-only, then try again.")
            .because(&cause),
            Trouble::Record(cause) => damaged(&cause),
        }
    }
}

fn of_ledger(cause: &rusqlite::Error) -> Error {
    use rusqlite::ErrorCode::{DatabaseBusy, DatabaseLocked, DiskFull};
    match cause.sqlite_error_code() {
        Some(DiskFull) => full(cause),
        Some(DatabaseBusy | DatabaseLocked) => Error::new(
            ErrorKind::CloudTrouble,
            "The practice cloud is busy with other requests.",
        )
        .hint("This goes away by itself.")
        .because(cause),
        _ => damaged(cause),
    }
}

fn full(cause: &(dyn std::error::Error + 'static)) -> Error {
    Error::new(
        ErrorKind::DiskFull,
        "This computer's disk is full, so the practice cloud can't go on.",
    )
    .hint("Free some space, then try again.")
    .because(cause)
}

fn damaged(cause: &(dyn std::error::Error + 'static)) -> Error {
    Error::new(
        ErrorKind::Internal,
        "The practice cloud's records can't be read or written.",
    )
    .hint("Try again; if it stays, remove the practice folder in the data folder. Practice servers in it are lost.")
    .because(cause)
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
