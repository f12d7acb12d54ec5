//! A file of JSON lines that only grows. What a crash tore off at its end is cut when it is opened again.

use std::fs::File;
use std::io::{self, BufRead, BufReader, Write};
use std::path::Path;

use serde::Serialize;
use serde::de::DeserializeOwned;

use crate::private;

/// Where the lines go. A trait, so that a test can be a disk without room.
pub trait Storage: Send {
    /// Adds bytes at the end.
    fn append(&mut self, bytes: &[u8]) -> io::Result<()>;
    /// Returns once everything would survive a power cut.
    fn sync(&mut self) -> io::Result<()>;
    /// Drops everything after `length` bytes.
    fn cut(&mut self, length: u64) -> io::Result<()>;
}

impl Storage for File {
    fn append(&mut self, bytes: &[u8]) -> io::Result<()> {
        self.write_all(bytes)
    }

    fn sync(&mut self) -> io::Result<()> {
        self.sync_data()
    }

    fn cut(&mut self, length: u64) -> io::Result<()> {
        self.set_len(length)
    }
}

/// An open file of JSON lines.
pub struct AppendFile {
    storage: Box<dyn Storage>,
    length: u64,
}

/// What opening found.
pub struct Opened {
    /// The file, ready for more.
    pub file: AppendFile,
    /// True where more than a torn last line had to be cut: something else than a crash did that.
    pub damaged: bool,
}

impl AppendFile {
    /// Opens or makes a file that only its owner may read, and hands every good line to `each`. The first line
    /// that can't be read and all after it are cut.
    pub fn open<T: DeserializeOwned>(path: &Path, mut each: impl FnMut(T)) -> io::Result<Opened> {
        let storage = private::append(path)?;
        let (good, total, torn) = read_lines(&storage, &mut each)?;
        if total > good {
            storage.set_len(good)?;
        }
        storage.sync_all()?;
        path.parent().map_or(Ok(()), private::sync_folder)?;
        Ok(Opened {
            file: AppendFile::on(Box::new(storage), good),
            damaged: total > good && !torn,
        })
    }

    /// Writes to `storage`, which already holds `length` bytes.
    pub fn on(storage: Box<dyn Storage>, length: u64) -> Self {
        AppendFile { storage, length }
    }

    /// Adds lines without waiting for the disk. After an error none of them is there.
    pub fn append<T: Serialize>(&mut self, lines: &[T]) -> io::Result<()> {
        let mut bytes = Vec::new();
        for line in lines {
            serde_json::to_writer(&mut bytes, line)?;
            bytes.push(b'\n');
        }
        if let Err(error) = self.storage.append(&bytes) {
            // Half a line must not stay, or the next one would be glued to it.
            self.storage.cut(self.length)?;
            return Err(error);
        }
        self.length += bytes.len() as u64;
        Ok(())
    }

    /// Adds lines and waits until they would survive a power cut.
    pub fn append_durably<T: Serialize>(&mut self, lines: &[T]) -> io::Result<()> {
        let before = self.length;
        self.append(lines)?;
        if let Err(error) = self.storage.sync() {
            self.storage.cut(before)?;
            self.length = before;
            return Err(error);
        }
        Ok(())
    }

    /// Bytes of all good lines.
    pub fn length(&self) -> u64 {
        self.length
    }
}

/// Returns the bytes of the good lines, the bytes of the file, and whether only one line without an end is bad.
fn read_lines<T: DeserializeOwned>(file: &File, each: &mut impl FnMut(T)) -> io::Result<(u64, u64, bool)> {
    let total = file.metadata()?.len();
    let mut lines = BufReader::new(file);
    let mut good = 0;
    let mut line = Vec::new();
    loop {
        line.clear();
        let read = lines.read_until(b'\n', &mut line)? as u64;
        let whole = line.ends_with(b"\n");
        match serde_json::from_slice(&line) {
            Ok(value) if whole => each(value),
            _ => return Ok((good, total, !whole)),
        }
        good += read;
    }
}
