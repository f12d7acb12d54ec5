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
        refuse_foreign(&folders.data)?;
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

    /// Secrets of AWS profiles and their servers, where the user chose files in place of a keychain.
    pub fn keychain(&self) -> PathBuf {
        self.data.join("keychain")
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

/// Creates a folder that only its owner can enter; one that is there and open to others is closed to them.
pub fn create_private(folder: &Path) -> Result<()> {
    let is_new = !folder.is_dir();
    let mut builder = std::fs::DirBuilder::new();
    builder.recursive(true);
    #[cfg(unix)]
    std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
    builder.create(folder).map_err(|error| unusable(folder, &error))?;
    if is_new || is_open(folder) {
        close_to_others(folder)?;
    }
    Ok(())
}

/// Leaves a folder to its owner alone.
#[cfg(unix)]
pub(crate) fn close_to_others(folder: &Path) -> Result<()> {
    use std::os::unix::fs::PermissionsExt as _;
    std::fs::set_permissions(folder, std::fs::Permissions::from_mode(0o700)).map_err(|error| {
        let sentence = format!("The folder {} is open to other users and can't be closed to them.", folder.display());
        Error::new(ErrorKind::Input, sentence)
            .hint("It may belong to somebody else. Choose a folder of your own with --data-dir or SLIPWAY_DATA_DIR.")
            .because(&error)
    })
}

/// Leaves a folder and all in it to SYSTEM (S-1-5-18), Administrators (S-1-5-32-544) and its owner (S-1-3-4).
#[cfg(windows)]
pub(crate) fn close_to_others(folder: &Path) -> Result<()> {
    use std::os::windows::process::CommandExt as _;
    /// A window of the console would flash up otherwise (CREATE_NO_WINDOW).
    const NO_WINDOW: u32 = 0x0800_0000;
    let rules = [
        "*S-1-5-18:(OI)(CI)F",
        "*S-1-5-32-544:(OI)(CI)F",
        "*S-1-3-4:(OI)(CI)F",
    ];
    let mut icacls = std::process::Command::new("icacls");
    icacls
        .arg(folder)
        .args(["/inheritance:r", "/q", "/grant:r"])
        .args(rules)
        .creation_flags(NO_WINDOW);
    let output = icacls.output()?;
    if output.status.success() {
        return Ok(());
    }
    let sentence = format!("The folder {} can't be closed to other users.", folder.display());
    let said = std::io::Error::other(String::from_utf8_lossy(&output.stdout).trim().to_owned());
    Err(Error::new(ErrorKind::Input, sentence)
        .hint("Choose a folder on a drive with access rights (NTFS) with --data-dir or SLIPWAY_DATA_DIR.")
        .because(&said))
}

/// Others than its owner may look into it or change it.
#[cfg(unix)]
fn is_open(folder: &Path) -> bool {
    use std::os::unix::fs::PermissionsExt as _;
    std::fs::metadata(folder).is_ok_and(|data| data.permissions().mode() & 0o077 != 0)
}

/// On Windows a folder of the user's own profile is closed by what it inherits; only ours are closed by themselves.
#[cfg(windows)]
fn is_open(_: &Path) -> bool {
    false
}

/// What Slipway keeps in its folder, by the beginning of the name.
const OURS: [&str; 6] = [
    "journal.",
    "profiles.json",
    "prices-",
    "recipes",
    "practice",
    "keychain",
];

/// A folder that is open to others is only closed where nothing else lies in it: it may be one that others need.
fn refuse_foreign(folder: &Path) -> Result<()> {
    if !is_open(folder) || folder.join("journal.db").exists() {
        return Ok(());
    }
    let entries = std::fs::read_dir(folder).map_err(|error| unusable(folder, &error))?;
    let names = entries
        .flatten()
        .map(|entry| entry.file_name().to_string_lossy().into_owned());
    let foreign = names
        .filter(|name| !OURS.iter().any(|ours| name.starts_with(ours)))
        .min();
    let Some(foreign) = foreign else {
        return Ok(());
    };
    let sentence = format!(
        "The folder {} is open to other users and holds other things, such as “{foreign}”.",
        folder.display()
    );
    Err(Error::new(ErrorKind::Input, sentence)
        .hint("Choose an empty folder for Slipway's data with --data-dir or SLIPWAY_DATA_DIR."))
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
