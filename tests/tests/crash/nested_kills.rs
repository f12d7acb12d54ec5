//! `slipway` killed at a kill point, and the program that takes the launch up again killed too, in the middle of that.

use std::sync::Mutex;
use std::time::Duration;

use fastrand::Rng;
use slipway_core::ports::FAILPOINTS;
use slipway_tests::follower::Follower;
use slipway_tests::journal::Journal;
use slipway_tests::long::{cases, number};
use slipway_tests::room::Room;

use crate::survivor::{NAME, PATIENCE, gets_ready, leaves_nothing, resumed};
use slipway_tests::side_by_side::side_by_side;

/// The program that goes on is killed within this time: it begins, finds what was left open, and takes it up.
const RECOVERY: Duration = Duration::from_millis(2_500);

#[test]
fn a_kill_during_the_recovery_from_a_kill_changes_nothing() {
    let count = cases(8, 200);
    let seed = number("SLIPWAY_SEED").unwrap_or_else(|| fastrand::u64(..));
    println!("SLIPWAY_SEED={seed}");
    let random = Mutex::new(Rng::with_seed(seed));
    side_by_side(count, |_| {
        let fork = random.lock().unwrap().fork();
        killed_twice(fork);
    });
    println!("{count} double kills: one machine each, nothing lost, nothing left");
}

fn killed_twice(mut random: Rng) {
    let room = Room::new();
    let launch = ["launch", "--recipe", "practice-site", "--name", NAME, "--json"];
    let of_a_launch = [
        "import_key_pair",
        "create_security_group",
        "allow_ingress",
        "stage_agent",
        "run_instance",
    ];
    let points: Vec<&&str> = FAILPOINTS
        .iter()
        .filter(|point| of_a_launch.iter().any(|change| point.starts_with(change)))
        .collect();
    let point = **random.choice(&points).unwrap();
    let mut first = Follower::start(room.command(&launch).env("SLIPWAY_FAILPOINT", point), "");
    let (status, said) = first.end(PATIENCE);
    assert_eq!(status, -1, "{point}: slipway was not killed there: {said}");
    let watch = ["watch", NAME, "--json"];
    let mut second = Follower::start(&mut room.command(&watch), "");
    second.until(
        Duration::from_millis(random.u64(0..RECOVERY.as_millis() as u64)),
        |_| false,
    );
    second.kill();
    assert!(Journal::open(&room).launch(NAME).is_some(), "{point}");
    let (mut third, _) = resumed(&room, point);
    gets_ready(&room, &mut third, point);
    room.done(&["terminate", NAME, "--yes"]);
    leaves_nothing(&room, point);
}
