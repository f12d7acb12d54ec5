//! The list of profiles: a file without secrets in the data folder, so that it survives a damaged journal. Access keys
//! are in the keychain under `profile/<name>`.

use std::path::PathBuf;
use std::sync::{Arc, Mutex, PoisonError};

use serde::{Deserialize, Serialize};
use slipway_core::error::Result;
use slipway_core::notices::Notices;
use slipway_core::ports::Secrets;
use slipway_core::secret::Secret;

use super::Connect;
use super::list_file::ListFile;

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
    file: ListFile,
    pub(super) keychain: Arc<dyn Secrets>,
    pub(super) connect: Connect,
    /// What was last taken over from the file.
    seen: Arc<Mutex<Vec<Kept>>>,
}

impl Profiles {
    /// Nothing is read yet.
    pub fn new(file: PathBuf, keychain: Arc<dyn Secrets>, connect: Connect, notices: Notices) -> Self {
        Profiles {
            file: ListFile::new(file, notices),
            keychain,
            connect,
            seen: Arc::default(),
        }
    }

    /// All of them, in the order in which they were added.
    pub fn list(&self) -> Result<Vec<Kept>> {
        self.file.read()
    }

    /// The same; where the list can't be read now, the user is told and there are none.
    pub(crate) fn list_or_tell(&self) -> Vec<Kept> {
        self.list().unwrap_or_else(|error| {
            self.file.tell(&error);
            Vec::new()
        })
    }

    /// The profiles that are new or changed since the last time, and the names of those that are gone.
    /// Neither where the list can't be read now, which the user is told.
    pub(super) fn news(&self) -> (Vec<Kept>, Vec<String>) {
        let now = match self.list() {
            Ok(now) => now,
            Err(error) => {
                self.file.tell(&error);
                return Default::default();
            }
        };
        let mut seen = self.seen.lock().unwrap_or_else(PoisonError::into_inner);
        let new = now.iter().filter(|kept| !seen.contains(kept)).cloned().collect();
        let is_there = |name: &str| now.iter().any(|kept| kept.name == name);
        let gone = seen
            .iter()
            .filter(|kept| !is_there(&kept.name))
            .map(|kept| kept.name.clone());
        let gone = gone.collect();
        *seen = now;
        (new, gone)
    }

    /// Adds a profile, or replaces the one of that name.
    pub(super) fn add(&self, new: Kept) -> Result<()> {
        let mut list = self.list()?;
        match list.iter_mut().find(|kept| kept.name == new.name) {
            Some(kept) => *kept = new,
            None => list.push(new),
        }
        self.file.write(&list)
    }

    pub(super) fn remove(&self, name: &str) -> Result<()> {
        let mut list = self.list()?;
        list.retain(|kept| kept.name != name);
        self.file.write(&list)
    }

    pub(super) fn move_to(&self, name: &str, region: &str) -> Result<()> {
        let mut list = self.list()?;
        for kept in list.iter_mut().filter(|kept| kept.name == name) {
            region.clone_into(&mut kept.region);
        }
        self.file.write(&list)
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
}

/// Its name in the keychain.
pub(super) fn item(profile: &str) -> String {
    format!("profile/{profile}")
}
