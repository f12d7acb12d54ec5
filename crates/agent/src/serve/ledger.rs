//! The messages file and who has sent what: decides what a batch adds, and brings it to the disk.

use std::collections::HashMap;
use std::fs::File;
use std::io::{self, BufRead as _, BufReader, Seek as _, SeekFrom, Write as _};
use std::path::Path;

use slipway_protocol::routes::{Accepted, Batch};
use slipway_protocol::{Kind, Message};

use super::fold::{Fold, is_success};
use super::record;
use crate::private;

/// Zeros that are written ahead of the lines.
const AHEAD: usize = 128 * 1024;
/// A commit of at most this many bytes is worth it.
const FEW: usize = 16 * 1024;

/// The only writer of the file. Batches are staged, then committed together.
pub struct Ledger {
    file: File,
    /// How far the file is lines.
    length: u64,
    /// How far it has blocks on the disk; behind the lines these are zeros.
    reserved: u64,
    last: u64,
    over: bool,
    senders: HashMap<String, u64>,
    staged: Staged,
}

/// What the file holds: where each message ends, and what they amount to.
#[derive(Debug, Default)]
pub struct Index {
    /// Offset in the file behind message `n`, at position `n - 1`.
    pub ends: Vec<u64>,
    /// The steps.
    pub fold: Fold,
}

/// What a commit adds to the [`Index`].
#[derive(Debug, Default)]
pub struct Staged {
    lines: Vec<u8>,
    ends: Vec<u64>,
    messages: Vec<Message>,
}

/// Why a batch was not taken. Nothing of it is stored.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum Refusal {
    /// A message is missing between what is stored and the batch.
    #[error("messages are missing: everything up to {through} is stored")]
    Gap {
        /// The sender's highest number that is stored.
        through: u64,
    },
    /// The work has ended well; nothing can come after that.
    #[error("the work has ended well; nothing is accepted any more")]
    Over {
        /// The sender's highest number that is stored.
        through: u64,
    },
    /// The batch contradicts itself.
    #[error("{0}")]
    Malformed(&'static str),
}

impl Ledger {
    /// Reads the file, or makes it. What a crash left behind the last whole line is cut off: it was never confirmed.
    pub fn open(path: &Path) -> io::Result<(Self, Index)> {
        let file = private::open(path)?;
        let mut ledger = Ledger {
            file,
            length: 0,
            reserved: 0,
            last: 0,
            over: false,
            senders: HashMap::new(),
            staged: Staged::default(),
        };
        let mut index = Index::default();
        ledger.read_back(&mut index)?;
        if ledger.file.metadata()?.len() > ledger.length {
            ledger.file.set_len(ledger.length)?;
            ledger.file.sync_all()?;
        }
        ledger.reserved = ledger.length;
        ledger.file.seek(SeekFrom::Start(ledger.length))?;
        if let Some(folder) = path.parent() {
            private::sync_folder(folder)?;
        }
        Ok((ledger, index))
    }

    /// Decides what a batch adds. The answer may be given after the next [`Ledger::commit`].
    pub fn stage(&mut self, batch: Batch) -> Result<Accepted, Refusal> {
        let stored = self.senders.get(&batch.sender).copied().unwrap_or(0);
        check(&batch, stored)?;
        let Batch { sender, messages } = batch;
        let fresh: Vec<Message> = messages
            .into_iter()
            .filter(|message| message.number > stored)
            .collect();
        if fresh.is_empty() {
            return Ok(Accepted { through: stored });
        }
        if self.over {
            return Err(Refusal::Over { through: stored });
        }
        for message in fresh {
            self.stage_one(&sender, message)?;
        }
        let through = self.senders.get(&sender).copied().unwrap_or(stored);
        Ok(Accepted { through })
    }

    /// Bytes that wait for a commit.
    pub fn staged_bytes(&self) -> usize {
        self.staged.lines.len()
    }

    /// Writes everything staged and waits until it is on the disk. After an error the file's end is unknown: the
    /// ledger must not be used again, and opening it anew finds out.
    pub fn commit(&mut self) -> io::Result<Staged> {
        let staged = std::mem::take(&mut self.staged);
        if !staged.lines.is_empty() {
            self.reserve(&staged)?;
            self.file.write_all(&staged.lines)?;
            self.file.sync_data()?;
            self.reserved = self.reserved.max(self.length);
        }
        Ok(staged)
    }

    /// Few lines go into blocks that are on the disk already: the sync then has no new size and no new block to write
    /// down. Many lines pay for that themselves.
    fn reserve(&mut self, staged: &Staged) -> io::Result<()> {
        if self.length <= self.reserved || staged.lines.len() > FEW {
            return Ok(());
        }
        let at = self.length - staged.lines.len() as u64;
        self.file.seek(SeekFrom::Start(self.reserved))?;
        let zeros = vec![0; (self.length - self.reserved) as usize + AHEAD];
        match self.file.write_all(&zeros).and_then(|()| self.file.sync_all()) {
            Ok(()) => self.reserved += zeros.len() as u64,
            // On a full disk lines are written as far as it goes.
            Err(_) => self.file.set_len(self.reserved)?,
        }
        self.file.seek(SeekFrom::Start(at))?;
        Ok(())
    }

    fn stage_one(&mut self, sender: &str, mut message: Message) -> Result<(), Refusal> {
        let sent = message.number;
        message.number = self.last + 1;
        let before = self.staged.lines.len();
        record::encode(&mut self.staged.lines, sender, sent, &message)
            .map_err(|_| Refusal::Malformed("a message can't be written down"))?;
        self.length += (self.staged.lines.len() - before) as u64;
        self.staged.ends.push(self.length);
        self.note(sender, sent, &message);
        self.staged.messages.push(message);
        Ok(())
    }

    fn note(&mut self, sender: &str, sent: u64, message: &Message) {
        self.last = message.number;
        self.over |= ends_well(message);
        match self.senders.get_mut(sender) {
            Some(stored) => *stored = sent,
            None => {
                self.senders.insert(sender.to_owned(), sent);
            }
        }
    }

    fn read_back(&mut self, index: &mut Index) -> io::Result<()> {
        self.file.seek(SeekFrom::Start(0))?;
        let mut reader = BufReader::new(self.file.try_clone()?);
        let mut line = Vec::new();
        while reader.read_until(b'\n', &mut line)? > 0 {
            let Some((sender, sent, message)) = read_line(&line, self.last + 1) else {
                if line.iter().any(|byte| *byte != 0) {
                    tracing::warn!(
                        at = self.length,
                        "cutting off an unfinished line of the messages file"
                    );
                }
                break;
            };
            self.length += line.len() as u64;
            self.note(&sender, sent, &message);
            index.ends.push(self.length);
            index.fold.apply(&message);
            line.clear();
        }
        Ok(())
    }
}

impl Index {
    /// Takes in what was committed; the number of the newest message comes back.
    pub fn extend(&mut self, committed: Staged) -> u64 {
        self.ends.extend(committed.ends);
        for message in &committed.messages {
            self.fold.apply(message);
        }
        self.ends.len() as u64
    }
}

/// The numbers must follow each other, start at most one behind what is stored, and nothing may follow a good end.
fn check(batch: &Batch, stored: u64) -> Result<(), Refusal> {
    let numbers: Vec<u64> = batch.messages.iter().map(|message| message.number).collect();
    let ascending = numbers
        .windows(2)
        .all(|pair| pair[0].checked_add(1) == Some(pair[1]));
    if !ascending || numbers.first() == Some(&0) {
        return Err(Refusal::Malformed("the numbers of a batch ascend by one, from 1"));
    }
    if batch.sender.is_empty() || batch.sender.len() > 64 {
        return Err(Refusal::Malformed("the name of a sender has 1 to 64 bytes"));
    }
    if numbers.first().is_some_and(|first| first - 1 > stored) {
        return Err(Refusal::Gap { through: stored });
    }
    let before_last = batch.messages.iter().rev().skip(1);
    if before_last.into_iter().any(ends_well) {
        return Err(Refusal::Malformed("nothing can follow a successful end"));
    }
    Ok(())
}

fn ends_well(message: &Message) -> bool {
    matches!(&message.kind, Kind::End { outcome } if is_success(outcome))
}

fn read_line(line: &[u8], expected: u64) -> Option<(String, u64, Message)> {
    let record = record::decode(line)?;
    let message: Message = serde_json::from_str(record.message.get()).ok()?;
    (message.number == expected).then_some((record.sender, record.sent, message))
}

#[cfg(test)]
#[path = "ledger_tests.rs"]
mod tests;
