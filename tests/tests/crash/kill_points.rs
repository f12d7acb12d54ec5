//! `slipway` dies at every kill point of the cloud port, and the next start goes on from there.

use std::collections::BTreeSet;

use slipway_core::ports::FAILPOINTS;
use slipway_tests::follower::Follower;
use slipway_tests::kill_points::{LAUNCH, POINTS, TERMINATE, killed, points};
use slipway_tests::leftovers::{images, instances_ever};
use slipway_tests::room::Room;

use crate::survivor::{NAME, PATIENCE, gets_ready, leaves_nothing, resumed};
use slipway_tests::side_by_side::side_by_side;

/// Changes of acts on a ready server, each by the command of the same story.
const ACTS: [&str; 5] = [
    "create_image",
    "delete_image",
    "stop_instance",
    "start_instance",
    "restart_instance",
];
/// Changes that no story passes, with the reason.
const UNUSED: [(&str, &str); 4] = [
    (
        "revoke_ingress",
        "closing a port is safe to repeat, and comes five minutes after a launch has ended well",
    ),
    (
        "create_default_network",
        "the practice world has its network from the beginning",
    ),
    ("delete_disk", "a practice server's disk goes with it"),
    ("delete_snapshot", "a practice image is its own snapshot"),
];
/// The chosen password, and the line that it comes in.
const PASSWORD: &str = "Harbour-light-2026!";

#[test]
fn every_kill_point_of_the_port_has_a_story_or_a_reason() {
    let told = LAUNCH.iter().chain(&TERMINATE).chain(&ACTS).copied();
    let listed: BTreeSet<&str> = told.chain(UNUSED.map(|(change, _)| change)).collect();
    let declared: BTreeSet<&str> = FAILPOINTS
        .iter()
        .map(|point| point.split_once('.').unwrap().0)
        .collect();
    assert_eq!(listed, declared);
    assert!(UNUSED.iter().all(|(_, reason)| !reason.is_empty()));
}

#[test]
fn a_whole_story_passes_exactly_the_listed_kill_points() {
    let room = Room::new();
    let passed = |arguments: &[&str], input: &str| {
        let log = room.path().join("points");
        drop(std::fs::remove_file(&log));
        let mut command = room.command(arguments);
        let mut follower = Follower::start(command.env("SLIPWAY_FAILPOINT_LOG", &log), input);
        let (status, said) = follower.end(PATIENCE);
        assert_eq!(status, 0, "{arguments:?}: {said}");
        let text = std::fs::read_to_string(&log).unwrap();
        text.lines().map(str::to_owned).collect::<BTreeSet<String>>()
    };
    assert_eq!(passed(&launch(), PASSWORD), set_of(&LAUNCH));
    assert_eq!(passed(&image_create(), ""), set_of(&ACTS[..1]));
    assert_eq!(
        passed(&["image", "delete", "demo-1", "--yes"], ""),
        set_of(&ACTS[1..2])
    );
    assert_eq!(passed(&["stop", NAME], ""), set_of(&ACTS[2..3]));
    assert_eq!(passed(&["start", NAME], ""), set_of(&ACTS[3..4]));
    assert_eq!(passed(&["restart", NAME], ""), set_of(&ACTS[4..]));
    assert_eq!(passed(&["terminate", NAME, "--yes"], ""), set_of(&TERMINATE));
    leaves_nothing(&room, "a whole story");
}

/// One story for each point of a launch; acts and terminate share them.
#[test]
fn a_kill_at_any_point_loses_nothing_doubles_nothing_and_leaves_nothing() {
    side_by_side(LAUNCH.len() * POINTS.len(), |number| {
        let (change, point) = (LAUNCH[number / POINTS.len()], POINTS[number % POINTS.len()]);
        let room = Room::new();
        a_launch_survives(&room, &format!("{change}.{point}"));
        match change {
            "import_key_pair" => an_image_survives(&room, point),
            "create_security_group" => power_survives(&room, point),
            _ => {}
        }
        let ending = TERMINATE[number / POINTS.len() % TERMINATE.len()];
        a_terminate_survives(&room, &format!("{ending}.{point}"));
    });
}

fn a_launch_survives(room: &Room, point: &str) {
    killed(room.command(&launch()), PASSWORD, point);
    let (mut follower, _) = resumed(room, point);
    gets_ready(room, &mut follower, point);
    let access = room.done(&["access", NAME, "--json", "--show-password"]).last();
    assert_eq!(access["password"], PASSWORD, "{point}");
}

fn a_terminate_survives(room: &Room, point: &str) {
    killed(room.command(&["terminate", NAME, "--yes"]), "", point);
    let (mut follower, _) = resumed(room, point);
    let (_, said) = follower.end(PATIENCE);
    let end = follower.seen.last().unwrap();
    assert_eq!(end.value["outcome"], "terminated", "{point}: {said}");
    leaves_nothing(room, point);
}

/// Asking again for an image that was asked for before the kill goes on with that one.
fn an_image_survives(room: &Room, point: &str) {
    let name = format!("create_image.{point}");
    killed(room.command(&image_create()), "", &name);
    room.done(&image_create());
    assert_eq!(images(room), 1, "{name}");
    let name = format!("delete_image.{point}");
    let delete = ["image", "delete", "demo-1", "--yes"];
    killed(room.command(&delete), "", &name);
    room.done(&delete);
    assert_eq!(images(room), 0, "{name}");
}

fn power_survives(room: &Room, point: &str) {
    for (act, status) in [("stop", "stopped"), ("start", "ready"), ("restart", "ready")] {
        let name = format!("{act}_instance.{point}");
        killed(room.command(&[act, NAME]), "", &name);
        // Refused where it is done or on its way already, which is as good.
        room.run(&[act, NAME]);
        becomes(room, status, &name);
    }
    assert_eq!(instances_ever(room), 1, "{point}");
}

fn becomes(room: &Room, status: &str, after: &str) {
    let mut last = String::new();
    for _ in 0..100 {
        last = room.done(&["servers", "--json"]).last()["status"].to_string();
        if last == format!("\"{status}\"") {
            return;
        }
    }
    panic!("{after}: the server should become {status} and is {last}");
}

fn set_of(changes: &[&str]) -> BTreeSet<String> {
    points(changes).into_iter().collect()
}

fn launch() -> [&'static str; 7] {
    [
        "launch",
        "--recipe",
        "practice-site",
        "--name",
        NAME,
        "--password-stdin",
        "--json",
    ]
}

fn image_create() -> [&'static str; 7] {
    ["image", "create", NAME, "--name", "demo-1", "--wait", "--json"]
}
