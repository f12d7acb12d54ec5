//! Where Slipway keeps its things on this computer. Every folder is created for its owner alone.

use std::path::{Path, PathBuf};

use directories::{ProjectDirs, UserDirs};
use slipway_core::error::{Error, ErrorKind, Result};

/// The environment variable that names another data folder.
pub const DATA_DIR: &str = "SLIPWAY_DATA_DIR";

/// The folders of one data folder.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Folders {
    data: PathBuf,
}

impl Folders {
    /// Uses the given folder, else [`DATA_DIR`], else the platform's own place, and creates what is missing.
    pub fn open(given: Option<&Path>) -> Result<Self> {
        let data = match given {
            Some(folder) => folder.to_owned(),
            None => chosen_by_environment().map_or_else(platform_folder, Ok)?,
        };
        let folders = Folders {
            data: std::path::absolute(&data)?,
        };
        create_private(&folders.data)?;
        if let Err(error) = create_private(&folders.recipes()) {
            // Whoever looks for recipes is told what is in the way; all else goes on.
            tracing::warn!(error = error.sentence, causes = ?error.causes, "There is no folder for recipes");
        }
        Ok(folders)
    }

    /// The data folder itself.
    pub fn data(&self) -> &Path {
        &self.data
    }

    /// The journal of launches, an SQLite file.
    pub fn journal(&self) -> PathBuf {
        self.data.join("journal.db")
    }

    /// The list of AWS profiles, without their keys.
    pub fn profiles(&self) -> PathBuf {
        self.data.join("profiles.json")
    }

    /// The user's own recipes, beside those that come with Slipway.
    pub fn recipes(&self) -> PathBuf {
        self.data.join("recipes")
    }

    /// Everything of the practice world.
    pub fn practice(&self) -> PathBuf {
        self.data.join("practice")
    }

    /// The practice world's secrets, which guard nothing.
    pub fn practice_secrets(&self) -> PathBuf {
        self.practice().join("secrets")
    }

    /// Where a saved .rdp file or report goes: the user's downloads, or the data folder where there are none.
    pub fn downloads(&self) -> PathBuf {
        UserDirs::new()
            .and_then(|dirs| dirs.download_dir().map(Path::to_owned))
            .filter(|folder| folder.is_dir())
            .unwrap_or_else(|| self.data.clone())
    }
}

fn chosen_by_environment() -> Option<PathBuf> {
    std::env::var_os(DATA_DIR)
        .filter(|value| !value.is_empty())
        .map(PathBuf::from)
}

/// The local place, not the one that Windows roams: a journal must not travel while another computer drives a launch.
fn platform_folder() -> Result<PathBuf> {
    ProjectDirs::from("app", "", "Slipway")
        .map(|dirs| dirs.data_local_dir().to_owned())
        .ok_or_else(|| {
            Error::new(
                ErrorKind::Internal,
                "This computer names no home folder, so there is no place for Slipway's data.",
            )
            .hint(format!("Choose a folder with --data-dir or {DATA_DIR}."))
        })
}

/// Creates a folder that only its owner can enter. On Windows the profile's own access list does that.
pub fn create_private(folder: &Path) -> Result<()> {
    let mut builder = std::fs::DirBuilder::new();
    builder.recursive(true);
    #[cfg(unix)]
    std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
    builder.create(folder).map_err(|error| unusable(folder, &error))
}

fn unusable(folder: &Path, error: &std::io::Error) -> Error {
    if error.kind() == std::io::ErrorKind::StorageFull {
        return std::io::Error::from(error.kind()).into();
    }
    Error::new(
        ErrorKind::Input,
        format!("The folder {} can't be used.", folder.display()),
    )
    .hint("Choose a folder that you may write to with --data-dir or SLIPWAY_DATA_DIR.")
    .because(error)
}

#[cfg(test)]
#[path = "folders_tests.rs"]
mod tests;
