//! Says a few short lines on the serial console, where the app finds them with `GetConsoleOutput`.
//!
//! COM1 belongs to one process at a time, so it is opened for each batch of lines and closed at once; while another
//! process has it, the lines wait. EC2 keeps the last 64 KB of a console, so what one process says is limited.

use std::fs::OpenOptions;
use std::io::{self, Write as _};
use std::path::Path;
use std::time::Duration;

use slipway_protocol::Time;
use slipway_protocol::console::{Line, News};
use tokio::sync::{mpsc, oneshot};

use crate::config::Config;
use crate::ec2launch;

/// Most bytes of step lines that one process writes.
const BUDGET: usize = 24 * 1024;
/// Lines that one opening of the port takes at most: a few milliseconds each.
const AT_ONCE: usize = 32;
/// Windows' names of devices start with this.
const DEVICE: &str = r"\\.\";
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
    /// Starts the writer, which waits until EC2Launch has finished; needs a tokio runtime.
    pub fn start(config: &Config, launch: &str) -> Self {
        let (queue, entries) = mpsc::unbounded_channel();
        let config = config.clone();
        tokio::spawn(async move {
            ec2launch::finished(&config).await;
            write_all(&config.console, entries).await;
        });
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

async fn write_all(path: &Path, mut entries: mpsc::UnboundedReceiver<Entry>) {
    let (mut left, mut said) = (BUDGET, Vec::new());
    while entries.recv_many(&mut said, AT_ONCE).await > 0 {
        let (mut lines, mut waiting) = (Vec::new(), Vec::new());
        for entry in said.drain(..) {
            match entry {
                Entry::News(launch, news) => lines.extend(line(launch, news, &mut left)),
                Entry::Flush(done) => waiting.push(done),
            }
        }
        if !lines.is_empty() {
            append_when_free(path, &lines).await;
        }
        for done in waiting {
            let _ = done.send(());
        }
    }
}

/// `None` for what is over the budget.
fn line(launch: String, news: News, left: &mut usize) -> Option<String> {
    let line = Line { launch, news };
    let text = format!("{}: {line}", Time::now().console());
    is_worth(&line.news, text.len(), left).then_some(text)
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

async fn append_when_free(path: &Path, lines: &[String]) {
    let mut pause = FIRST_PAUSE;
    while let Err(error) = append(path, lines) {
        tracing::debug!(%error, "the console is not free");
        tokio::time::sleep(pause).await;
        pause = (pause * 2).min(LONGEST_PAUSE);
    }
}

fn append(path: &Path, lines: &[String]) -> io::Result<()> {
    if path.to_string_lossy().starts_with(DEVICE) {
        return write_port(path, &with_ends(lines, "\r\n"));
    }
    let mut file = OpenOptions::new().append(true).create(true).open(path)?;
    // One write: other processes append too.
    file.write_all(with_ends(lines, "\n").as_bytes())
}

fn with_ends(lines: &[String], end: &str) -> String {
    lines.iter().flat_map(|line| [line.as_str(), end]).collect()
}

#[cfg(windows)]
fn write_port(port: &Path, text: &str) -> io::Result<()> {
    crate::serial::write(port, text)
}

/// Elsewhere a port has a name like any file.
#[cfg(not(windows))]
fn write_port(path: &Path, text: &str) -> io::Result<()> {
    OpenOptions::new()
        .append(true)
        .open(path)?
        .write_all(text.as_bytes())
}

#[cfg(test)]
#[path = "console_tests.rs"]
mod tests;
