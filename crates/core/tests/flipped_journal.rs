//! A journal with flipped bits, zeroed sectors or a missing end, again and again: each is opened with every row as it
//! was, or set aside and rebuilt from what the cloud says. Never is the list empty, and never is it wrong.

#![allow(clippy::unwrap_used)] // a test that can't go on should stop
#![allow(clippy::print_stdout)] // the figures of a long run

mod common;

use common::files::{Files, TAILS, folder_with, read, told};
use fastrand::Rng;
use slipway_core::engine::Engine;
use slipway_core::testing::{PROFILE, World, cases};
use slipway_core::view::Status;

/// Damages a file, and says how.
fn damage(random: &mut Rng, bytes: &mut Vec<u8>) -> String {
    let at = random.usize(..bytes.len());
    match random.u8(0..10) {
        0 => {
            let kept = at / 1024 * 1024;
            bytes.truncate(kept);
            format!("cut off after {kept} bytes")
        }
        1 => {
            let sector = at / 512 * 512;
            let end = bytes.len().min(sector + 512);
            bytes[sector..end].fill(0);
            format!("zeroed from {sector}")
        }
        // Where SQLite believes what it reads.
        2 => flip(random, bytes, at % 100),
        _ => flip(random, bytes, at),
    }
}

fn flip(random: &mut Rng, bytes: &mut [u8], at: usize) -> String {
    let bit = random.u8(0..8);
    bytes[at] ^= 1 << bit;
    format!("bit {bit} flipped at {at}")
}

/// Damages one of the files again and again.
async fn survives(world: &World, files: &Files, damaged: usize, seed: u64) {
    let whole = {
        let folder = folder_with(files);
        told(&world.seen_from(folder.path()).engine().await.unwrap()).await
    };
    let (mut random, mut rebuilt) = (Rng::with_seed(seed), 0);
    let count = cases(100, 1_000);
    for number in 0..count {
        let mut files = files.clone();
        let how = damage(&mut random, files[damaged].as_mut().unwrap());
        let what = format!("seed {seed}, case {number}: journal.db{} {how}", TAILS[damaged]);
        let folder = folder_with(&files);
        let engine = world.seen_from(folder.path()).engine().await;
        let engine = engine.unwrap_or_else(|error| panic!("{what}: {error:?}"));
        has_both(&engine, &what).await;
        if engine.notices().iter().any(|notice| notice.contains("damaged")) {
            rebuilt += 1;
        } else if damaged == 0 {
            assert_eq!(told(&engine).await, whole, "{what}");
        }
        engine.close().await;
    }
    println!(
        "journal.db{}: {count} damages from seed {seed}, {rebuilt} set aside and rebuilt",
        TAILS[damaged]
    );
    assert!(damaged != 0 || rebuilt > count / 4, "{rebuilt} of {count}");
}

async fn has_both(engine: &Engine, what: &str) {
    let servers = engine.servers(PROFILE).await;
    let servers = servers.unwrap_or_else(|error| panic!("{what}: {error:?}"));
    let mut names: Vec<&str> = servers.iter().map(|server| server.name.as_str()).collect();
    names.sort_unstable();
    assert_eq!(names, ["first", "second"], "{what}");
}

/// A world with two ready servers, and the journal as it lies on the disk while it is open.
async fn two_servers() -> (World, Files) {
    let folder = tempfile::tempdir().unwrap();
    let world = World::new(folder.path());
    let engine = world.engine().await.unwrap();
    for name in ["first", "second"] {
        let id = engine.launch(World::request(name, &[])).await.unwrap();
        assert_eq!(engine.settled(&id).await.unwrap().server.status, Status::Ready);
    }
    engine.close().await;
    (world, read(folder.path()))
}

#[tokio::test(start_paused = true)]
async fn a_damaged_file_is_opened_right_or_rebuilt() {
    let (world, open) = two_servers().await;
    let folder = folder_with(&open);
    let journal = rusqlite::Connection::open(folder.path().join("journal.db")).unwrap();
    // The last connection puts all into the one file when it is closed.
    journal
        .query_row("SELECT count(*) FROM launches", [], |_| Ok(()))
        .unwrap();
    journal.close().unwrap();
    let closed = read(folder.path());
    assert!(closed[1].is_none());
    survives(&world, &closed, 0, 7).await;
}

#[tokio::test(start_paused = true)]
async fn a_damaged_log_of_writes_loses_no_server() {
    let (world, open) = two_servers().await;
    survives(&world, &open, 1, 8).await;
}
