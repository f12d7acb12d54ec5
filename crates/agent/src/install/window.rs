//! The queue's reading end: a window on what has not been confirmed, so that a long outage costs no memory.

use std::collections::VecDeque;
use std::fs::File;
use std::io::{self, BufRead, BufReader, Seek, SeekFrom};
use std::path::{Path, PathBuf};

use slipway_protocol::message::Message;
use slipway_protocol::routes::{MAX_BODY_BYTES, MAX_MESSAGES};

use super::queue::{Line, Written};

/// Room for a batch's own fields beside its messages.
const BATCH_BYTES: usize = MAX_BODY_BYTES - 4096;

/// What has not been confirmed, as far as a batch may hold it.
pub struct Window {
    path: PathBuf,
    lines: BufReader<File>,
    read: u64,
    confirmed: u64,
    messages: VecDeque<(Message, usize)>,
}

impl Window {
    /// Starts behind the number that was confirmed last.
    pub fn open(path: &Path, confirmed: u64) -> io::Result<Self> {
        Ok(Window {
            path: path.to_owned(),
            lines: BufReader::new(File::open(path)?),
            read: 0,
            confirmed,
            messages: VecDeque::new(),
        })
    }

    /// The number up to which everything has been confirmed.
    pub fn confirmed(&self) -> u64 {
        self.confirmed
    }

    /// The next messages to send, as many as a batch may hold.
    pub fn batch(&mut self, written: Written) -> io::Result<Vec<Message>> {
        self.fill(written)?;
        Ok(self.messages.iter().map(|(message, _)| message.clone()).collect())
    }

    /// Everything up to `through` need not be sent again. A lower number than before is a status service that has
    /// lost its store: what it lacks is sent again.
    pub fn confirm(&mut self, through: u64, written: Written) -> io::Result<()> {
        let through = through.min(written.last);
        if through < self.confirmed {
            *self = Window::open(&self.path, through)?;
        }
        self.confirmed = through;
        while self
            .messages
            .front()
            .is_some_and(|(message, _)| message.number <= through)
        {
            self.messages.pop_front();
        }
        Ok(())
    }

    fn fill(&mut self, written: Written) -> io::Result<()> {
        let mut bytes: usize = self.messages.iter().map(|(_, length)| length).sum();
        while self.read < written.bytes && self.messages.len() < MAX_MESSAGES {
            let mut line = Vec::new();
            let length = self.lines.read_until(b'\n', &mut line)?;
            if bytes + length > BATCH_BYTES && !self.messages.is_empty() {
                self.lines.seek(SeekFrom::Start(self.read))?;
                break;
            }
            self.read += length as u64;
            if let Line::Message(message) = serde_json::from_slice(&line)?
                && message.number > self.confirmed
            {
                bytes += length;
                self.messages.push_back((message, length));
            }
        }
        Ok(())
    }
}
