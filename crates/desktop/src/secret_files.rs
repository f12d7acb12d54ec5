//! Secrets as files that only their owner can read: those of Practice, which guard nothing but this computer's own practice
//! machines, and those of a user who chose files in place of a keychain.

use std::fmt::Write as _;
use std::fs::OpenOptions;
use std::io::{ErrorKind as IoKind, Write as _};
use std::path::{Path, PathBuf};

use async_trait::async_trait;
use slipway_core::error::{Error, ErrorKind, Result};
use slipway_core::ports::{SecretPlace, Secrets};
use slipway_core::secret::Secret;

use crate::folders::{close_to_others, create_private};
use crate::keychain::{check_size, off_the_runtime};

/// Secrets as files in one folder.
#[derive(Debug, Clone)]
pub struct SecretFiles {
    folder: PathBuf,
    /// The folder's access rules are set with every write, whoever made it and whatever it inherits.
    guarded: bool,
}

impl SecretFiles {
    /// Uses that folder; it is created when the first secret is stored.
    pub fn new(folder: impl Into<PathBuf>) -> Self {
        SecretFiles {
            folder: folder.into(),
            guarded: false,
        }
    }

    /// The same for secrets that guard servers which others can reach.
    pub fn guarded(folder: impl Into<PathBuf>) -> Self {
        SecretFiles {
            folder: folder.into(),
            guarded: true,
        }
    }

    fn file(&self, name: &str) -> Result<PathBuf> {
        Ok(self.folder.join(file_name(name)?))
    }
}

#[async_trait]
impl Secrets for SecretFiles {
    async fn get(&self, name: &str) -> Result<Option<Secret<Vec<u8>>>> {
        let file = self.file(name)?;
        off_the_runtime(move || match std::fs::read(&file) {
            Ok(bytes) => Ok(Some(Secret::new(bytes))),
            Err(error) if error.kind() == IoKind::NotFound => Ok(None),
            Err(error) => Err(error.into()),
        })
        .await
    }

    async fn put(&self, name: &str, value: &Secret<Vec<u8>>) -> Result<()> {
        check_size(value)?;
        let (secrets, file, value) = (self.clone(), self.file(name)?, value.clone());
        off_the_runtime(move || {
            create_private(&secrets.folder)?;
            if secrets.guarded {
                close_to_others(&secrets.folder)?;
            }
            replace(&file, value.expose())
        })
        .await
    }

    async fn place(&self) -> Result<SecretPlace> {
        Ok(SecretPlace::Files(self.folder.display().to_string()))
    }

    async fn delete(&self, name: &str) -> Result<()> {
        let file = self.file(name)?;
        off_the_runtime(move || remove(&draft_of(&file)).and(remove(&file))).await
    }
}

/// Writes beside the file and renames, so that a crash leaves the old value or the new one. What a crash leaves beside
/// it has a name of its own: the next write or delete removes it.
fn replace(file: &Path, value: &[u8]) -> Result<()> {
    let draft = draft_of(file);
    remove(&draft)?;
    let mut options = OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    let mut written = options.open(&draft)?;
    written.write_all(value)?;
    written.sync_all()?;
    drop(written);
    Ok(std::fs::rename(&draft, file)?)
}

/// A dot is escaped in every name, so this is no secret's own file.
fn draft_of(file: &Path) -> PathBuf {
    file.with_extension("part")
}

fn remove(file: &Path) -> Result<()> {
    match std::fs::remove_file(file) {
        Err(error) if error.kind() != IoKind::NotFound => Err(error.into()),
        _ => Ok(()),
    }
}

/// Longest file name that every file system takes, in bytes, less the ending of a draft.
const LONGEST_FILE_NAME: usize = 250;

/// Escapes everything but lower-case letters, digits, `-` and `_`: upper case too, because some file systems do not
/// tell it from lower case.
fn file_name(name: &str) -> Result<String> {
    let mut escaped = String::with_capacity(name.len());
    for byte in name.bytes() {
        match byte {
            b'a'..=b'z' | b'0'..=b'9' | b'-' | b'_' => escaped.push(char::from(byte)),
            _ => write!(escaped, "%{byte:02x}").expect("writing to a String can't fail"),
        }
    }
    if escaped.is_empty() || escaped.len() > LONGEST_FILE_NAME {
        return Err(Error::new(
            ErrorKind::Internal,
            "The name of a secret is empty or too long.",
        ));
    }
    Ok(escaped)
}

#[cfg(test)]
#[path = "secret_files_tests.rs"]
mod tests;
