//! A damaged file is put aside with the machines and images that only it knew, and an empty one takes its place.
//!
//! INVARIANT: no machine runs on that nobody knows of: those that the damaged file knew are ended first, and the user is
//! told. Only one process at a time replaces the file.

use std::fs::{File, OpenOptions, TryLockError};
use std::io;
use std::path::{Path, PathBuf};
use std::time::Instant;

use slipway_core::files;
use slipway_core::notices::Notices;
use slipway_protocol::Time;

use super::opening::{self, BUSY, Opened, Unusable};
use crate::layout::Layout;
use crate::pace;
use crate::process;
use crate::trouble::{Outcome, Trouble, locked, unusable};

/// Opens the file of a whole practice cloud, and makes or replaces it where that is needed. Blocks.
pub(super) fn open(layout: &Layout, notices: &Notices) -> Outcome<Opened> {
    let root = layout.root();
    std::fs::create_dir_all(root).map_err(|cause| unusable(root, &cause))?;
    let path = layout.ledger();
    if path.exists() {
        match opening::open(&path) {
            Err(Unusable::Damaged(_)) => {}
            other => return other.map_err(Unusable::into_trouble),
        }
    }
    let _alone = alone(layout)?;
    if !path.exists() {
        put_new(layout)?;
    }
    // Looked at again: another process may have replaced it meanwhile.
    match opening::open(&path) {
        Err(Unusable::Damaged(reason)) => {
            let aside = set_aside(layout)?;
            put_new(layout)?;
            notices.tell(aside.notice(&reason));
            opening::open(&path).map_err(Unusable::into_trouble)
        }
        other => other.map_err(Unusable::into_trouble),
    }
}

/// The file is whole from the moment it has its name.
fn put_new(layout: &Layout) -> Outcome<()> {
    let path = layout.ledger();
    let new = path.with_extension("new");
    for tail in ["", "-wal", "-shm", "-journal"] {
        match std::fs::remove_file(tailed(&new, tail)) {
            Err(error) if error.kind() != io::ErrorKind::NotFound => return Err(unusable(&new, &error)),
            _ => {}
        }
    }
    opening::make(&new)?;
    std::fs::rename(&new, &path).map_err(|cause| unusable(&path, &cause))
}

/// What was put aside.
struct Aside {
    folder: PathBuf,
    servers: usize,
    images: usize,
}

impl Aside {
    fn notice(&self, reason: &str) -> String {
        let count = |count: usize, what: &str| match count {
            1 => format!("1 {what}"),
            more => format!("{more} {what}s"),
        };
        format!(
            "The records of Practice were damaged ({reason}). They were set aside in {} with {} and {} that only they \
             knew; what ran of these was ended. Practice begins empty: launch again what you need, and remove that \
             folder when you need nothing in it.",
            self.folder.display(),
            count(self.servers, "practice server"),
            count(self.images, "practice image"),
        )
    }
}

/// The records go last: a crash before that leaves a damaged file, and the next start goes on.
fn set_aside(layout: &Layout) -> Outcome<Aside> {
    process::end_all(&layout.machines())?;
    let folder = layout.root().join(format!("damaged-{}", Time::now().0));
    std::fs::create_dir_all(&folder).map_err(|cause| unusable(&folder, &cause))?;
    let aside = Aside {
        servers: entries(&layout.machines()),
        images: entries(&layout.images()),
        folder,
    };
    let ledger = layout.ledger();
    let moved = [
        layout.machines(),
        layout.images(),
        tailed(&ledger, "-wal"),
        tailed(&ledger, "-shm"),
        ledger,
    ];
    for from in moved {
        let to = aside.folder.join(from.file_name().unwrap_or_default());
        match std::fs::rename(&from, &to) {
            Err(error) if error.kind() != io::ErrorKind::NotFound => return Err(unusable(&from, &error)),
            _ => {}
        }
    }
    Ok(aside)
}

fn entries(folder: &Path) -> usize {
    std::fs::read_dir(folder).map_or(0, Iterator::count)
}

/// Waits as long as for a writer, then says who is waited for.
fn alone(layout: &Layout) -> Outcome<File> {
    let path = layout.ledger().with_extension("lock");
    let mut options = OpenOptions::new();
    options.create(true).truncate(false).write(true);
    let lock = files::open_with(&path, &mut options).map_err(|cause| unusable(&path, &cause))?;
    let since = Instant::now();
    loop {
        match lock.try_lock() {
            Ok(()) => return Ok(lock),
            Err(TryLockError::WouldBlock) if since.elapsed() < BUSY => pace::block(pace::LOOK),
            Err(TryLockError::WouldBlock) => return Err(locked(&path)),
            Err(TryLockError::Error(error)) => return Err(Trouble::File(error)),
        }
    }
}

fn tailed(path: &Path, tail: &str) -> PathBuf {
    PathBuf::from(format!("{}{tail}", path.display()))
}
