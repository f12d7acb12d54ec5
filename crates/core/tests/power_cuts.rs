//! The power goes in the middle of a write to the journal: whatever part of that write reached the disk, all that was
//! written down before is there, and nothing else is.

#![allow(clippy::unwrap_used)] // a test that can't go on should stop
#![allow(clippy::print_stdout)] // the figures of a long run

mod common;

use common::files::{Files, folder_with, read, told};
use common::seconds;
use fastrand::Rng;
use slipway_core::testing::{World, cases};

/// What a disk writes as a whole.
const SECTOR: usize = 512;
/// How long the launch has gone on, in seconds: so short that nothing has left the log of writes yet.
const BEGUN: u64 = 60;
/// Header of the log of writes, and of each of its frames (SQLite file format, 4.1 and 4.2).
const LOG_HEADER: usize = 32;
const FRAME_HEADER: usize = 24;

/// Where each transaction of a log of writes ends that came after `before`, an earlier state of it.
fn ends_of_transactions(log: &[u8], before: &[u8]) -> Vec<usize> {
    let number = |at: usize| u32::from_be_bytes(log[at..at + 4].try_into().unwrap()) as usize;
    let frame = FRAME_HEADER + number(8);
    // A log that was begun anew has new salts, and leaves frames of the former one behind its own.
    let begun_anew = log[..LOG_HEADER] != before[..LOG_HEADER];
    let own = |start: &usize| log[start + 8..start + 16] == log[16..24];
    let starts = (LOG_HEADER..log.len()).step_by(frame).take_while(own);
    // The frame that ends a transaction says how large the journal is after it.
    let last_ones = starts.filter(|start| number(start + 4) != 0);
    let ends = last_ones.map(|start| start + frame);
    ends.filter(|end| begun_anew || *end > before.len()).collect()
}

/// The log with a random part of what lies behind `durable`: each sector is there or was never written.
fn torn(random: &mut Rng, log: &[u8], durable: usize, end: usize) -> Vec<u8> {
    let mut left = log[..durable].to_vec();
    let (mut at, sixteenths) = (durable, random.u8(1..=16));
    while at < end {
        let next = (at / SECTOR * SECTOR + SECTOR).min(end);
        if random.u8(0..16) < sixteenths {
            left.resize(at, 0);
            left.extend_from_slice(&log[at..next]);
        }
        at = next;
    }
    left
}

/// What is told of the servers by a journal of these files.
async fn told_by(world: &World, files: &Files, what: &str) -> String {
    let folder = folder_with(files);
    let engine = world.seen_from(folder.path()).engine().await;
    let engine = engine.unwrap_or_else(|error| panic!("{what}: {error:?}"));
    assert_eq!(engine.notices(), Vec::<String>::new(), "{what}");
    let told = told(&engine).await;
    engine.close().await;
    told
}

#[tokio::test(start_paused = true)]
async fn a_cut_in_the_middle_of_a_write_loses_nothing_that_was_written_before() {
    let folder = tempfile::tempdir().unwrap();
    let world = World::new(folder.path());
    let engine = world.engine().await.unwrap();
    engine.launch(World::request("demo", &[])).await.unwrap();
    // A new launch goes into the journal's own file at once; all that follows is in the log of writes.
    let [begun, before] = read(folder.path());
    seconds(BEGUN).await;
    engine.kill();
    let [journal, log] = read(folder.path());
    assert!(journal == begun, "nothing has left the log of writes");
    let log = log.unwrap();
    let ends = ends_of_transactions(&log, &before.unwrap());
    assert!(ends.len() > 20, "{} transactions", ends.len());
    let (seeds, mut undone, mut told_apart) = (cases(50, 500), 0, 0);
    for seed in 1..=seeds {
        let mut random = Rng::with_seed(seed);
        let at = random.usize(1..ends.len());
        let (durable, end) = (ends[at - 1], ends[at]);
        let of = |log: Vec<u8>| [journal.clone(), Some(log)];
        let what = format!("seed {seed}, transaction {at}");
        let before = told_by(&world, &of(log[..durable].to_vec()), &what).await;
        let after = told_by(&world, &of(log[..end].to_vec()), &what).await;
        let cut = told_by(&world, &of(torn(&mut random, &log, durable, end)), &what).await;
        undone += u64::from(cut != after);
        told_apart += u64::from(before != after);
        assert!(cut == before || cut == after, "{what}: {cut}");
    }
    println!("{seeds} cuts of the power in the middle of a write: {undone} times it had not happened");
    // Most writes change nothing that is told: a lease that is renewed, an intent.
    assert!(
        told_apart > seeds / 10,
        "only {told_apart} of the writes can be told"
    );
}
