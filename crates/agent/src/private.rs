//! Files that only the agent's own user (on an instance: SYSTEM and Administrators) may read, written as a whole.
//!
//! Nothing here follows a link at the end of a path: whoever may write to a folder could put one there, and have the
//! agent read, overwrite or give away another file. On Windows the rules are in `acl.rs`.

use std::fs::{self, File, Metadata, OpenOptions};
use std::io::{self, Read, Write};
use std::path::{Path, PathBuf};

/// Most bytes of a file that is read as a whole; the agent's own are far smaller.
const MAX_BYTES: u64 = 4 * 1024 * 1024;
/// So often a file that somebody else puts in the place of ours is removed before we give up.
const TRIES: usize = 50;

/// Who may read a new file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Readers {
    /// The owner; on Windows also SYSTEM and Administrators.
    Owner,
    /// Whoever the folder and the system's usual rules let.
    AsUsual,
}

/// Makes a folder, if it is missing, and closes it to everybody else. Windows passes that on to the files inside.
pub fn folder(path: &Path) -> io::Result<()> {
    fs::create_dir_all(path)?;
    close_to_others(path)
}

/// Replaces a file: readers see the old content or the new one, and a power cut leaves one of both.
pub fn write(path: &Path, content: &[u8]) -> io::Result<()> {
    replace(path, &unfinished(path), content, Readers::Owner)
}

/// As [`write`], by way of the file `part` in the same folder.
pub fn replace(path: &Path, part: &Path, content: &[u8], readers: Readers) -> io::Result<()> {
    let mut file = create(part, readers)?;
    file.write_all(content)?;
    file.sync_all()?;
    drop(file);
    fs::rename(part, path)?;
    path.parent().map_or(Ok(()), sync_folder)
}

/// Where [`write`] puts a file's content before it replaces the file; a crash may leave it there.
pub fn unfinished(path: &Path) -> PathBuf {
    path.with_extension("new")
}

/// Makes a file that was not there before: a leftover of a crash, or what somebody put there, would keep its own
/// permissions and its readers.
pub fn create(path: &Path, readers: Readers) -> io::Result<File> {
    for _ in 0..TRIES {
        remove(path)?;
        match create_new(path, readers) {
            Err(error) if error.kind() == io::ErrorKind::AlreadyExists => {}
            other => return other,
        }
    }
    Err(io::Error::new(
        io::ErrorKind::AlreadyExists,
        "another program keeps making this file",
    ))
}

/// Reads a file as a whole. What is not a file (a pipe that nobody writes to, a device without end), or far too large,
/// is an error.
pub fn read(path: &Path) -> io::Result<Vec<u8>> {
    let file = a_file(no_follow(OpenOptions::new().read(true)).open(path)?)?;
    let mut content = Vec::new();
    file.take(MAX_BYTES + 1).read_to_end(&mut content)?;
    if content.len() as u64 > MAX_BYTES {
        return Err(io::Error::new(
            io::ErrorKind::FileTooLarge,
            "the file is too large",
        ));
    }
    Ok(content)
}

/// Opens a file for reading that may be anywhere, behind a link too.
pub fn existing(path: &Path) -> io::Result<File> {
    a_file(never_waiting(OpenOptions::new().read(true)).open(path)?)
}

/// Opens a file for appending and reading; made where it is missing.
pub fn append(path: &Path) -> io::Result<File> {
    let mut options = OpenOptions::new();
    options.read(true).append(true).create(true);
    a_file(owner_only(no_follow(&mut options)).open(path)?)
}

/// Opens a file for reading and writing anywhere; made where it is missing.
pub fn open(path: &Path) -> io::Result<File> {
    let mut options = OpenOptions::new();
    options.read(true).write(true).create(true).truncate(false);
    a_file(owner_only(no_follow(&mut options)).open(path)?)
}

/// Opens a file that an earlier process of this agent may have begun, for appending. What belongs to anybody but the
/// owner of `own` is removed and begun anew: its owner could change it after it was checked.
pub fn resume(path: &Path, own: &Path) -> io::Result<File> {
    let own = fs::metadata(own)?;
    if fs::symlink_metadata(path).is_ok_and(|found| !is_ours(&found, &own)) {
        remove(path)?;
    }
    let mut options = OpenOptions::new();
    let file = a_file(no_follow(options.append(true).create(true)).open(path)?)?;
    if is_ours(&file.metadata()?, &own) {
        return Ok(file);
    }
    Err(io::Error::new(
        io::ErrorKind::PermissionDenied,
        "the file belongs to another user",
    ))
}

/// Makes the folders from `base` to `folder`, which lies in it; a link among them is refused.
pub fn folders_below(base: &Path, folder: &Path) -> io::Result<()> {
    fs::create_dir_all(base)?;
    let mut at = base.to_owned();
    for part in folder.strip_prefix(base).map_err(io::Error::other)? {
        at.push(part);
        match fs::symlink_metadata(&at) {
            Ok(found) if found.is_dir() => {}
            Ok(_) => return Err(io::Error::other("it would lie behind a link or a file")),
            Err(error) if error.kind() == io::ErrorKind::NotFound => fs::create_dir(&at)?,
            Err(error) => return Err(error),
        }
    }
    Ok(())
}

/// Removes a file or folder that may be gone already. Of a link the link itself goes.
pub fn remove(path: &Path) -> io::Result<()> {
    let removed = if fs::symlink_metadata(path).is_ok_and(|found| found.is_dir()) {
        fs::remove_dir_all(path)
    } else {
        fs::remove_file(path)
    };
    match removed {
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(()),
        other => other,
    }
}

/// An open file, unless it is something else.
fn a_file(file: File) -> io::Result<File> {
    if file.metadata()?.is_file() {
        return Ok(file);
    }
    Err(io::Error::new(io::ErrorKind::InvalidInput, "this is not a file"))
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
fn create_new(path: &Path, readers: Readers) -> io::Result<File> {
    let mut options = OpenOptions::new();
    options.write(true).create_new(true);
    match readers {
        Readers::Owner => owner_only(&mut options).open(path),
        Readers::AsUsual => options.open(path),
    }
}

#[cfg(windows)]
fn create_new(path: &Path, readers: Readers) -> io::Result<File> {
    match readers {
        Readers::Owner => crate::acl::create_new(path),
        Readers::AsUsual => no_follow(OpenOptions::new().write(true).create_new(true)).open(path),
    }
}

/// A file of one name that nobody else owns.
#[cfg(unix)]
fn is_ours(found: &Metadata, own: &Metadata) -> bool {
    use std::os::unix::fs::MetadataExt as _;
    found.is_file() && found.uid() == own.uid() && found.nlink() == 1
}

#[cfg(windows)]
fn is_ours(found: &Metadata, _own: &Metadata) -> bool {
    found.is_file()
}

#[cfg(unix)]
fn no_follow(options: &mut OpenOptions) -> &mut OpenOptions {
    use std::os::unix::fs::OpenOptionsExt as _;
    options.custom_flags(libc::O_NOFOLLOW | libc::O_NONBLOCK)
}

/// A pipe must not hold whoever opens it.
#[cfg(unix)]
fn never_waiting(options: &mut OpenOptions) -> &mut OpenOptions {
    use std::os::unix::fs::OpenOptionsExt as _;
    options.custom_flags(libc::O_NONBLOCK)
}

#[cfg(windows)]
fn never_waiting(options: &mut OpenOptions) -> &mut OpenOptions {
    options
}

#[cfg(windows)]
fn no_follow(options: &mut OpenOptions) -> &mut OpenOptions {
    use std::os::windows::fs::OpenOptionsExt as _;
    options.custom_flags(windows_sys::Win32::Storage::FileSystem::FILE_FLAG_OPEN_REPARSE_POINT)
}

#[cfg(unix)]
fn owner_only(options: &mut OpenOptions) -> &mut OpenOptions {
    use std::os::unix::fs::OpenOptionsExt as _;
    options.mode(0o600)
}

/// The rules that the folder passes on apply.
#[cfg(windows)]
fn owner_only(options: &mut OpenOptions) -> &mut OpenOptions {
    options
}

#[cfg(unix)]
fn close_to_others(folder: &Path) -> io::Result<()> {
    use std::os::unix::fs::PermissionsExt as _;
    fs::set_permissions(folder, fs::Permissions::from_mode(0o700))
}

#[cfg(windows)]
fn close_to_others(folder: &Path) -> io::Result<()> {
    crate::acl::close_folder(folder)
}

#[cfg(test)]
#[path = "private_tests.rs"]
mod tests;
