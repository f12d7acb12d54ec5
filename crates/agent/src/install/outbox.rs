//! Between those who tell and the delivery: drafts go in, are made durable in groups, and come out as batches.

use std::io;
use std::path::Path;
use std::time::Duration;

use slipway_protocol::routes::Batch;
use tokio::sync::{mpsc, oneshot, watch};

use super::deliver::Outbox;
use super::draft::Draft;
use super::log::{self, Log};
use super::queue::{Queue, Written};
use super::window::Window;

/// So many entries may wait for the disk before those who tell have to.
const WAITING: usize = 1024;
/// So many are made durable together at most.
const GROUP: usize = 512;
/// Pause before a write that failed is tried again.
const DISK_PAUSE: Duration = Duration::from_secs(1);

enum Entry {
    Message(Draft),
    Note(String),
    Confirmed(u64),
    Flush(oneshot::Sender<()>),
}

/// Takes what is told. Clones share the queue.
#[derive(Clone)]
pub struct Intake {
    entries: mpsc::Sender<Entry>,
    written: watch::Receiver<Written>,
    confirmed: watch::Receiver<u64>,
}

/// The queue's end for the delivery.
pub struct Outgoing {
    sender: String,
    window: Window,
    intake: Intake,
    written: watch::Receiver<Written>,
    confirmed: watch::Sender<u64>,
}

/// Starts the writer of queue and log; needs a tokio runtime.
pub fn start(queue: Queue, confirmed: u64, path: &Path, log: Log) -> io::Result<(Intake, Outgoing)> {
    let (entries, incoming) = mpsc::channel(WAITING);
    let (written_sender, written) = watch::channel(queue.written());
    let (confirmed_sender, confirmed_receiver) = watch::channel(confirmed);
    let sender = queue.sender().to_owned();
    let window = Window::open(path, confirmed)?;
    tokio::spawn(write_all(Files { queue, log }, incoming, written_sender));
    let intake = Intake {
        entries,
        written: written.clone(),
        confirmed: confirmed_receiver,
    };
    let outgoing = Outgoing {
        sender,
        window,
        intake: intake.clone(),
        written,
        confirmed: confirmed_sender,
    };
    Ok((intake, outgoing))
}

impl Intake {
    /// Takes a message. Waits only while very many wait for the disk.
    pub async fn message(&self, draft: Draft) {
        self.put(Entry::Message(draft)).await;
    }

    /// Takes a line for the log file alone.
    pub async fn note(&self, text: &str) {
        self.put(Entry::Note(log::note(text))).await;
    }

    /// The same from code that can't wait; dropped while very many wait for the disk.
    pub fn note_now(&self, text: &str) {
        let _ = self.entries.try_send(Entry::Note(log::note(text)));
    }

    /// Returns once everything taken so far would survive a power cut.
    pub async fn flush(&self) {
        let (done, flushed) = oneshot::channel();
        self.put(Entry::Flush(done)).await;
        let _ = flushed.await;
    }

    /// Returns once the status service has everything taken so far.
    pub async fn delivered(&self) {
        self.flush().await;
        let last = self.written.borrow().last;
        let _ = self.confirmed.clone().wait_for(|through| *through >= last).await;
    }

    async fn put(&self, entry: Entry) {
        // The writer ends only with the runtime.
        let _ = self.entries.send(entry).await;
    }
}

impl Outbox for Outgoing {
    async fn batch(&mut self) -> Batch {
        loop {
            let confirmed = self.window.confirmed();
            let newer = self.written.wait_for(|written| written.last > confirmed).await;
            let Ok(written) = newer.map(|written| *written) else {
                // The writer is gone, and with it everything that could still be sent.
                return std::future::pending().await;
            };
            match self.window.batch(written) {
                Ok(messages) if !messages.is_empty() => {
                    let sender = self.sender.clone();
                    return Batch { sender, messages };
                }
                Ok(_) => {}
                Err(error) => self
                    .intake
                    .note_now(&format!("The queue can't be read: {error}.")),
            }
            tokio::time::sleep(DISK_PAUSE).await;
        }
    }

    async fn confirm(&mut self, through: u64) {
        let written = *self.written.borrow();
        if let Err(error) = self.window.confirm(through, written) {
            self.intake
                .note_now(&format!("The queue can't be read: {error}."));
        }
        self.confirmed.send_replace(self.window.confirmed());
        self.intake.put(Entry::Confirmed(through)).await;
    }
}

struct Files {
    queue: Queue,
    log: Log,
}

/// While one group is made durable the next one gathers: an idle queue writes at once, and a chatty program costs
/// one wait for the disk a group, not a line.
async fn write_all(mut files: Files, mut incoming: mpsc::Receiver<Entry>, written: watch::Sender<Written>) {
    let mut group = Vec::with_capacity(GROUP);
    while incoming.recv_many(&mut group, GROUP).await > 0 {
        let (drafts, lines, flushes, confirmed) = sort(group.drain(..));
        files = write_group(files, drafts, lines, confirmed).await;
        written.send_replace(files.queue.written());
        for flush in flushes {
            let _ = flush.send(());
        }
    }
}

type Sorted = (Vec<Draft>, Vec<String>, Vec<oneshot::Sender<()>>, Option<u64>);

fn sort(group: impl Iterator<Item = Entry>) -> Sorted {
    let (mut drafts, mut lines, mut flushes, mut confirmed) = (Vec::new(), Vec::new(), Vec::new(), None);
    for entry in group {
        match entry {
            Entry::Message(draft) => {
                lines.push(log::line(&draft));
                drafts.push(draft);
            }
            Entry::Note(line) => lines.push(line),
            Entry::Confirmed(through) => confirmed = Some(through),
            Entry::Flush(done) => flushes.push(done),
        }
    }
    (drafts, lines, flushes, confirmed)
}

/// Tries until the messages are on disk: what was not written must not be acted on. It blocks its thread for the
/// few milliseconds of a disk's flush; going through another thread would cost about as much.
async fn write_group(
    mut files: Files,
    drafts: Vec<Draft>,
    lines: Vec<String>,
    confirmed: Option<u64>,
) -> Files {
    files.log.add(&lines);
    if let Some(through) = confirmed {
        files.queue.confirm(through);
    }
    if drafts.is_empty() {
        return files;
    }
    loop {
        match files.queue.append(&drafts) {
            Ok(()) => return files,
            Err(error) => tracing::error!(%error, "the queue can't be written"),
        }
        tokio::time::sleep(DISK_PAUSE).await;
    }
}
