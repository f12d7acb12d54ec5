//! The file with the list of profiles. One that is damaged is set aside; one that can't be read, or that a newer version
//! wrote, stays as it is and is told. Either way what needs no AWS profile goes on.

use std::io::{self, Write};
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};

use serde_json::Value;
use slipway_core::error::{Error, ErrorKind, Result};
use slipway_core::files;
use slipway_core::names::shown;
use slipway_core::notices::Notices;
use slipway_protocol::Time;

use super::Kept;

/// The file. Cheap to clone.
#[derive(Clone)]
pub(super) struct ListFile {
    path: PathBuf,
    notices: Notices,
    /// What was told last: the window looks every few seconds.
    told: Arc<Mutex<Option<String>>>,
}

/// What stands in it.
#[derive(Default)]
struct Entries {
    kept: Vec<Kept>,
    /// Those that this version can't read. They are written again as they are.
    others: Vec<Value>,
}

impl ListFile {
    pub fn new(path: PathBuf, notices: Notices) -> Self {
        ListFile {
            path,
            notices,
            told: Arc::default(),
        }
    }

    /// The profiles, in the order in which they were added.
    pub fn read(&self) -> Result<Vec<Kept>> {
        let entries = self.entries()?;
        if let Some(other) = entries.others.first() {
            let name = other.get("name").and_then(Value::as_str).unwrap_or("?");
            self.tell_once(format!(
                "The profile “{}” in {} can't be used by this version of Slipway. It is left as it is.",
                shown(name),
                self.path.display()
            ));
        }
        Ok(entries.kept)
    }

    /// Tells the user why the profiles are not known now.
    pub fn tell(&self, error: &Error) {
        self.tell_once(format!("{} {} Practice can be used.", error.sentence, error.hint));
    }

    /// Written beside and renamed, so that a crash leaves the old list or the new one.
    pub fn write(&self, list: &[Kept]) -> Result<()> {
        let others = self.entries()?.others;
        let kept = list.iter().map(serde_json::to_value);
        let all: Vec<Value> = kept
            .chain(others.into_iter().map(Ok))
            .collect::<serde_json::Result<_>>()
            .map_err(|error| {
                Error::new(ErrorKind::Internal, "The list of profiles could not be made.").because(&error)
            })?;
        self.replace(&all).map_err(|error| unwritable(&self.path, &error))
    }

    fn replace(&self, all: &[Value]) -> io::Result<()> {
        let folder = self.path.parent().unwrap_or_else(|| Path::new("."));
        let mut draft = tempfile::NamedTempFile::new_in(folder)?;
        serde_json::to_writer_pretty(&mut draft, all)?;
        draft.flush()?;
        draft.as_file().sync_all()?;
        draft.persist(&self.path).map_err(|error| error.error)?;
        Ok(())
    }

    fn entries(&self) -> Result<Entries> {
        let text = match files::read_text(&self.path, files::SMALL) {
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(Entries::default()),
            Err(error) if error.kind() == io::ErrorKind::InvalidData => {
                return self.set_aside(&error.to_string());
            }
            other => other.map_err(|error| unreadable(&self.path, &error))?,
        };
        match serde_json::from_str(&text) {
            Ok(Value::Array(found)) => Ok(sorted(found)),
            // Only a newer version would write something else that is whole.
            Ok(Value::Object(_)) => Err(newer(&self.path)),
            Ok(_) => self.set_aside("it is no list"),
            Err(error) => self.set_aside(&error.to_string()),
        }
    }

    fn set_aside(&self, reason: &str) -> Result<Entries> {
        let aside = self
            .path
            .with_extension(format!("damaged-{}.json", Time::now().0));
        std::fs::rename(&self.path, &aside).map_err(|error| unwritable(&self.path, &error))?;
        self.notices.tell(format!(
            "The list of profiles was damaged ({reason}). It was set aside as {}. Add the profiles again under the same \
             names: their servers and the keys in the keychain are not lost.",
            aside.display()
        ));
        Ok(Entries::default())
    }

    fn tell_once(&self, notice: String) {
        let mut told = self.told.lock().unwrap_or_else(PoisonError::into_inner);
        if told.as_ref() != Some(&notice) {
            self.notices.tell(notice.clone());
            *told = Some(notice);
        }
    }
}

fn sorted(found: Vec<Value>) -> Entries {
    let mut entries = Entries::default();
    for entry in found {
        match serde_json::from_value(entry.clone()) {
            Ok(kept) => entries.kept.push(kept),
            Err(_) => entries.others.push(entry),
        }
    }
    entries
}

fn unreadable(path: &Path, error: &io::Error) -> Error {
    let sentence = format!(
        "The list of profiles in {} can't be read: {error}.",
        path.display()
    );
    Error::new(ErrorKind::WrongState, sentence)
        .hint("See that it is a file of yours that you may read, or move away what is in its place.")
        .because(error)
}

fn newer(path: &Path) -> Error {
    let sentence = format!(
        "The list of profiles in {} was written by a newer version of Slipway.",
        path.display()
    );
    Error::new(ErrorKind::WrongState, sentence).hint("Use that version, or choose another data folder.")
}

fn unwritable(path: &Path, error: &io::Error) -> Error {
    if error.kind() == io::ErrorKind::StorageFull {
        let sentence = format!(
            "The disk is full, so the list of profiles in {} can't be written.",
            path.display()
        );
        return Error::new(ErrorKind::DiskFull, sentence)
            .hint("Free some space, then try again.")
            .because(error);
    }
    let sentence = format!(
        "The list of profiles in {} can't be written: {error}.",
        path.display()
    );
    Error::new(ErrorKind::WrongState, sentence)
        .hint("See that the data folder is yours and can be written to, then try again.")
        .because(error)
}

#[cfg(test)]
#[path = "list_file_tests.rs"]
mod tests;
