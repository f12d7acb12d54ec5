//! `write_file`: a text file, written as a whole or not at all.

use std::fs::{File, OpenOptions};
use std::io::{self, Write};
use std::path::{Path, PathBuf};

use super::{Failure, Success, Trial};
use crate::install::values::uses_secret;
use crate::private;

/// Writes `content` to `to`; folders are made. With a secret in it, only the owner may read the file.
pub async fn write_file(trial: &Trial, to: &str, content: &str) -> Result<Success, Failure> {
    let path = PathBuf::from(trial.values.public(to)?);
    let text = trial.values.private(content)?;
    let cannot = |error| format!("The file “{}” can't be written: {error}.", path.display());
    replace(&path, text.as_bytes(), uses_secret(content)).map_err(cannot)?;
    trial
        .say(&format!("Wrote {} ({} bytes).", path.display(), text.len()))
        .await;
    Ok(Success::Done)
}

fn replace(path: &Path, content: &[u8], owner_only: bool) -> io::Result<()> {
    let folder = path.parent().unwrap_or(Path::new("."));
    std::fs::create_dir_all(folder)?;
    let mut name = path.file_name().unwrap_or_default().to_owned();
    name.push(".slipway-part");
    let part = folder.join(name);
    private::remove(&part)?;
    let mut file = create(&part, owner_only)?;
    file.write_all(content)?;
    file.sync_all()?;
    drop(file);
    std::fs::rename(&part, path)?;
    private::sync_folder(folder)
}

fn create(part: &Path, owner_only: bool) -> io::Result<File> {
    if owner_only {
        return private::append(part);
    }
    OpenOptions::new().write(true).create_new(true).open(part)
}
