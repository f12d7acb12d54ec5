//! Files that the user asks for: an .rdp file, a log. They are written for their owner alone and appear whole.

use std::io::{BufWriter, Write};
use std::path::{Path, PathBuf};

use slipway_core::error::{Error, ErrorKind, Result};
use slipway_core::names::file_name;
use slipway_core::timestamp::timestamp;
use slipway_core::view::{LineLevel, LogLine, LogQuery};

use crate::folders::create_private;
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

    /// Saves the .rdp file of a server as this file.
    ///
    /// # Errors
    /// When the server has no address, or the file can't be written.
    pub async fn save_rdp_as(&self, id: &str, file: &Path) -> Result<()> {
        let (_, text) = self.engine.rdp_file(id).await?;
        write(file, &text).map(drop)
    }

    /// Opens the Remote Desktop client, unless somebody else answers at the server's address. Its file lies among those of
    /// the launch and goes with it: the client reads it at any time.
    pub async fn connect_rdp(&self, id: &str) -> Result<()> {
        self.check_rdp_certificate(id).await?;
        let folder = self.engine.store().files_of(id);
        create_private(&folder)?;
        let file = self.write_rdp(id, &folder).await?;
        blocking(move || open::remote_desktop(&file)).await
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
            draft.write(&page.lines.iter().map(line).collect::<String>())?;
        }
        draft.finish()
    }

    async fn write_rdp(&self, id: &str, folder: &Path) -> Result<PathBuf> {
        let (name, text) = self.engine.rdp_file(id).await?;
        write(&folder.join(name), &text)
    }
}

fn write(file: &Path, text: &str) -> Result<PathBuf> {
    let mut draft = Draft::beside(file)?;
    draft.write(text)?;
    draft.finish()
}

/// A file that is being written, under another name; what the system makes for temporary files is its owner's alone.
struct Draft {
    file: PathBuf,
    out: BufWriter<tempfile::NamedTempFile>,
}

impl Draft {
    fn beside(file: &Path) -> Result<Self> {
        let named = file.parent().filter(|folder| !folder.as_os_str().is_empty());
        let folder = named.unwrap_or(Path::new("."));
        let draft = tempfile::NamedTempFile::new_in(folder).map_err(|error| unwritable(file, &error))?;
        Ok(Draft {
            file: file.to_owned(),
            out: BufWriter::new(draft),
        })
    }

    fn write(&mut self, text: &str) -> Result<()> {
        self.out
            .write_all(text.as_bytes())
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
