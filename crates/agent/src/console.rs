//! Says a few short lines on the serial console, where the app finds them with `GetConsoleOutput`.
//!
//! COM1 belongs to one process at a time, so it is opened for each batch of lines and closed at once; while another
//! process has it, the lines wait. EC2 keeps the last 64 KB of a console, so what one process says is limited.

use std::fs::OpenOptions;
use std::io::{self, Write as _};
use std::path::{Path, PathBuf};
use std::time::Duration;

use slipway_protocol::Time;
use slipway_protocol::console::{Line, News};
use tokio::sync::{mpsc, oneshot};

/// Most bytes of step lines that one process writes.
const BUDGET: usize = 24 * 1024;
const FIRST_PAUSE: Duration = Duration::from_millis(50);
const LONGEST_PAUSE: Duration = Duration::from_secs(5);
const FLUSH_WITHIN: Duration = Duration::from_secs(10);
/// The keys are said this often, because the app may read while a line is being written.
const KEYS_TIMES: usize = 3;
const KEYS_PAUSE: Duration = Duration::from_secs(10);

/// Says lines in order, in the background. Cheap to clone.
#[derive(Clone)]
pub struct Console {
    launch: String,
    queue: mpsc::UnboundedSender<Entry>,
}

enum Entry {
    News(String, News),
    Flush(oneshot::Sender<()>),
}

impl Console {
    /// Starts the writer; needs a tokio runtime. `path` is `\\.\COM1`, or a file.
    pub fn start(path: &Path, launch: &str) -> Self {
        let (queue, entries) = mpsc::unbounded_channel();
        tokio::spawn(write_all(path.to_owned(), entries));
        Console {
            launch: launch.to_owned(),
            queue,
        }
    }

    /// Says one thing; never waits.
    pub fn say(&self, news: News) {
        // The writer ends only with the runtime.
        let _ = self.queue.send(Entry::News(self.launch.clone(), news));
    }

    /// Says the keys three times, ten seconds apart.
    pub async fn say_keys(&self, tls_sha256: String, key: String) {
        for round in 0..KEYS_TIMES {
            if round > 0 {
                tokio::time::sleep(KEYS_PAUSE).await;
            }
            self.say(News::Keys {
                tls_sha256: tls_sha256.clone(),
                key: key.clone(),
            });
        }
    }

    /// Waits until all that was said is written, at most ten seconds: before the process or the machine ends.
    pub async fn flush(&self) {
        let (done, written) = oneshot::channel();
        if self.queue.send(Entry::Flush(done)).is_ok() {
            let _ = tokio::time::timeout(FLUSH_WITHIN, written).await;
        }
    }
}

async fn write_all(path: PathBuf, mut entries: mpsc::UnboundedReceiver<Entry>) {
    let mut left = BUDGET;
    while let Some(entry) = entries.recv().await {
        match entry {
            Entry::News(launch, news) => {
                let line = format!(
                    "{}: {}",
                    Time::now().console(),
                    Line {
                        launch,
                        news: news.clone()
                    }
                );
                if is_worth(&news, line.len(), &mut left) {
                    append_when_free(&path, &line).await;
                }
            }
            Entry::Flush(done) => {
                let _ = done.send(());
            }
        }
    }
}

/// Step lines share the budget; what proves the keys or ends the attempt is always said.
fn is_worth(news: &News, length: usize, left: &mut usize) -> bool {
    let step = matches!(
        news,
        News::StepStarted(_) | News::StepDone(_) | News::StepFailed(_)
    );
    if step && length > *left {
        return false;
    }
    *left = left.saturating_sub(length);
    true
}

async fn append_when_free(path: &Path, line: &str) {
    let mut pause = FIRST_PAUSE;
    while let Err(error) = append(path, line) {
        tracing::debug!(%error, "the console is not free");
        tokio::time::sleep(pause).await;
        pause = (pause * 2).min(LONGEST_PAUSE);
    }
}

fn append(path: &Path, line: &str) -> io::Result<()> {
    // A device must be opened as it is: CreateFile refuses to create or append to one.
    let device = path.to_string_lossy().starts_with(r"\\.\");
    let mut options = OpenOptions::new();
    let (mut console, end) = if device {
        (options.write(true).open(path)?, "\r\n")
    } else {
        (options.append(true).create(true).open(path)?, "\n")
    };
    // One write: other processes append too.
    console.write_all(format!("{line}{end}").as_bytes())
}

#[cfg(test)]
#[path = "console_tests.rs"]
mod tests;
