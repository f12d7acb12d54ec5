//! `slipway` killed at random moments of launches, again and again.

use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use fastrand::Rng;
use serde_json::Value;
use slipway_tests::follower::Follower;
use slipway_tests::journal::Journal;
use slipway_tests::leftovers::instances_ever;
use slipway_tests::long::{cases, number};
use slipway_tests::room::Room;

use crate::survivor::{NAME, gets_ready, leaves_nothing, resumed};
use slipway_tests::side_by_side::{AT_ONCE, side_by_side};

/// The environment variable with another number of kills.
const KILLS: &str = "SLIPWAY_RANDOM_KILLS";
/// The environment variable with the seed of an earlier run.
const SEED: &str = "SLIPWAY_SEED";
/// A launch at test speed takes about this long; a kill comes at any moment of it.
const WHOLE: Duration = Duration::from_secs(4);

#[test]
fn random_kills_orphan_nothing_double_nothing_and_are_gone_on_from_in_time() {
    let wanted = number(KILLS).map_or_else(|| cases(100, 1_000), |kills| kills as usize);
    let seed = number(SEED).unwrap_or_else(|| fastrand::u64(..));
    println!("{SEED}={seed} {KILLS}={wanted}");
    let (kills, slowest) = (AtomicUsize::new(0), Mutex::new(Duration::ZERO));
    side_by_side(AT_ONCE, |world| {
        let mut random = Rng::with_seed(seed.wrapping_add(world as u64));
        while kills.load(Ordering::Relaxed) < wanted {
            let longest = one_launch(&mut random, &kills);
            let mut slowest = slowest.lock().unwrap();
            *slowest = longest.max(*slowest);
        }
    });
    let kills = kills.into_inner();
    println!(
        "{kills} kills; the longest wait for news was {:?}",
        slowest.into_inner().unwrap()
    );
    assert!(kills >= wanted);
}

/// Launches, kills at random moments until the launch is through, terminates. Returns the longest wait for news.
fn one_launch(random: &mut Rng, kills: &AtomicUsize) -> Duration {
    let room = Room::new();
    let mut longest = Duration::ZERO;
    let launch = ["launch", "--recipe", "practice-site", "--name", NAME, "--json"];
    let mut follower = Follower::start(&mut room.command(&launch), "");
    while !ends_before(&mut follower, random) {
        follower.kill();
        let number = kills.fetch_add(1, Ordering::Relaxed) + 1;
        if written_down(&room) {
            let (next, news) = resumed(&room, &format!("kill {number}"));
            (follower, longest) = (next, longest.max(news));
        } else {
            // Nothing was promised yet, so nothing may exist, and the name is free.
            leaves_nothing_begun(&room);
            follower = Follower::start(&mut room.command(&launch), "");
        }
    }
    gets_ready(&room, &mut follower, "the last kill");
    room.done(&["terminate", NAME, "--yes"]);
    leaves_nothing(&room, "the last kill");
    longest
}

/// Whether the launch is through before a random moment comes.
fn ends_before(follower: &mut Follower, random: &mut Rng) -> bool {
    let moment = Duration::from_millis(random.u64(0..WHOLE.as_millis() as u64));
    let is_end = |line: &Value| line["type"] == "end";
    follower.seen.last().is_some_and(|line| is_end(&line.value)) || follower.until(moment, is_end).is_some()
}

fn written_down(room: &Room) -> bool {
    Journal::exists(room) && Journal::open(room).launch(NAME).is_some()
}

fn leaves_nothing_begun(room: &Room) {
    leaves_nothing(room, "a kill before the launch was written down");
    assert_eq!(instances_ever(room), 0);
}
