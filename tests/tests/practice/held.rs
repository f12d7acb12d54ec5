//! Another program holds what Slipway needs: every wait has an end, and is told with whoever holds it.

use std::fs::File;
use std::time::{Duration, Instant};

use slipway_tests::follower::Follower;
use slipway_tests::room::Room;

/// No command may go on longer than this without a word.
const SILENCE: Duration = Duration::from_secs(10);
/// Longer than any wait of these is.
const PATIENCE: Duration = Duration::from_secs(60);

#[test]
fn a_journal_that_another_process_holds_is_waited_for_aloud_and_used_once_it_is_free() {
    let room = Room::new();
    room.done(&["servers"]);
    let lock = File::open(room.data().join("journal.lock")).unwrap();
    // What anybody may take who can read the file.
    lock.lock_shared().unwrap();
    let begun = Instant::now();
    let mut servers = Follower::start(&mut room.command(&["servers", "--json"]), "");
    let told = servers.until(SILENCE, |line| line["type"] == "waiting");
    let told = told.expect("it says what it waits for").value;
    let what = told["what"].as_str().unwrap();
    assert!(what.contains("journal.lock is held by"), "{told}");
    #[cfg(target_os = "linux")]
    assert!(
        what.contains(&format!("(process {})", std::process::id())),
        "it names this test: {told}"
    );
    assert!(!told["hint"].as_str().unwrap().is_empty());
    drop(lock);
    let (status, said) = servers.end(PATIENCE);
    assert_eq!(status, 0, "{said}");
    assert!(begun.elapsed() < PATIENCE);
}

#[test]
fn a_journal_that_stays_held_ends_the_command_with_the_reason() {
    let room = Room::new();
    room.done(&["servers"]);
    let lock = File::open(room.data().join("journal.lock")).unwrap();
    lock.lock_shared().unwrap();
    let ran = room.run(&["servers"]);
    drop(lock);
    assert_eq!(ran.status, 1, "{}", ran.err);
    assert!(ran.err.contains("journal.lock is held by"), "{}", ran.err);
}

#[test]
fn a_database_that_another_program_keeps_locked_is_told_with_that_program() {
    let room = Room::new();
    room.done(&["servers"]);
    let other = rusqlite::Connection::open(room.data().join("journal.db")).unwrap();
    other.execute_batch("BEGIN IMMEDIATE").unwrap();
    let begun = Instant::now();
    let ran = room.run(&["profiles", "use", "practice"]);
    assert_eq!(ran.status, 1, "{}{}", ran.out, ran.err);
    assert!(
        ran.err.contains("so Slipway can't use its journal"),
        "{}",
        ran.err
    );
    assert!(begun.elapsed() < PATIENCE);
    other.execute_batch("ROLLBACK").unwrap();
    room.done(&["profiles", "use", "practice"]);
}
