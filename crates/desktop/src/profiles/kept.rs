//! The list of profiles: a file without secrets in the data folder, so that it survives a damaged journal. Access keys
//! are in the keychain under `profile/<name>`.

use std::io::Write;
use std::path::PathBuf;
use std::sync::{Arc, Mutex, PoisonError};

use serde::{Deserialize, Serialize};
use slipway_core::error::{Error, ErrorKind, Result};
use slipway_core::ports::Secrets;
use slipway_core::secret::Secret;

use super::Connect;

/// A profile, as the list has it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Kept {
    /// Its name.
    pub name: String,
    /// The region it works in.
    pub region: String,
    /// Where its access key is.
    pub key: Key,
}

/// Where an access key is.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Key {
    /// In the keychain.
    Keychain,
    /// In the files of the AWS tools, under this profile.
    AwsFiles(String),
}

/// The list, the keychain, and the way to AWS.
#[derive(Clone)]
pub struct Profiles {
    file: PathBuf,
    pub(super) keychain: Arc<dyn Secrets>,
    pub(super) connect: Connect,
    /// What was last taken over from the file.
    seen: Arc<Mutex<Vec<Kept>>>,
}

impl Profiles {
    /// Nothing is read yet.
    pub fn new(file: PathBuf, keychain: Arc<dyn Secrets>, connect: Connect) -> Self {
        Profiles {
            file,
            keychain,
            connect,
            seen: Arc::default(),
        }
    }

    /// All of them, in the order in which they were added.
    pub fn list(&self) -> Result<Vec<Kept>> {
        let text = match std::fs::read_to_string(&self.file) {
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Ok(Vec::new()),
            other => other?,
        };
        serde_json::from_str(&text).map_err(|error| {
            let sentence = format!("The list of profiles in {} can't be read.", self.file.display());
            Error::new(ErrorKind::Journal, sentence)
                .hint(
                    "Correct it, or move it away and add the profiles again; keys and servers are not lost.",
                )
                .because(&error)
        })
    }

    /// The profiles that are new or changed since the last time, and the names of those that are gone.
    pub(super) fn news(&self) -> Result<(Vec<Kept>, Vec<String>)> {
        let now = self.list()?;
        let mut seen = self.seen.lock().unwrap_or_else(PoisonError::into_inner);
        let new = now.iter().filter(|kept| !seen.contains(kept)).cloned().collect();
        let is_there = |name: &str| now.iter().any(|kept| kept.name == name);
        let gone = seen
            .iter()
            .filter(|kept| !is_there(&kept.name))
            .map(|kept| kept.name.clone());
        let gone = gone.collect();
        *seen = now;
        Ok((new, gone))
    }

    /// Adds a profile, or replaces the one of that name.
    pub(super) fn add(&self, new: Kept) -> Result<()> {
        let mut list = self.list()?;
        match list.iter_mut().find(|kept| kept.name == new.name) {
            Some(kept) => *kept = new,
            None => list.push(new),
        }
        self.write(&list)
    }

    pub(super) fn remove(&self, name: &str) -> Result<()> {
        let mut list = self.list()?;
        list.retain(|kept| kept.name != name);
        self.write(&list)
    }

    pub(super) fn move_to(&self, name: &str, region: &str) -> Result<()> {
        let mut list = self.list()?;
        for kept in list.iter_mut().filter(|kept| kept.name == name) {
            region.clone_into(&mut kept.region);
        }
        self.write(&list)
    }

    pub(super) async fn keep_keys(&self, name: &str, keys: &Secret<Vec<u8>>) -> Result<()> {
        self.keychain.put(&item(name), keys).await
    }

    pub(super) async fn forget_keys(&self, name: &str) -> Result<()> {
        let list = self.list()?;
        let in_files = list
            .iter()
            .any(|kept| kept.name == name && kept.key != Key::Keychain);
        if in_files {
            return Ok(());
        }
        self.keychain.delete(&item(name)).await
    }

    /// Written beside and renamed, so that a crash leaves the old list or the new one.
    fn write(&self, list: &[Kept]) -> Result<()> {
        let folder = self.file.parent().unwrap_or_else(|| std::path::Path::new("."));
        let mut draft = tempfile::NamedTempFile::new_in(folder)?;
        serde_json::to_writer_pretty(&mut draft, list).map_err(std::io::Error::from)?;
        draft.flush()?;
        draft.as_file().sync_all()?;
        draft.persist(&self.file).map_err(|error| error.error)?;
        Ok(())
    }
}

/// Its name in the keychain.
pub(super) fn item(profile: &str) -> String {
    format!("profile/{profile}")
}
