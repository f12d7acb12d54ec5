//! The durable queue of messages: numbers of its own, one sender name a file, and what the status service has confirmed.

use std::io;
use std::path::Path;

use serde::{Deserialize, Serialize};
use slipway_protocol::message::{Kind, Level, Message};

use super::append::AppendFile;
use super::ballast::{Ballast, is_full};
use super::draft::Draft;
use super::told::Told;
use crate::identity::random;
use crate::private;

const FULL: &str = "The disk is full. Lines of output and progress are left out from now on.";

/// A line of the queue's file.
#[derive(Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Line {
    /// The first line: names the queue.
    Sender(String),
    /// Everything up to this number need not be sent again.
    Confirmed(u64),
    /// A message with the queue's own number.
    Message(Message),
}

/// The queue's writing end.
pub struct Queue {
    file: AppendFile,
    ballast: Ballast,
    sender: String,
    last: u64,
}

/// What opening a queue found.
pub struct Opened {
    /// The writing end.
    pub queue: Queue,
    /// The facts that are in it.
    pub told: Told,
    /// The number up to which everything has been confirmed.
    pub confirmed: u64,
}

impl Queue {
    /// Opens or makes the queue. A file that is damaged before its last line is begun anew, with a new name: the
    /// numbers that were cut must not be given to other messages under the old one.
    pub fn open(path: &Path, ballast: Ballast) -> io::Result<Opened> {
        let mut found = Found::read(path)?;
        if found.damaged {
            private::remove(path)?;
            found = Found::read(path)?;
        }
        found.into_opened(ballast)
    }

    /// A queue without messages in a file that may be anything.
    pub fn on(file: AppendFile, ballast: Ballast, sender: String) -> Self {
        Queue {
            file,
            ballast,
            sender,
            last: 0,
        }
    }

    /// The name that the numbers belong to.
    pub fn sender(&self) -> &str {
        &self.sender
    }

    /// How far the queue is on disk.
    pub fn written(&self) -> Written {
        Written {
            last: self.last,
            bytes: self.file.length(),
        }
    }

    /// Numbers the drafts and writes them; when this returns, they would survive a power cut. Where the disk is
    /// full, lines and progress are left out from then on.
    pub fn append(&mut self, drafts: &[Draft]) -> io::Result<()> {
        if !self.ballast.is_spent() {
            match self.write(drafts.iter()) {
                Err(error) if is_full(&error) => return self.write_essential(drafts, true),
                other => return other,
            }
        }
        self.write_essential(drafts, false)
    }

    /// The first time a line says what is left out from now on.
    fn write_essential(&mut self, drafts: &[Draft], first: bool) -> io::Result<()> {
        let attempt = drafts.first().map_or(1, |draft| draft.attempt);
        let warning = Draft::of(attempt, Level::Warn, FULL, Kind::Line);
        let essential = drafts.iter().filter(|draft| draft.is_essential());
        let lines = self.lines(essential.chain(first.then_some(&warning)));
        let file = &mut self.file;
        self.ballast.with_room(|| file.append_durably(&lines))?;
        self.last += lines.len() as u64;
        Ok(())
    }

    /// Writes down what the status service has. Not waited for: a lost line costs a repeated batch.
    pub fn confirm(&mut self, through: u64) {
        let _ = self.file.append(&[Line::Confirmed(through)]);
    }

    fn write<'d>(&mut self, drafts: impl Iterator<Item = &'d Draft>) -> io::Result<()> {
        let lines = self.lines(drafts);
        self.file.append_durably(&lines)?;
        self.last += lines.len() as u64;
        Ok(())
    }

    fn lines<'d>(&self, drafts: impl Iterator<Item = &'d Draft>) -> Vec<Line> {
        let numbered = drafts.zip(self.last + 1..);
        numbered
            .map(|(draft, number)| Line::Message(draft.clone().numbered(number)))
            .collect()
    }
}

/// How far the queue is on disk.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Written {
    /// The highest number.
    pub last: u64,
    /// Bytes of the file that hold whole lines.
    pub bytes: u64,
}

/// What a queue file holds.
struct Found {
    file: AppendFile,
    damaged: bool,
    sender: Option<String>,
    told: Told,
    last: u64,
    confirmed: u64,
}

impl Found {
    fn read(path: &Path) -> io::Result<Self> {
        let (mut sender, mut told, mut last, mut confirmed) = (None, Told::default(), 0, 0);
        let opened = AppendFile::open(path, |line| match line {
            Line::Sender(name) => sender = Some(name),
            Line::Confirmed(through) => confirmed = through,
            Line::Message(message) => {
                told.apply(&message);
                last = message.number;
            }
        })?;
        Ok(Found {
            file: opened.file,
            damaged: opened.damaged,
            sender,
            told,
            last,
            confirmed,
        })
    }

    fn into_opened(self, ballast: Ballast) -> io::Result<Opened> {
        let mut file = self.file;
        let sender = match self.sender {
            Some(name) => name,
            None => {
                let name = hex::encode(random::<16>()?);
                let line = [Line::Sender(name.clone())];
                ballast.with_room(|| file.append_durably(&line))?;
                name
            }
        };
        let queue = Queue {
            file,
            ballast,
            sender,
            last: self.last,
        };
        Ok(Opened {
            queue,
            told: self.told,
            confirmed: self.confirmed,
        })
    }
}
