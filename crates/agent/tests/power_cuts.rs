//! The power goes while the agent writes: what was confirmed is on the disk, whatever of the rest is.
// Clippy takes only the functions marked as tests for tests.
#![allow(clippy::unwrap_used, clippy::print_stdout)]

mod long;
#[path = "serve/random.rs"]
#[allow(dead_code, reason = "a part of it is enough here")]
mod random;

use std::io;
use std::path::Path;
use std::sync::{Arc, Mutex};

use slipway_agent::install::append::{AppendFile, Storage};
use slipway_agent::install::ballast::Ballast;
use slipway_agent::install::draft::Draft;
use slipway_agent::install::queue::Queue;
use slipway_agent::install::window::Window;
use slipway_agent::serve::store::Store;
use slipway_protocol::Message;
use slipway_protocol::message::{Kind, Level};
use slipway_protocol::routes::{Batch, Page};

use crate::long::cases;
use crate::random::Random;

/// What a disk writes as a whole.
const SECTOR: usize = 512;

fn draft(number: u64, random: &mut Random) -> Draft {
    let text = "x".repeat(random.below(700));
    Draft::of(1, Level::Info, &format!("line {number} {text}"), Kind::Line)
}

/// A disk that holds back what it was not told to sync.
#[derive(Default)]
struct Disk {
    synced: Vec<u8>,
    held_back: Vec<u8>,
}

#[derive(Clone, Default)]
struct Shared(Arc<Mutex<Disk>>);

impl Storage for Shared {
    fn append(&mut self, bytes: &[u8]) -> io::Result<()> {
        self.0.lock().unwrap().held_back.extend_from_slice(bytes);
        Ok(())
    }

    fn sync(&mut self) -> io::Result<()> {
        let mut disk = self.0.lock().unwrap();
        let held_back = std::mem::take(&mut disk.held_back);
        disk.synced.extend(held_back);
        Ok(())
    }

    fn cut(&mut self, _: u64) -> io::Result<()> {
        unreachable!("this disk never fails")
    }
}

impl Shared {
    /// What is there after the cut: of what was held back a part, and behind it perhaps room that was never written.
    fn after_the_cut(&self, random: &mut Random) -> Vec<u8> {
        let disk = self.0.lock().unwrap();
        let reached = random.below(disk.held_back.len() + 1);
        let mut left = [&disk.synced[..], &disk.held_back[..reached]].concat();
        left.resize(left.len() + random.below(2) * SECTOR, 0);
        left
    }
}

fn texts(path: &Path) -> Vec<String> {
    let ballast = Ballast::reserve(path.with_extension("ballast"), SECTOR);
    let queue = Queue::open(path, ballast).unwrap().queue;
    let mut window = Window::open(path, 0).unwrap();
    let messages = window.batch(queue.written()).unwrap();
    assert!(
        messages
            .iter()
            .map(|message| message.number)
            .eq(1..=messages.len() as u64)
    );
    messages.into_iter().map(|message| message.text).collect()
}

#[test]
fn a_cut_loses_no_message_that_the_queue_has_taken() {
    let seeds = cases(100, 500);
    for seed in 1..=seeds {
        let (mut random, disk) = (Random(seed), Shared::default());
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("queue.jsonl");
        // The first line of the file, as the queue itself writes it.
        drop(Queue::open(&path, Ballast::reserve(folder.path().join("ballast"), SECTOR)).unwrap());
        let head = std::fs::read(&path).unwrap();
        let file = AppendFile::on(Box::new(disk.clone()), head.len() as u64);
        let ballast = Ballast::reserve(folder.path().join("ballast"), SECTOR);
        let mut queue = Queue::on(file, ballast, "q".into());
        let mut taken = Vec::new();
        for _ in 0..1 + random.below(8) {
            let first = taken.len() as u64 + 1;
            let drafts: Vec<Draft> = (first..=first + random.below(5) as u64)
                .map(|number| draft(number, &mut random))
                .collect();
            queue.append(&drafts).unwrap();
            taken.extend(drafts.into_iter().map(|draft| draft.numbered(0).text));
            // Written down without waiting for the disk.
            queue.confirm(random.below(taken.len()) as u64);
        }
        std::fs::write(&path, [head, disk.after_the_cut(&mut random)].concat()).unwrap();
        assert_eq!(texts(&path), taken, "seed {seed}");
    }
    println!("{seeds} cuts of the power while the queue is written: nothing lost");
}

fn batch(messages: Vec<Message>) -> Batch {
    Batch {
        sender: "q".into(),
        messages,
    }
}

/// Stores batches of messages `first..`, each confirmed; gives the file as it then is, and the messages.
async fn store_some(path: &Path, first: u64, batches: usize, random: &mut Random) -> (Vec<u8>, Vec<Message>) {
    let (store, writer) = Store::open(path).unwrap();
    let mut stored = Vec::new();
    for _ in 0..batches {
        let next = first + stored.len() as u64;
        let messages: Vec<Message> = (next..=next + random.below(6) as u64)
            .map(|number| draft(number, random).numbered(number))
            .collect();
        store.append(batch(messages.clone())).await.unwrap();
        stored.extend(messages);
    }
    let bytes = std::fs::read(path).unwrap();
    drop(store);
    writer.await.unwrap().unwrap();
    (bytes, stored)
}

async fn all(path: &Path) -> Vec<Message> {
    let (store, writer) = Store::open(path).unwrap();
    let page: Page = serde_json::from_slice(&store.page("s", 0, 500).await.unwrap()).unwrap();
    drop(store);
    writer.await.unwrap().unwrap();
    page.messages
}

/// The file before a write, with some of the sectors of the file after it.
fn torn(random: &mut Random, before: &[u8], after: &[u8]) -> Vec<u8> {
    let mut left = before.to_vec();
    for start in (0..after.len()).step_by(SECTOR) {
        let end = (start + SECTOR).min(after.len());
        if random.below(2) == 0 {
            left.resize(left.len().max(end), 0);
            left[start..end].copy_from_slice(&after[start..end]);
        }
    }
    left
}

#[tokio::test]
async fn a_cut_loses_no_message_that_the_status_service_has_confirmed() {
    let (seeds, mut torn_off) = (cases(50, 500), 0);
    for seed in 1..=seeds {
        let mut random = Random(seed);
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("messages.jsonl");
        let batches = 1 + random.below(6);
        let (before, confirmed) = store_some(&path, 1, batches, &mut random).await;
        let next = confirmed.len() as u64 + 1;
        let (after, on_its_way) = store_some(&path, next, 1, &mut random).await;
        std::fs::write(&path, torn(&mut random, &before, &after)).unwrap();
        let found = all(&path).await;
        let sent = [confirmed.clone(), on_its_way].concat();
        assert!(
            found.len() >= confirmed.len(),
            "seed {seed}: {} lost",
            confirmed.len() - found.len()
        );
        assert_eq!(found, sent[..found.len()], "seed {seed}");
        torn_off += u64::from(found.len() < sent.len());
        // What is sent again goes on where the cut was.
        let again = store_some(&path, found.len() as u64 + 1, 1, &mut random).await.1;
        assert_eq!(all(&path).await, [found, again].concat(), "seed {seed}");
    }
    println!(
        "{seeds} cuts of the power while the service writes: nothing confirmed lost, {torn_off} writes undone"
    );
}
