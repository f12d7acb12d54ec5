//! Records that are damaged, of another version, or out of reach: told, set aside where they are damaged, and no machine
//! goes on that nobody knows of.

mod common;

use std::path::{Path, PathBuf};
use std::time::Duration;

use common::{World, until};
use slipway_core::cloud::*;
use slipway_core::error::{Error, ErrorKind};
use slipway_core::ports::Cloud;
use slipway_practice::{Notices, PracticeCloud, PracticeOptions};

fn records(world: &World) -> PathBuf {
    world.options.folder.join("cloud.db")
}

/// Another process on the same folder, such as the next command.
fn next(world: &World) -> (PracticeCloud, Notices) {
    let notices = Notices::default();
    let options = PracticeOptions {
        notices: notices.clone(),
        ..world.options.clone()
    };
    (PracticeCloud::open(options).expect("opened"), notices)
}

async fn refusal(world: &World) -> Error {
    let (cloud, _) = next(world);
    let asked = cloud.instances(&InstanceFilter::Ours);
    let answer = tokio::time::timeout(Duration::from_secs(15), asked).await;
    answer.expect("an answer").expect_err("it must be refused")
}

/// All of them in the one file.
fn whole_records(world: &World) -> Vec<u8> {
    let file = rusqlite::Connection::open(records(world)).expect("opened");
    let checkpoint = "PRAGMA wal_checkpoint(TRUNCATE)";
    file.query_row(checkpoint, [], |_| Ok(())).expect("moved");
    std::fs::read(records(world)).expect("readable")
}

fn set_aside(folder: &Path) -> Vec<PathBuf> {
    let entries = std::fs::read_dir(folder).expect("a folder").flatten();
    let mut found: Vec<PathBuf> = entries.map(|entry| entry.path()).collect();
    found.retain(|path| path.to_string_lossy().contains("damaged-"));
    found
}

#[tokio::test(flavor = "multi_thread")]
async fn nothing_is_opened_or_made_before_something_is_asked() {
    let world = World::new();
    assert!(!world.options.folder.exists());
    world.cloud.account().await.expect("known without the records");
    assert!(!world.options.folder.exists());
    assert_eq!(
        world.cloud.instances(&InstanceFilter::Ours).await.expect("asked"),
        []
    );
    assert!(records(&world).exists());
}

#[tokio::test(flavor = "multi_thread")]
async fn records_of_an_earlier_build_are_whole_while_another_process_writes_them() {
    let world = World::new();
    std::fs::create_dir_all(&world.options.folder).expect("made");
    let earlier = rusqlite::Connection::open(records(&world)).expect("opened");
    earlier.pragma_update(None, "journal_mode", "WAL").expect("set");
    let key_pair = "CREATE TABLE key_pairs (
            id TEXT PRIMARY KEY, name TEXT NOT NULL UNIQUE, public_key TEXT NOT NULL
        ) STRICT;
        INSERT INTO key_pairs VALUES ('key-1', 'slipway-1', 'none');";
    earlier.execute_batch(key_pair).expect("written");
    let (cloud, notices) = next(&world);
    assert_eq!(cloud.instances(&InstanceFilter::Ours).await.expect("asked"), []);
    assert_eq!(
        (notices.take(), set_aside(&world.options.folder)),
        (vec![], vec![])
    );
    let kept = "SELECT count(*) FROM key_pairs";
    let kept: u32 = earlier.query_row(kept, [], |row| row.get(0)).expect("read");
    assert_eq!(kept, 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn damaged_records_are_set_aside_with_their_machines_and_nothing_runs_on() {
    let (world, id) = World::with_server("lost").await;
    assert_ne!(world.cloud.machine_processes().await.expect("asked"), []);
    std::fs::write(records(&world), vec![0x5a; whole_records(&world).len()]).expect("writable");
    for tail in ["-wal", "-shm"] {
        drop(std::fs::remove_file(format!(
            "{}{tail}",
            records(&world).display()
        )));
    }
    let (cloud, notices) = next(&world);
    assert_eq!(cloud.instances(&InstanceFilter::Ours).await.expect("asked"), []);
    let told = notices.take();
    assert_eq!(told.len(), 1, "{told:?}");
    for words in ["damaged", "1 practice server", "0 practice images", "ended"] {
        assert!(told[0].contains(words), "{told:?}");
    }
    let aside = set_aside(&world.options.folder);
    assert_eq!(aside.len(), 1);
    assert!(told[0].contains(&aside[0].display().to_string()));
    assert!(aside[0].join("machines").join(&id).join("console.txt").exists());
    assert_eq!(
        std::fs::read(aside[0].join("cloud.db")).expect("kept")[..4],
        [0x5a; 4]
    );
    until("nothing runs", async || {
        cloud
            .machine_processes()
            .await
            .expect("asked")
            .is_empty()
            .then_some(())
    })
    .await;
    // A window that has the old file open goes over to the new one.
    let (_, group) = world.ready().await;
    let id = world.launch(&group, "new").await;
    assert_eq!(
        cloud.instances(&InstanceFilter::Ours).await.expect("asked").len(),
        1
    );
    world.agent_is_up(&id, 1).await;
    world.terminate(&id).await;
    assert_eq!(notices.take(), Vec::<String>::new());
}

#[tokio::test(flavor = "multi_thread")]
async fn two_processes_that_find_the_damage_at_once_set_it_aside_once() {
    let world = World::new();
    world.ready().await;
    std::fs::write(records(&world), "no database").expect("writable");
    let processes: Vec<_> = (0..8).map(|_| next(&world)).collect();
    let asked = processes.iter().map(|(cloud, _)| {
        let cloud = cloud.clone();
        tokio::spawn(async move { cloud.instances(&InstanceFilter::Ours).await })
    });
    for answer in asked.collect::<Vec<_>>() {
        assert_eq!(answer.await.expect("ended").expect("asked"), []);
    }
    let told: Vec<String> = processes.iter().flat_map(|(_, notices)| notices.take()).collect();
    assert_eq!(
        (told.len(), set_aside(&world.options.folder).len()),
        (1, 1),
        "{told:?}"
    );
}

/// Every change of a bit or the length must end in an answer: the records as they were, or set aside and told.
#[tokio::test(flavor = "multi_thread")]
async fn whatever_bit_or_length_changes_the_next_request_is_answered() {
    let world = World::new();
    world.ready().await;
    let whole = whole_records(&world);
    let flips = (0..whole.len()).step_by(whole.len() / 150 + 1).map(|at| {
        let mut bytes = whole.clone();
        bytes[at] ^= 1 << (at % 8);
        (format!("bit {at}"), bytes)
    });
    let cuts = (0..whole.len())
        .step_by(1024)
        .map(|at| (format!("cut {at}"), whole[..at].to_vec()));
    for (what, bytes) in flips.chain(cuts) {
        let home = tempfile::tempdir().expect("a folder");
        let notices = Notices::default();
        let options = PracticeOptions {
            folder: home.path().to_owned(),
            notices: notices.clone(),
            ..world.options.clone()
        };
        std::fs::write(records_in(home.path()), &bytes).expect("writable");
        let cloud = PracticeCloud::open(options).expect("opened");
        let answer = cloud.ours().await;
        assert!(answer.is_ok(), "{what}: {answer:?}");
        let told = notices.take();
        assert_eq!(told.len(), set_aside(home.path()).len(), "{what}: {told:?}");
        if what.starts_with("cut") {
            assert_eq!(told.len(), 1, "{what}");
        }
    }
}

fn records_in(folder: &Path) -> PathBuf {
    folder.join("cloud.db")
}

/// The tables as they were before addresses, and without the number of a layout.
#[tokio::test(flavor = "multi_thread")]
async fn records_of_an_earlier_layout_are_used_and_those_of_a_newer_one_are_left_alone() {
    let world = World::new();
    let (_, group) = world.ready().await;
    let (records, aside) = (records(&world), || set_aside(&world.options.folder));
    let change = |sql: &str| {
        let file = rusqlite::Connection::open(&records).expect("opened");
        file.execute_batch(sql).expect("changed");
    };
    change("DROP TABLE addresses; PRAGMA user_version = 0;");
    let (cloud, notices) = next(&world);
    assert_eq!(
        cloud
            .security_group("group")
            .await
            .expect("asked")
            .map(|found| found.id),
        Some(group.id)
    );
    assert_eq!(cloud.instances(&InstanceFilter::Ours).await.expect("asked"), []);
    change("PRAGMA user_version = 0x02020202;");
    let refused = refusal(&world).await;
    assert!(refused.sentence.contains("newer version"), "{refused}");
    assert_eq!((notices.take(), aside()), (Vec::new(), Vec::new()));
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_in_the_way_of_the_records_is_named_and_stays() {
    let world = World::new();
    let folder = &world.options.folder;
    std::fs::write(folder, "a file").expect("writable");
    let refused = refusal(&world).await;
    assert!(
        refused.sentence.contains("practice") && refused.hint.contains("Other profiles"),
        "{refused:?}"
    );
    std::fs::remove_file(folder).expect("removable");
    std::fs::create_dir_all(records(&world)).expect("made");
    let refused = refusal(&world).await;
    assert!(
        refused.sentence.contains("cloud.db") && refused.sentence.contains("a folder"),
        "{refused:?}"
    );
    std::fs::remove_dir(records(&world)).expect("removable");
    #[cfg(unix)]
    {
        let made = std::process::Command::new("mkfifo").arg(records(&world)).status();
        assert!(made.expect("mkfifo").success());
        let refused = refusal(&world).await;
        assert!(refused.sentence.contains("a named pipe"), "{refused:?}");
        std::fs::remove_file(records(&world)).expect("removable");
    }
    assert_eq!(
        next(&world)
            .0
            .instances(&InstanceFilter::Ours)
            .await
            .expect("asked"),
        []
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn a_lock_that_another_program_keeps_is_told_and_not_waited_for_for_ever() {
    let world = World::new();
    std::fs::create_dir_all(&world.options.folder).expect("made");
    let lock = std::fs::File::create(world.options.folder.join("cloud.lock")).expect("made");
    lock.lock().expect("locked");
    let refused = refusal(&world).await;
    assert_eq!(refused.kind, ErrorKind::CloudTrouble);
    assert!(refused.sentence.contains("cloud.lock"), "{refused}");
    drop(lock);
    assert_eq!(
        next(&world)
            .0
            .instances(&InstanceFilter::Ours)
            .await
            .expect("asked"),
        []
    );
}
