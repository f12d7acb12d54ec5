//! Programs that are stopped for a while and go on, as by sleep or by a debugger: nobody drives twice, no message is lost,
//! and what was stopped catches up.

use std::process::Command;
use std::time::Duration;

use slipway_tests::follower::Follower;
use slipway_tests::journal::Journal;
use slipway_tests::leftovers::instances_ever;
use slipway_tests::room::Room;

use crate::survivor::{NAME, PATIENCE, every_message_once, leaves_nothing};

/// Longer than a lease lasts without a heartbeat, so that another face takes over.
const LAPSES: Duration = Duration::from_secs(8);

const LAUNCH: [&str; 6] = ["launch", "--recipe", "practice-site", "--name", NAME, "--json"];

#[test]
fn a_driver_that_was_stopped_goes_on_as_an_onlooker_while_its_successor_is_at_work() {
    let room = Room::new();
    let mut stopped = begun(&room);
    signal("STOP", &[stopped.pid()]);
    let mut successor = watching(&room);
    // The successor drives from the moment that the installer's lines come.
    let lines = successor.until(PATIENCE, |line| line["type"] == "lines");
    assert!(lines.is_some(), "nobody took over: {:?}", successor.seen.last());
    signal("CONT", &[stopped.pid()]);
    both_see_it_ready(&room, &mut successor, &mut stopped, "during");
    done_once(&room, "during");
}

#[test]
fn a_driver_that_was_stopped_until_all_was_done_changes_nothing_any_more() {
    let room = Room::new();
    let mut stopped = begun(&room);
    signal("STOP", &[stopped.pid()]);
    let mut successor = watching(&room);
    let end = successor.until(PATIENCE, |line| line["type"] == "end");
    assert!(end.is_some(), "{:?}", successor.seen.last());
    let known = Journal::open(&room).launch(NAME).unwrap();
    signal("CONT", &[stopped.pid()]);
    both_see_it_ready(&room, &mut successor, &mut stopped, "after");
    let after = Journal::open(&room).launch(NAME).unwrap();
    assert_eq!(after.body, known.body, "the launch is as its driver left it");
    done_once(&room, "after");
}

#[test]
fn an_agent_that_was_stopped_in_the_middle_of_the_install_loses_no_message() {
    let room = Room::new();
    let mut follower = begun(&room);
    assert!(follower.until(PATIENCE, |line| line["type"] == "lines").is_some());
    let agents = agents(&room);
    assert!(!agents.is_empty(), "{:?}", room.processes());
    signal("STOP", &agents);
    assert!(follower.until(LAPSES, |_| false).is_none());
    signal("CONT", &agents);
    ready(&room, &mut follower, "a stopped agent");
}

#[test]
fn everything_that_was_stopped_at_once_goes_on_where_it_was() {
    let room = Room::new();
    let mut follower = begun(&room);
    assert!(follower.until(PATIENCE, |line| line["type"] == "lines").is_some());
    let mut all: Vec<u32> = room.processes().iter().map(|process| process.pid).collect();
    all.push(follower.pid());
    signal("STOP", &all);
    assert!(follower.until(LAPSES, |_| false).is_none());
    signal("CONT", &all);
    ready(&room, &mut follower, "a stopped computer");
}

/// A launch whose instance was asked for.
fn begun(room: &Room) -> Follower {
    let mut follower = Follower::start(&mut room.command(&LAUNCH), "");
    let begun = follower.until(PATIENCE, |line| line["launch"]["server"]["instance"].is_string());
    assert!(begun.is_some(), "{:?}", follower.seen.last());
    follower
}

fn watching(room: &Room) -> Follower {
    Follower::start(&mut room.command(&["watch", NAME, "--json"]), "")
}

fn agents(room: &Room) -> Vec<u32> {
    let all = room.processes().into_iter();
    all.filter(|process| process.name.starts_with("slipway-agent"))
        .map(|process| process.pid)
        .collect()
}

fn both_see_it_ready(room: &Room, successor: &mut Follower, stopped: &mut Follower, when: &str) {
    for (follower, who) in [(successor, "successor"), (stopped, "stopped")] {
        let (status, said) = follower.end(PATIENCE);
        assert_eq!(status, 0, "{when}, {who}: {said} {:?}", follower.seen.last());
        every_message_once(room, follower, &format!("{when}, {who}"));
    }
}

fn ready(room: &Room, follower: &mut Follower, after: &str) {
    let (status, said) = follower.end(PATIENCE);
    assert_eq!(status, 0, "{after}: {said} {:?}", follower.seen.last());
    every_message_once(room, follower, after);
    done_once(room, after);
}

fn done_once(room: &Room, after: &str) {
    assert_eq!(instances_ever(room), 1, "{after}: one machine");
    let journal = Journal::open(room);
    let launch = journal.launch(NAME).unwrap();
    let twice: Vec<_> = journal
        .starts(&launch.id)
        .into_iter()
        .filter(|(_, times)| *times > 1)
        .collect();
    assert_eq!(twice, [], "{after}: steps that began twice");
    room.done(&["terminate", NAME, "--yes"]);
    leaves_nothing(room, after);
}

fn signal(name: &str, pids: &[u32]) {
    let pids = pids.iter().map(u32::to_string);
    let sent = Command::new("kill").arg(format!("-{name}")).args(pids).status();
    assert!(sent.unwrap().success(), "{name}");
}
