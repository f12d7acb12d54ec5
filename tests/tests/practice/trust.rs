//! A console on which other keys stand than those of the agent that answers: no face acts on what it says.

use std::io::Write;
use std::path::PathBuf;
use std::time::{Duration, Instant};

use slipway_tests::follower::Follower;
use slipway_tests::room::Room;

/// Slow enough for the console to be written to before the agent does.
const SPEED: (&str, &str) = ("SLIPWAY_PRACTICE_SPEED", "5");
const PATIENCE: Duration = Duration::from_secs(60);
const PASSWORD: &str = "Correct-Horse-7-Battery";

#[test]
fn other_keys_on_the_console_are_never_trusted_away() {
    let room = Room::new();
    let words = [
        "launch",
        "--recipe",
        "practice-site",
        "--name",
        "demo",
        "--password-stdin",
        "--detach",
        "--json",
    ];
    let mut command = room.command(&words);
    let mut launched = Follower::start(command.env(SPEED.0, SPEED.1), &format!("{PASSWORD}\n"));
    let (status, said) = launched.end(PATIENCE);
    assert_eq!(status, 0, "{said}");
    let id = room.done(&["servers", "--json"]).json()[0]["id"]
        .as_str()
        .unwrap()
        .to_owned();
    write_foreign_keys(&room, &id);

    let mut watched = Follower::start(&mut room.command(&["watch", "demo", "--json"]), "");
    let waits = watched.until(PATIENCE, |line| !line["launch"]["parked"].is_null());
    let snapshot = waits.expect("it waits").value["launch"].clone();
    assert_eq!(
        snapshot["parked"]["error"]["kind"], "identity_mismatch",
        "{snapshot}"
    );
    assert_eq!(snapshot["parked"]["may_trust"], false);
    drop(watched);

    for _ in 0..2 {
        let refused = room.run(&["resume", "demo", "--trust"]);
        assert_eq!(refused.status, 1, "{}", refused.out);
        assert!(refused.err.contains("can't be trusted"), "{}", refused.err);
        assert_eq!(room.run(&["resume", "demo"]).status, 1);
    }
    let tags = slipway_tests::leftovers::order_tags(&room);
    assert_eq!(tags, 0, "no order, and so no password, was ever sent");
    room.done(&["terminate", "demo", "--yes"]);
    assert_eq!(slipway_tests::leftovers::leftovers(&room), Vec::<String>::new());
}

/// The first line counts, so it has to be there before the agent's own.
fn write_foreign_keys(room: &Room, launch: &str) {
    let begun = Instant::now();
    let console = loop {
        if let Some(console) = console(room) {
            break console;
        }
        assert!(begun.elapsed() < PATIENCE, "no machine appears");
        std::thread::park_timeout(Duration::from_millis(20));
    };
    let line = format!(
        "SLIPWAY1 {launch} keys tls-sha256={} x25519={}=\n",
        "f".repeat(64),
        "A".repeat(43)
    );
    let mut file = std::fs::OpenOptions::new()
        .create(true)
        .append(true)
        .open(console)
        .unwrap();
    file.write_all(line.as_bytes()).unwrap();
}

fn console(room: &Room) -> Option<PathBuf> {
    let machines = std::fs::read_dir(room.data().join("practice/machines")).ok()?;
    let machine = machines.flatten().next()?;
    Some(machine.path().join("console.txt"))
}
