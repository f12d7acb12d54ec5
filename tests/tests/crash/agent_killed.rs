//! The agent's processes killed from outside while they are followed.

use std::process::Command;
use std::time::{Duration, Instant};

use serde_json::Value;
use slipway_tests::chatter;
use slipway_tests::follower::Follower;
use slipway_tests::long::cases;
use slipway_tests::room::Room;

use crate::survivor::{NAME, PATIENCE, every_message_once, gets_ready, leaves_nothing};

/// Slow enough that the install goes on for a few seconds, quick enough for a test.
const SPEED: &str = "12";

#[test]
fn a_killed_status_service_shows_as_reconnecting_and_following_goes_on() {
    follow_through_a_kill("serve", true);
}

#[test]
fn a_killed_installer_is_started_again_and_following_goes_on() {
    follow_through_a_kill("install", false);
}

#[test]
fn a_killed_agent_shows_as_reconnecting_and_following_goes_on() {
    follow_through_a_kill("run", true);
}

/// Its pauses before the next start grow while it dies again and again; being followed is a matter of seconds each time.
#[test]
fn a_status_service_killed_again_and_again_during_one_install_loses_nothing() {
    let (room, kills) = (Room::new(), cases(3, 100));
    let enough = room.path().join("enough");
    let script = format!("until [ -e {} ]; do echo more; sleep 0.2; done", enough.display());
    chatter::write(&room.data(), &script);
    let launch = ["launch", "--recipe", "chatter", "--name", NAME, "--json", "--yes"];
    let mut follower = Follower::start(&mut room.command(&launch), "");
    let installing = follower.until(PATIENCE, |line| installs(line) && state(line) == Some("live"));
    assert!(installing.is_some(), "{:?}", follower.end(PATIENCE));
    let (mut told, mut back) = (Duration::ZERO, Duration::ZERO);
    for number in 1..=kills {
        kill_part(&room, "serve");
        let begun = Instant::now();
        for (wanted, longest) in [("reconnecting", &mut told), ("live", &mut back)] {
            let seen = follower.until(PATIENCE, |line| state(line) == Some(wanted));
            assert!(seen.is_some(), "kill {number}: the face never said “{wanted}”");
            *longest = begun.elapsed().max(*longest);
        }
    }
    std::fs::write(&enough, "").unwrap();
    gets_ready(&room, &mut follower, "the last kill");
    every_message_once(&room, &follower, "the last kill");
    println!(
        "{kills} kills of the status service: told as reconnecting after {told:?} at most, back after {back:?}"
    );
    room.done(&["terminate", NAME, "--yes"]);
    leaves_nothing(&room, "the last kill");
}

/// Kills the part of the agent during the install. `silent`: nobody answers on its port for a while.
fn follow_through_a_kill(part: &str, silent: bool) {
    let room = Room::new();
    let mut command = room.command(&["launch", "--recipe", "practice-site", "--name", NAME, "--json"]);
    let mut follower = Follower::start(command.env("SLIPWAY_PRACTICE_SPEED", SPEED), "");
    let installing = follower.until(PATIENCE, |line| installs(line) && state(line) == Some("live"));
    assert!(installing.is_some(), "{:?}", follower.end(PATIENCE));
    kill_part(&room, part);
    if silent {
        let told = follower.until(PATIENCE, |line| state(line) == Some("reconnecting"));
        assert!(told.is_some(), "{part}: the face never said that it reconnects");
        let back = follower.until(PATIENCE, |line| state(line) == Some("live"));
        assert!(back.is_some(), "{part}: the face never said that it is back");
    }
    gets_ready(&room, &mut follower, part);
    every_message_once(&room, &follower, part);
    room.done(&["terminate", NAME, "--yes"]);
    leaves_nothing(&room, part);
}

fn installs(line: &Value) -> bool {
    let steps = line["launch"]["steps"].as_array().into_iter().flatten();
    steps.into_iter().any(|step| step["state"] == "running")
}

fn state(line: &Value) -> Option<&str> {
    line["launch"]["connection"]["state"].as_str()
}

/// Kills the agent's process with that verb, as `kill -9 PID` from a shell would.
fn kill_part(room: &Room, part: &str) {
    let begun = Instant::now();
    while begun.elapsed() < Duration::from_secs(10) {
        let agents = room
            .processes()
            .into_iter()
            .filter(|process| process.name.starts_with("slipway-agent"));
        if let Some(found) = agents
            .into_iter()
            .find(|process| verb(process.pid).as_deref() == Some(part))
        {
            let killed = Command::new("kill").args(["-9", &found.pid.to_string()]).status();
            assert!(killed.unwrap().success());
            return;
        }
    }
    panic!("no process of the agent does “{part}”: {:?}", room.processes());
}

#[cfg(target_os = "linux")]
fn verb(pid: u32) -> Option<String> {
    let line = std::fs::read(format!("/proc/{pid}/cmdline")).ok()?;
    let word = line.split(|byte| *byte == 0).nth(1)?;
    Some(String::from_utf8_lossy(word).into_owned())
}

#[cfg(not(target_os = "linux"))]
fn verb(pid: u32) -> Option<String> {
    let listed = Command::new("ps")
        .args(["-o", "args=", "-p", &pid.to_string()])
        .output()
        .ok()?;
    let line = String::from_utf8_lossy(&listed.stdout).into_owned();
    line.split_whitespace().nth(1).map(str::to_owned)
}
