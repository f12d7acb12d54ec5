//! Reading files that the user or other programs may replace: by a FIFO, a device, a folder, a file without end.
//!
//! INVARIANT: opening and reading never block on another process, and never take more memory than the limit.

use std::fmt;
use std::fs::{File, FileType, OpenOptions};
use std::io::{Error, ErrorKind, Read, Result};
use std::path::Path;

/// With less room, in bytes, SQLite can't make its files beside a database.
const ROOM: u64 = 1024 * 1024;

/// Whether a little can still be written into the folder; also true where the system does not tell.
pub fn has_room(folder: &Path) -> bool {
    fs4::available_space(folder).map_or(true, |free| free >= ROOM)
}

/// Most bytes of a settings file, a list or a secret: such a file has a few kilobytes.
pub const SMALL: u64 = 1024 * 1024;

/// Opens a file for reading.
///
/// # Errors
/// As of the system, and [`ErrorKind::InvalidInput`] where there is something else than a regular file.
pub fn open(path: &Path) -> Result<File> {
    open_with(path, OpenOptions::new().read(true))
}

/// Opens a file as `options` say.
///
/// # Errors
/// As [`open`].
pub fn open_with(path: &Path, options: &mut OpenOptions) -> Result<File> {
    // Looked at before it is opened, because opening a device may do something to it.
    match std::fs::metadata(path) {
        Err(error) if error.kind() == ErrorKind::NotFound => {}
        there => check_regular(there?.file_type())?,
    }
    never_blocking(options);
    let file = options.open(path)?;
    // And again, because it may have been replaced in between.
    check_regular(file.metadata()?.file_type())?;
    Ok(file)
}

/// The whole file, of at most `most` bytes.
///
/// # Errors
/// As [`open`], and [`ErrorKind::FileTooLarge`].
pub fn read(path: &Path, most: u64) -> Result<Vec<u8>> {
    let mut bytes = Vec::new();
    open(path)?.take(most.saturating_add(1)).read_to_end(&mut bytes)?;
    if bytes.len() as u64 > most {
        return Err(Error::new(ErrorKind::FileTooLarge, TooLarge(most)));
    }
    Ok(bytes)
}

/// The whole file as text.
///
/// # Errors
/// As [`read`], and [`ErrorKind::InvalidData`] where it is not UTF-8.
pub fn read_text(path: &Path, most: u64) -> Result<String> {
    String::from_utf8(read(path, most)?)
        .map_err(|error| Error::new(ErrorKind::InvalidData, format!("it is not UTF-8 text: {error}")))
}

/// A FIFO without a writer blocks whoever opens it; a terminal may become the program's own.
#[cfg(unix)]
fn never_blocking(options: &mut OpenOptions) {
    std::os::unix::fs::OpenOptionsExt::custom_flags(options, libc::O_NONBLOCK | libc::O_NOCTTY);
}

#[cfg(not(unix))]
fn never_blocking(_: &mut OpenOptions) {}

fn check_regular(found: FileType) -> Result<()> {
    if found.is_file() {
        return Ok(());
    }
    let error = NotAFile(if found.is_dir() {
        "a folder"
    } else {
        special(found)
    });
    Err(Error::new(ErrorKind::InvalidInput, error))
}

#[cfg(unix)]
fn special(found: FileType) -> &'static str {
    use std::os::unix::fs::FileTypeExt;
    if found.is_fifo() {
        "a named pipe"
    } else if found.is_socket() {
        "a socket"
    } else {
        "a device"
    }
}

#[cfg(not(unix))]
fn special(_: FileType) -> &'static str {
    "something else"
}

/// There is something else than a file.
#[derive(Debug)]
struct NotAFile(&'static str);

impl fmt::Display for NotAFile {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(out, "it is {}, not a file", self.0)
    }
}

impl std::error::Error for NotAFile {}

/// The file has more bytes than these.
#[derive(Debug)]
struct TooLarge(u64);

impl fmt::Display for TooLarge {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(out, "it has more than {} KiB", self.0 / 1024)
    }
}

impl std::error::Error for TooLarge {}

#[cfg(test)]
#[path = "files_tests.rs"]
mod tests;
