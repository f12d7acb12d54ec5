//! Servers that go on talking for hours: following them takes no more of this computer at the end than at the beginning.

#![cfg(target_os = "linux")]
#![allow(clippy::unwrap_used, reason = "all of this is tests")]
#![allow(clippy::print_stdout, reason = "the figures of a run")]

mod sample;

use std::time::{Duration, Instant};

use slipway_tests::chatter;
use slipway_tests::follower::Follower;
use slipway_tests::journal::Journal;
use slipway_tests::leftovers::leftovers;
use slipway_tests::long::{cases, number};
use slipway_tests::room::Room;

use crate::sample::{Sample, mib_an_hour};

/// Far more than any start or end takes.
const PATIENCE: Duration = Duration::from_secs(180);
/// What the agent may take of a small server, in MiB.
const AGENT_MIB: f64 = 25.0;
/// Threads that read a disk, and connections, end some seconds after their work and begin with the next.
const COME_AND_GO: usize = 8;
/// What may be added to the app's memory in an hour, in MiB, once all that is kept is kept.
const GROWTH_MIB: f64 = 0.5;

#[test]
fn following_many_servers_for_long_takes_no_more_and_more_of_this_computer() {
    let room = Room::new();
    let enough = room.path().join("enough");
    let script = format!("until [ -e {} ]; do echo more; sleep 1; done", enough.display());
    chatter::write(&room.data(), &script);
    let names: Vec<String> = (0..cases(3, 20)).map(|number| format!("soak-{number}")).collect();
    for name in &names {
        room.done(&[
            "launch", "--recipe", "chatter", "--name", name, "--detach", "--yes",
        ]);
    }
    let mut follower = Follower::start(&mut room.command(&["watch", &names[0], "--json"]), "");
    until_all_talk(&room, &mut follower, &names);
    let samples = samples(&room, &mut follower);
    std::fs::write(&enough, "").unwrap();
    assert_eq!(follower.end(PATIENCE).0, 0, "{:?}", follower.seen.last());
    for name in &names {
        room.done(&["watch", name]);
        every_message_is_there(&room, name);
    }
    judge(&samples);
    let terminate: Vec<&str> = ["terminate", "--yes"]
        .into_iter()
        .chain(names.iter().map(String::as_str))
        .collect();
    room.done(&terminate);
    assert_eq!(leftovers(&room), Vec::<String>::new());
}

fn until_all_talk(room: &Room, follower: &mut Follower, names: &[String]) {
    let begun = Instant::now();
    let talks = |name: &String| messages(room, name).len() > 20;
    while !names.iter().all(talks) {
        assert!(begun.elapsed() < PATIENCE, "not all servers talk");
        wait(follower, Duration::from_secs(1));
    }
}

/// For half a minute, or two hours, or as many minutes as `SLIPWAY_SOAK_MINUTES` says.
fn samples(room: &Room, follower: &mut Follower) -> Vec<Sample> {
    let minutes = number("SLIPWAY_SOAK_MINUTES").map(|minutes| Duration::from_secs(60 * minutes));
    let lasts = minutes.unwrap_or_else(|| Duration::from_secs(cases(30, 7_200) as u64));
    let begun = Instant::now();
    let mut samples = Vec::new();
    while begun.elapsed() < lasts {
        samples.push(Sample::take(room, follower.pid(), begun));
        wait(follower, lasts / 60);
    }
    samples
}

/// Hears what the program says meanwhile.
fn wait(follower: &mut Follower, pause: Duration) {
    follower.until(pause, |_| false);
}

/// The first half is for what is kept to be kept.
fn judge(samples: &[Sample]) {
    let (before, after) = samples.split_at(samples.len() / 2);
    let (first, last) = (&after[0], &after[after.len() - 1]);
    let growth = mib_an_hour(after);
    let agents = after
        .iter()
        .map(|sample| sample.largest_agent_mib)
        .fold(0.0, f64::max);
    println!(
        "{:.0} minutes: the app {:.1} MiB, then {:.1} MiB, {growth:.2} MiB an hour; {} threads, {} files; the largest agent {agents:.1} MiB",
        last.at.as_secs_f64() / 60.0,
        first.app_mib,
        last.app_mib,
        last.threads,
        last.files
    );
    let most = |samples: &[Sample], of: fn(&Sample) -> usize| samples.iter().map(of).max().unwrap();
    for of in [|sample: &Sample| sample.threads, |sample: &Sample| sample.files] {
        assert!(most(after, of) <= most(before, of) + COME_AND_GO, "{samples:?}");
    }
    assert!(agents <= AGENT_MIB, "an agent takes {agents} MiB");
    // In less time the noise is larger than what is looked for.
    if last.at > Duration::from_secs(3_600) {
        assert!(growth <= GROWTH_MIB, "{growth} MiB an hour: {samples:?}");
    }
}

fn every_message_is_there(room: &Room, name: &str) {
    let numbers = messages(room, name);
    assert!(
        numbers.iter().copied().eq(1..=numbers.len() as i64),
        "{name}: {numbers:?}"
    );
}

fn messages(room: &Room, name: &str) -> Vec<i64> {
    let journal = Journal::open(room);
    let launch = journal.launch(name);
    launch.map_or_else(Vec::new, |launch| journal.numbers(&launch.id))
}
