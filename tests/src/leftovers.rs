//! What a practice world holds: what a launch left behind, and whether it was made twice.

use rusqlite::{Connection, OpenFlags};

use crate::room::Room;

/// Where each kind of thing that a launch creates is counted. Images are kept on purpose and counted apart.
const KINDS: [(&str, &str); 4] = [
    (
        "instances",
        "SELECT count(*) FROM instances WHERE state <> 'terminated'",
    ),
    ("key pairs", "SELECT count(*) FROM key_pairs"),
    ("security groups", "SELECT count(*) FROM groups"),
    ("images", "SELECT count(*) FROM images"),
];

/// Everything that is still there, in words; empty where nothing is.
pub fn leftovers(room: &Room) -> Vec<String> {
    let processes = room.processes().into_iter();
    let mut left: Vec<String> = processes.map(|process| format!("process {process:?}")).collect();
    for (kind, sql) in KINDS {
        match count(room, sql) {
            0 => {}
            number => left.push(format!("{number} {kind}")),
        }
    }
    left.extend(
        room.secrets()
            .into_iter()
            .map(|secret| format!("secret {secret}")),
    );
    for folder in ["machines", "images"] {
        let entries = std::fs::read_dir(room.data().join("practice").join(folder));
        let entries = entries.into_iter().flatten().flatten();
        left.extend(entries.map(|entry| format!("folder {}", entry.path().display())));
    }
    left
}

/// Instances that were ever made, gone ones too.
pub fn instances_ever(room: &Room) -> i64 {
    count(room, "SELECT count(*) FROM instances")
}

/// Tags that carry orders to agents.
pub fn order_tags(room: &Room) -> i64 {
    count(room, "SELECT count(*) FROM tags WHERE key LIKE 'slipway-order-%'")
}

/// Images that are there.
pub fn images(room: &Room) -> i64 {
    count(room, "SELECT count(*) FROM images")
}

/// Instances that are not gone.
pub fn instances(room: &Room) -> i64 {
    count(room, KINDS[0].1)
}

fn count(room: &Room, sql: &str) -> i64 {
    let path = room.data().join("practice").join("cloud.db");
    if !path.exists() {
        // Nothing was ever asked of it.
        return 0;
    }
    let cloud =
        Connection::open_with_flags(&path, OpenFlags::SQLITE_OPEN_READ_WRITE).expect("a practice world");
    cloud
        .busy_timeout(std::time::Duration::from_secs(10))
        .expect("a timeout");
    cloud.query_row(sql, [], |row| row.get(0)).expect("a count")
}
