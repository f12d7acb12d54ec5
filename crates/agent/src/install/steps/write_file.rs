//! `write_file`: a text file, written as a whole or not at all.

use std::io;
use std::path::{Path, PathBuf};

use super::{Failure, Success, Trial};
use crate::install::values::uses_secret;
use crate::private::{self, Readers};

/// Writes `content` to `to`; folders are made. With a secret in it, only the owner may read the file.
pub async fn write_file(trial: &Trial, to: &str, content: &str) -> Result<Success, Failure> {
    let path = PathBuf::from(trial.values.public(to)?);
    let text = trial.values.private(content)?;
    let cannot = |error| format!("The file “{}” can't be written: {error}.", path.display());
    let readers = if uses_secret(content) {
        Readers::Owner
    } else {
        Readers::AsUsual
    };
    replace(&path, text.as_bytes(), readers).map_err(cannot)?;
    trial
        .say(&format!("Wrote {} ({} bytes).", path.display(), text.len()))
        .await;
    Ok(Success::Done)
}

fn replace(path: &Path, content: &[u8], readers: Readers) -> io::Result<()> {
    let folder = path.parent().unwrap_or(Path::new("."));
    std::fs::create_dir_all(folder)?;
    let mut name = path.file_name().unwrap_or_default().to_owned();
    name.push(".slipway-part");
    private::replace(path, &folder.join(name), content, readers)
}
