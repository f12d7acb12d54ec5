//! Files that the user asks for: an .rdp file, a log. They are written for their owner alone and appear whole.

use std::io::{BufWriter, Write};
use std::path::{Path, PathBuf};

use slipway_core::error::{Error, ErrorKind, Result};
use slipway_core::names::file_name;
use slipway_core::timestamp::timestamp;
use slipway_core::view::{LineLevel, LogLine, LogQuery};

use crate::open::{self, blocking};
use crate::wiring::Desk;

/// Lines read at a time.
const PAGE: u32 = 1_000;

impl Desk {
    /// Saves the .rdp file of a server into the downloads and shows it there; gives its path.
    pub async fn save_rdp(&self, id: &str) -> Result<PathBuf> {
        let file = self.write_rdp(id, &self.folders.downloads()).await?;
        // A file browser that takes its time must not keep the answer back.
        tokio::spawn(show_in_folder(file.clone()));
        Ok(file)
    }

    /// Saves the whole log of a launch into the downloads; gives its path.
    pub async fn save_log(&self, id: &str) -> Result<PathBuf> {
        let name = self.engine.view(id).await?.server.name;
        let file = self.folders.downloads().join(file_name(&name, "log"));
        let mut draft = Draft::beside(&file)?;
        let mut after = 0;
        loop {
            let query = LogQuery {
                after: Some(after),
                limit: PAGE,
                ..LogQuery::default()
            };
            let page = self.engine.log_page(id, &query).await?;
            let Some(last) = page.lines.last() else { break };
            after = last.number;
            draft.write(page.lines.iter().map(line).collect::<String>().as_bytes())?;
        }
        draft.finish()
    }

    pub(crate) async fn write_rdp(&self, id: &str, folder: &Path) -> Result<PathBuf> {
        let (name, text) = self.engine.rdp_file(id).await?;
        write(&folder.join(name), text.as_bytes())
    }
}

fn write(file: &Path, content: &[u8]) -> Result<PathBuf> {
    let mut draft = Draft::beside(file)?;
    draft.write(content)?;
    draft.finish()
}

/// Writes the file that the user named. A link stays a link: the file it leads to is replaced. What is no file, such as
/// a pipe or a device, is written into.
///
/// # Errors
/// When the folder is missing, when the name is a folder's or a link's that leads nowhere, and when nothing can be written.
pub fn save_as(file: &Path, content: &[u8]) -> Result<()> {
    let target = match std::fs::symlink_metadata(file) {
        Ok(found) if found.is_symlink() => std::fs::canonicalize(file).map_err(|error| {
            let sentence = format!("{} is a link that leads nowhere.", file.display());
            Error::new(ErrorKind::Input, sentence)
                .hint("Remove the link, or choose another name.")
                .because(&error)
        })?,
        Ok(_) => file.to_owned(),
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => return new_file(file, content),
        Err(error) => return Err(unwritable(file, &error)),
    };
    let kind = std::fs::metadata(&target).map_err(|error| unwritable(file, &error))?;
    if kind.is_dir() {
        let sentence = format!("{} is a folder.", file.display());
        return Err(Error::new(ErrorKind::Input, sentence).hint("Add a file name to it."));
    }
    if kind.is_file() {
        return write(&target, content).map(drop);
    }
    let mut open = std::fs::OpenOptions::new();
    let written = open
        .write(true)
        .open(&target)
        .and_then(|mut out| out.write_all(content));
    written.map_err(|error| unwritable(file, &error))
}

fn new_file(file: &Path, content: &[u8]) -> Result<()> {
    let folder = folder_of(file);
    if !folder.is_dir() {
        let sentence = format!("There is no folder {}.", folder.display());
        return Err(Error::new(ErrorKind::Input, sentence).hint("Make it first, or choose another one."));
    }
    write(file, content).map(drop)
}

fn folder_of(file: &Path) -> &Path {
    let named = file.parent().filter(|folder| !folder.as_os_str().is_empty());
    named.unwrap_or(Path::new("."))
}

/// A file that is being written, under another name; what the system makes for temporary files is its owner's alone.
struct Draft {
    file: PathBuf,
    out: BufWriter<tempfile::NamedTempFile>,
}

impl Draft {
    fn beside(file: &Path) -> Result<Self> {
        let draft =
            tempfile::NamedTempFile::new_in(folder_of(file)).map_err(|error| unwritable(file, &error))?;
        Ok(Draft {
            file: file.to_owned(),
            out: BufWriter::new(draft),
        })
    }

    fn write(&mut self, content: &[u8]) -> Result<()> {
        self.out
            .write_all(content)
            .map_err(|error| unwritable(&self.file, &error))
    }

    fn finish(self) -> Result<PathBuf> {
        let file = self.file;
        let draft = self
            .out
            .into_inner()
            .map_err(|error| unwritable(&file, error.error()))?;
        draft
            .persist(&file)
            .map_err(|error| unwritable(&file, &error.error))?;
        Ok(file)
    }
}

fn unwritable(file: &Path, error: &std::io::Error) -> Error {
    if error.kind() == std::io::ErrorKind::StorageFull {
        return std::io::Error::from(error.kind()).into();
    }
    let sentence = format!("The file {} could not be written.", file.display());
    Error::new(ErrorKind::Input, sentence)
        .hint("See that you may write to this folder.")
        .because(error)
}

fn line(line: &LogLine) -> String {
    let level = match line.level {
        LineLevel::Info => "",
        LineLevel::Warn => "warning: ",
        LineLevel::Error => "error: ",
    };
    let step = line.step.as_deref().unwrap_or("-");
    format!("{} {step} {level}{}\n", timestamp(line.time), line.text)
}

/// The file is saved whether or not there is a program that shows folders.
async fn show_in_folder(file: PathBuf) {
    let shown = blocking(move || open::in_folder(&file)).await;
    if let Err(error) = shown {
        tracing::warn!(error = error.sentence, "The folder of a saved file is not shown");
    }
}

#[cfg(test)]
#[path = "saving_tests.rs"]
mod tests;
