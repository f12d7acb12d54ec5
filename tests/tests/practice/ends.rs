//! Ways to stop following before the end.

use std::io::{BufRead, BufReader};
use std::process::Command;

use slipway_tests::room::Room;

#[test]
fn a_detached_launch_has_its_instance_and_is_picked_up_by_watch() {
    let room = Room::new();
    let launched = room.done(&[
        "launch",
        "--recipe",
        "practice-site",
        "--name",
        "away",
        "--detach",
        "--json",
    ]);
    let end = launched.last();
    assert_eq!(end["outcome"], "started", "{end}");
    assert!(end["instance"].is_string(), "{end}");
    let watched = room.done(&["watch", "away"]);
    assert!(watched.out.contains("away is ready"), "{}", watched.out);
}

#[cfg(unix)]
#[test]
fn ctrl_c_stops_watching_says_what_goes_on_and_the_launch_is_taken_up_again() {
    let room = Room::new();
    let mut child = room.start(&["launch", "--recipe", "practice-site", "--name", "left"]);
    let mut out = BufReader::new(child.stdout.take().unwrap());
    let mut text = String::new();
    while !text.contains("left  Installing") {
        assert!(out.read_line(&mut text).unwrap() > 0, "{text}");
    }
    assert!(
        Command::new("kill")
            .args(["-INT", &child.id().to_string()])
            .status()
            .unwrap()
            .success()
    );
    let mut rest = String::new();
    std::io::Read::read_to_string(&mut out, &mut rest).unwrap();
    assert_eq!(child.wait().unwrap().code(), Some(130), "{rest}");
    assert!(
        rest.contains("goes on by itself") && rest.contains("when it is open again"),
        "{rest}"
    );
    assert!(room.done(&["watch", "left"]).out.contains("left is ready"));
}

#[cfg(unix)]
#[test]
fn a_reader_that_leaves_early_is_no_error() {
    let room = Room::new();
    let mut child = room.start(&["recipes", "--json"]);
    drop(child.stdout.take());
    let ran = slipway_tests::room::Ran::from(child.wait_with_output().unwrap());
    assert_eq!((ran.status, ran.err.as_str()), (0, ""));
}
