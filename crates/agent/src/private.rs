//! Files that only the agent's own user (on an instance: SYSTEM and Administrators) may read, written as a whole.

use std::fs::{self, File, OpenOptions};
use std::io::{self, Write};
use std::path::{Path, PathBuf};

/// Makes a folder, if it is missing, and closes it to everybody else. Windows passes that on to the files inside.
pub fn folder(path: &Path) -> io::Result<()> {
    fs::create_dir_all(path)?;
    close_to_others(path)
}

/// Replaces a file: readers see the old content or the new one, and a power cut leaves one of both.
pub fn write(path: &Path, content: &[u8]) -> io::Result<()> {
    let temporary = unfinished(path);
    // A leftover of a crash would keep its own permissions.
    remove(&temporary)?;
    let mut file = owner_only(OpenOptions::new().write(true).create_new(true)).open(&temporary)?;
    file.write_all(content)?;
    file.sync_all()?;
    drop(file);
    fs::rename(&temporary, path)?;
    path.parent().map_or(Ok(()), sync_folder)
}

/// Where [`write`] puts a file's content before it replaces the file; a crash may leave it there.
pub fn unfinished(path: &Path) -> PathBuf {
    path.with_extension("new")
}

/// Opens a file for appending and reading; made where it is missing.
pub fn append(path: &Path) -> io::Result<File> {
    owner_only(OpenOptions::new().read(true).append(true).create(true)).open(path)
}

/// Opens a file for reading and writing anywhere; made where it is missing.
pub fn open(path: &Path) -> io::Result<File> {
    owner_only(OpenOptions::new().read(true).write(true).create(true)).open(path)
}

/// Removes a file or folder that may be gone already.
pub fn remove(path: &Path) -> io::Result<()> {
    let removed = if path.is_dir() {
        fs::remove_dir_all(path)
    } else {
        fs::remove_file(path)
    };
    match removed {
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(()),
        other => other,
    }
}

/// Makes renames and removals in a folder survive a power cut.
#[cfg(unix)]
pub fn sync_folder(path: &Path) -> io::Result<()> {
    File::open(path)?.sync_all()
}

/// NTFS journals its folders by itself.
#[cfg(windows)]
pub fn sync_folder(_path: &Path) -> io::Result<()> {
    Ok(())
}

#[cfg(unix)]
fn owner_only(options: &mut OpenOptions) -> &mut OpenOptions {
    use std::os::unix::fs::OpenOptionsExt as _;
    options.mode(0o600)
}

/// The folder's inherited access rules apply.
#[cfg(windows)]
fn owner_only(options: &mut OpenOptions) -> &mut OpenOptions {
    options
}

#[cfg(unix)]
fn close_to_others(folder: &Path) -> io::Result<()> {
    use std::os::unix::fs::PermissionsExt as _;
    fs::set_permissions(folder, fs::Permissions::from_mode(0o700))
}

/// Leaves SYSTEM (S-1-5-18), Administrators (S-1-5-32-544) and the owner (S-1-3-4), for everything in the folder.
/// The owner is there for an agent that runs on a desk; on an instance that is SYSTEM.
#[cfg(windows)]
fn close_to_others(folder: &Path) -> io::Result<()> {
    let rules = [
        "*S-1-5-18:(OI)(CI)F",
        "*S-1-5-32-544:(OI)(CI)F",
        "*S-1-3-4:(OI)(CI)F",
    ];
    let mut icacls = std::process::Command::new("icacls");
    icacls
        .arg(folder)
        .args(["/inheritance:r", "/q", "/grant:r"])
        .args(rules);
    let output = icacls.output()?;
    if output.status.success() {
        return Ok(());
    }
    let reason = String::from_utf8_lossy(&output.stdout).trim().to_owned();
    Err(io::Error::other(format!(
        "icacls could not protect {}: {reason}",
        folder.display()
    )))
}
