//! A practice server whose time is up stops by itself, as one on EC2 does.

use std::path::PathBuf;
use std::time::{Duration, Instant};

use serde_json::Value;
use slipway_tests::room::Room;

/// Far more than the agent takes to look at its clock, which it does every second.
const PATIENCE: Duration = Duration::from_secs(30);
/// Long enough for the agent to look again.
const A_FEW_LOOKS: Duration = Duration::from_secs(4);

#[test]
fn a_server_whose_hours_are_over_stops_itself_once() {
    let room = Room::new();
    let recipe = ["launch", "--recipe", "practice-site", "--name", "demo"];
    room.done(&[recipe.as_slice(), &["--stop-after", "1"]].concat());
    room.done(&["stop", "demo"]);
    an_hour_passes(&room);
    room.done(&["start", "demo"]);
    becomes_stopped(&room);
    // Whoever starts it again after that means it.
    room.done(&["start", "demo"]);
    let begun = Instant::now();
    while begun.elapsed() < A_FEW_LOOKS {
        assert_eq!(status(&room), "ready");
    }
    assert!(!log(&room).contains("can't be stopped"), "{}", log(&room));
}

/// What the agent's clock holds after an hour of running.
fn an_hour_passes(room: &Room) {
    let file = machine(room).join("disk/agent/clock.json");
    let mut clock: Value = serde_json::from_slice(&std::fs::read(&file).unwrap()).unwrap();
    assert_eq!(clock["limits"]["stop_after_minutes"], 60, "{clock}");
    clock["ran"] = 3_600_000.into();
    std::fs::write(file, clock.to_string()).unwrap();
}

fn becomes_stopped(room: &Room) {
    let begun = Instant::now();
    while status(room) != "stopped" {
        assert!(begun.elapsed() < PATIENCE, "{} {}", status(room), log(room));
    }
}

fn status(room: &Room) -> String {
    let server = room.done(&["servers", "--json"]).last();
    server["status"].as_str().unwrap().to_owned()
}

fn machine(room: &Room) -> PathBuf {
    let mut machines = std::fs::read_dir(room.data().join("practice/machines")).unwrap();
    machines.next().unwrap().unwrap().path()
}

fn log(room: &Room) -> String {
    std::fs::read_to_string(machine(room).join("machine.log")).unwrap()
}
