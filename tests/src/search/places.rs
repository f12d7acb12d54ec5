//! Where a secret could turn up: files, and the arguments and environments of processes.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread::JoinHandle;
use std::time::Duration;

/// How often is looked.
const LOOK: Duration = Duration::from_millis(50);

/// What was seen, by the place where it was seen.
pub type Seen = BTreeMap<String, Vec<u8>>;

/// Folders of a data folder that hold secrets as files: those of Practice, and those of `SLIPWAY_KEYCHAIN=file`.
const SECRETS: [&str; 2] = ["practice/secrets", "data/keychain"];

/// Every file below a folder but those that may hold secrets.
pub fn files(folder: &Path) -> Seen {
    let mut seen = Seen::new();
    let mut folders = vec![folder.to_owned()];
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(folder).into_iter().flatten().flatten() {
            let (path, kind) = (entry.path(), entry.file_type().expect("a kind"));
            if kind.is_dir() && !SECRETS.iter().any(|secrets| path.ends_with(secrets)) {
                folders.push(path);
            } else if kind.is_file() {
                // A file that is gone by now is no place.
                seen.extend(
                    std::fs::read(&path)
                        .ok()
                        .map(|bytes| (path.display().to_string(), bytes)),
                );
            }
        }
    }
    seen
}

/// Looks again and again until it is stopped.
pub struct Sampler {
    stop: Arc<AtomicBool>,
    thread: JoinHandle<Seen>,
}

impl Sampler {
    /// Begins looking; what is seen is added each time.
    pub fn start(mut look: impl FnMut(&mut Seen) + Send + 'static) -> Self {
        let stop = Arc::new(AtomicBool::new(false));
        let stopped = Arc::clone(&stop);
        let thread = std::thread::spawn(move || {
            let mut seen = Seen::new();
            while !stopped.load(Ordering::Relaxed) {
                look(&mut seen);
                std::thread::park_timeout(LOOK);
            }
            look(&mut seen);
            seen
        });
        Sampler { stop, thread }
    }

    /// Stops looking and gives what was seen.
    pub fn end(self) -> Seen {
        self.stop.store(true, Ordering::Relaxed);
        self.thread.join().expect("it looked")
    }
}

/// Arguments and environments of all processes there are.
pub fn processes(seen: &mut Seen) {
    for entry in std::fs::read_dir("/proc").expect("processes").flatten() {
        let folder: PathBuf = entry.path();
        if entry.file_name().to_string_lossy().parse::<u32>().is_err() {
            continue;
        }
        let arguments = std::fs::read(folder.join("cmdline")).unwrap_or_default();
        let environment = std::fs::read(folder.join("environ")).unwrap_or_default();
        let line = String::from_utf8_lossy(&arguments).replace('\0', " ");
        seen.insert(format!("arguments of {}: {line}", folder.display()), arguments);
        seen.insert(
            format!("environment of {}: {line}", folder.display()),
            environment,
        );
    }
}
