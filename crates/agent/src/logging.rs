//! Where the agent's own words about itself go: to standard error, or where there is none, to a file.

use std::fs::{File, OpenOptions};
use std::io;
use std::path::Path;
use std::sync::Mutex;

use tracing_subscriber::filter::LevelFilter;

/// A file longer than this begins anew, in bytes.
const LONGEST: u64 = 1024 * 1024;

/// From now on everything is written down.
pub fn start(log_to: Option<&Path>) {
    let wanted = std::env::var("RUST_LOG").ok();
    let level = wanted.and_then(|level| level.parse().ok());
    let log = tracing_subscriber::fmt().with_max_level(level.unwrap_or(LevelFilter::INFO));
    match log_to.map(open) {
        Some(Ok(file)) => log.with_ansi(false).with_writer(Mutex::new(file)).init(),
        // Nobody could be told that there is no file.
        Some(Err(_)) | None => log.with_writer(io::stderr).init(),
    }
}

/// The parts of the agent write to one file: each line goes to its end.
fn open(path: &Path) -> io::Result<File> {
    if std::fs::metadata(path).is_ok_and(|file| file.len() > LONGEST) {
        std::fs::remove_file(path)?;
    }
    OpenOptions::new().append(true).create(true).open(path)
}
