//! Locks of other processes on the journal: waited for with a limit, and told with whoever holds them, where that is known.

use std::fs::{File, TryLockError};
use std::path::{Path, PathBuf};
use std::time::Duration;

use tokio::time::Instant;

use super::damage::unusable;
use super::run_blocking;
use crate::act_waits::{self, ActWait, Wait};
use crate::error::{Error, ErrorKind, Result};
use crate::files;
use crate::poll::pause;
use crate::wait::WaitReason;

/// The longest wait for a journal that somebody else is opening: far longer than opening one takes.
const LIMIT: Duration = Duration::from_secs(30);
/// How often it is tried.
const TRY: Duration = Duration::from_millis(50);

const HINT: &str =
    "Close other windows and terminals of Slipway, or end the process that is named here, then try again.";

/// The right to open the journal, or to make it anew. It lies in a file of its own beside the journal, whose folder is
/// made here.
pub(super) async fn alone(journal: &Path) -> Result<File> {
    let (path, begun) = (journal.with_extension("lock"), Instant::now());
    let mut told: Option<(Option<String>, Wait)> = None;
    loop {
        let (file, tried) = try_lock(path.clone()).await?;
        if tried {
            return Ok(file);
        }
        let holder = holder(&[&path]);
        if begun.elapsed() > LIMIT {
            return Err(in_use(&path, holder.as_deref()).hint(HINT));
        }
        if told.as_ref().is_none_or(|(known, _)| *known != holder) {
            let wait = act_waits::begin(|| {
                ActWait::new(in_use(&path, holder.as_deref()).sentence, HINT).reason(WaitReason::Journal)
            });
            told = Some((holder, wait));
        }
        pause(TRY).await;
    }
}

/// The lock's file, and whether it is ours now.
async fn try_lock(path: PathBuf) -> Result<(File, bool)> {
    run_blocking(move || {
        let named = |error: std::io::Error| unusable(&path, &error);
        if let Some(folder) = path.parent() {
            std::fs::create_dir_all(folder).map_err(named)?;
        }
        let file = files::open_with(&path, File::options().create(true).truncate(false).write(true))
            .map_err(named)?;
        match file.try_lock() {
            Ok(()) => Ok((file, true)),
            Err(TryLockError::WouldBlock) => Ok((file, false)),
            Err(TryLockError::Error(error)) => Err(error.into()),
        }
    })
    .await
}

/// Notes that the journal is at work: it answers in milliseconds unless another program holds it.
pub(super) fn note_work(journal: &Path) -> Wait {
    act_waits::begin(|| {
        let what = format!(
            "The journal {} does not answer: another program may hold it.",
            journal.display()
        );
        ActWait::new(what, HINT).reason(WaitReason::Journal)
    })
}

/// SQLite tells that a database is locked, but not by whom.
pub(super) fn name_holder(error: Error, journal: &Path) -> Error {
    if error.kind != ErrorKind::JournalInUse {
        return error;
    }
    let beside = |tail: &str| PathBuf::from(format!("{}{tail}", journal.display()));
    let holder = holder(&[journal, &beside("-wal"), &beside("-shm")]);
    Error {
        sentence: in_use(journal, holder.as_deref()).sentence,
        ..error
    }
}

fn in_use(file: &Path, holder: Option<&str>) -> Error {
    let holder = holder.unwrap_or("another program");
    let sentence = format!(
        "{} is held by {holder}, so Slipway can't use its journal.",
        file.display()
    );
    Error::new(ErrorKind::JournalInUse, sentence)
}

/// Name and number of another process that has a lock on one of these files, where the system tells it.
#[cfg(target_os = "linux")]
fn holder(files: &[&Path]) -> Option<String> {
    let locks = std::fs::read_to_string("/proc/locks").ok()?;
    let ids: Vec<String> = files.iter().filter_map(|file| id(file)).collect();
    let own = std::process::id();
    let pid = locks
        .lines()
        .find_map(|line| locker(line, &ids).filter(|pid| *pid != own))?;
    let name = std::fs::read_to_string(format!("/proc/{pid}/comm")).unwrap_or_default();
    Some(match name.trim() {
        "" => format!("process {pid}"),
        name => format!("{name} (process {pid})"),
    })
}

#[cfg(not(target_os = "linux"))]
fn holder(_: &[&Path]) -> Option<String> {
    None
}

/// As `/proc/locks` names a file: device in hexadecimal, and inode.
#[cfg(target_os = "linux")]
fn id(file: &Path) -> Option<String> {
    use std::os::unix::fs::MetadataExt as _;
    let data = std::fs::metadata(file).ok()?;
    let device = data.dev();
    let major = ((device >> 8) & 0xfff) | ((device >> 32) & !0xfff);
    let minor = (device & 0xff) | ((device >> 12) & !0xff);
    Some(format!("{major:02x}:{minor:02x}:{}", data.ino()))
}

/// The process of a line such as `1: FLOCK  ADVISORY  WRITE 4711 08:01:131074 0 EOF`. One that waits itself has an arrow
/// behind the number.
#[cfg(target_os = "linux")]
fn locker(line: &str, files: &[String]) -> Option<u32> {
    let words: Vec<&str> = line.split_whitespace().collect();
    let [_, kind, _, _, pid, file, ..] = words[..] else {
        return None;
    };
    (kind != "->" && files.iter().any(|wanted| wanted == file)).then_some(())?;
    pid.parse().ok()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::act_waits::ActWaits;
    use crate::clock::Clock;

    #[tokio::test(start_paused = true)]
    async fn a_lock_of_another_is_waited_for_with_a_limit_and_told() {
        let folder = tempfile::tempdir().unwrap();
        let journal = folder.path().join("journal.db");
        let held = File::create(journal.with_extension("lock")).unwrap();
        // As anybody who may read the file can take it.
        held.lock_shared().unwrap();
        let waits = ActWaits::new(Clock::virtual_time());
        let told = async {
            pause(Duration::from_secs(6)).await;
            waits.lasting(Duration::from_secs(5)).expect("it is told").what
        };
        let (refused, told) = tokio::join!(waits.of(alone(&journal)), told);
        let refused = refused.unwrap_err();
        assert_eq!(refused.kind, ErrorKind::JournalInUse);
        assert!(told.contains("journal.lock is held by"), "{told}");
        assert_eq!(refused.sentence, told);
        drop(held);
        alone(&journal).await.unwrap();
    }

    #[cfg(target_os = "linux")]
    #[test]
    fn who_holds_a_file_stands_in_a_line_of_the_system() {
        let files = ["08:01:131074".to_owned()];
        let line = "1: FLOCK  ADVISORY  WRITE 4711 08:01:131074 0 EOF";
        assert_eq!(locker(line, &files), Some(4711));
        assert_eq!(
            locker("1: -> FLOCK  ADVISORY  WRITE 4711 08:01:131074 0 EOF", &files),
            None
        );
        assert_eq!(locker("2: POSIX  ADVISORY  READ 12 08:01:7 0 EOF", &files), None);
    }
}
