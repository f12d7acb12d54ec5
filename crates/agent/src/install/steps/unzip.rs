//! `unzip`: unpacks an archive into a folder, and nowhere else.

use std::io::{self, Read, Write};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::time::Duration;

use zip::ZipArchive;
use zip::read::ZipFile;

use super::{Failure, Success, Trial};
use crate::private::{self, Readers};

/// An archive that unpacks to more is refused, so that a bomb can't fill the disk.
const MAX_BYTES: u64 = 8 * 1024 * 1024 * 1024;
const MAX_ENTRIES: usize = 500_000;
const PROGRESS_PAUSE: Duration = Duration::from_millis(250);

/// Unpacks `from` into `to`. Nothing is written where an entry points out of the folder or is a link.
pub async fn unzip(trial: &Trial, from: &str, to: &str) -> Result<Success, Failure> {
    let from = PathBuf::from(trial.values.public(from)?);
    let to = PathBuf::from(trial.values.public(to)?);
    let job = Arc::new(Job::default());
    let _stop = StopWhenDropped(job.clone());
    let (archive, folder, working) = (from.clone(), to.clone(), job.clone());
    let mut unpacking = tokio::task::spawn_blocking(move || unpack(&archive, &folder, &working));
    let unpacked = loop {
        tokio::select! {
            ended = &mut unpacking => break ended,
            () = tokio::time::sleep(PROGRESS_PAUSE) => trial.progress(job.part()).await,
        }
    };
    let unpacked = unpacked.unwrap_or_else(|error| Err(error.to_string()));
    let files = unpacked.map_err(|reason| format!("“{}” can't be unpacked: {reason}.", from.display()))?;
    trial
        .say(&format!("Unpacked {files} files to {}.", to.display()))
        .await;
    Ok(Success::Done)
}

/// What the thread that unpacks and the step share.
#[derive(Default)]
struct Job {
    stopped: AtomicBool,
    entries: AtomicUsize,
    done: AtomicUsize,
}

impl Job {
    fn part(&self) -> f32 {
        let entries = self.entries.load(Ordering::Relaxed).max(1);
        self.done.load(Ordering::Relaxed) as f32 / entries as f32
    }
}

struct StopWhenDropped(Arc<Job>);

impl Drop for StopWhenDropped {
    fn drop(&mut self) {
        self.0.stopped.store(true, Ordering::Relaxed);
    }
}

fn unpack(from: &Path, to: &Path, job: &Job) -> Result<usize, String> {
    let file = private::existing(from).map_err(|error| error.to_string())?;
    let mut archive = ZipArchive::new(io::BufReader::new(file)).map_err(|error| error.to_string())?;
    if archive.len() > MAX_ENTRIES {
        return Err(format!("it has more than {MAX_ENTRIES} entries"));
    }
    job.entries.store(archive.len(), Ordering::Relaxed);
    let targets = targets(&mut archive, to)?;
    std::fs::create_dir_all(to).map_err(|error| error.to_string())?;
    let mut left = MAX_BYTES;
    for (at, target) in targets.iter().enumerate() {
        let mut entry = archive.by_index(at).map_err(|error| error.to_string())?;
        extract(&mut entry, to, target, &mut left, job)
            .map_err(|error| format!("{}: {error}", target.display()))?;
        job.done.store(at + 1, Ordering::Relaxed);
    }
    Ok(targets.len())
}

/// Where each entry goes; looked at as a whole before the first one is written.
fn targets(archive: &mut ZipArchive<impl Read + io::Seek>, to: &Path) -> Result<Vec<PathBuf>, String> {
    let mut targets = Vec::with_capacity(archive.len());
    for at in 0..archive.len() {
        let entry = archive.by_index_raw(at).map_err(|error| error.to_string())?;
        let name = String::from_utf8_lossy(entry.name_raw()).into_owned();
        // A colon is a drive or a hidden stream on Windows; a root would be cut off silently.
        let suspicious = entry.is_symlink() || name.starts_with(['/', '\\']) || name.contains(':');
        match entry.enclosed_name().filter(|_| !suspicious) {
            Some(inside) => targets.push(to.join(inside)),
            None => return Err(format!("the entry “{name}” points out of the folder")),
        }
    }
    Ok(targets)
}

/// What lies in the way of a file is replaced, never written through: it may be a link to somewhere else.
fn extract(
    entry: &mut ZipFile<'_, impl Read>,
    to: &Path,
    target: &Path,
    left: &mut u64,
    job: &Job,
) -> io::Result<()> {
    if entry.is_dir() {
        return private::folders_below(to, target);
    }
    private::folders_below(to, target.parent().unwrap_or(to))?;
    if std::fs::symlink_metadata(target).is_ok_and(|found| found.is_dir()) {
        return Err(io::ErrorKind::IsADirectory.into());
    }
    let mut file = private::create(target, Readers::AsUsual)?;
    let mut chunk = vec![0u8; 64 * 1024];
    loop {
        if job.stopped.load(Ordering::Relaxed) {
            return Err(io::Error::other("stopped"));
        }
        let read = entry.read(&mut chunk)?;
        if read == 0 {
            return Ok(());
        }
        // Counted here, because an archive's own figures may lie.
        *left = left
            .checked_sub(read as u64)
            .ok_or_else(|| io::Error::other(format!("the archive unpacks to more than {MAX_BYTES} bytes")))?;
        file.write_all(&chunk[..read])?;
    }
}
