//! A launch that can't go on says what it waits for and how often it was tried, in a pipe and as JSON, and ends there with
//! 1. It is kept, and goes on when the cause is gone.

use std::time::{Duration, Instant};

use serde_json::json;
use slipway_test_adapter::cloud::{Cloud, REGION};
use slipway_test_adapter::terminal::{PATIENCE, Terminal};
use slipway_tests::room::Ran;

use crate::{LAUNCH, NAME};

/// Nobody listens there.
const NOBODY: &str = "http://127.0.0.1:9/";
/// Half a minute of tries, and what comes before them.
const SOON: Duration = Duration::from_secs(90);

#[test]
fn ours_without_its_own_address_a_launch_ends_in_a_pipe_with_the_reason_and_goes_on_later() {
    let cloud = Cloud::with_processes();
    let terminal = Terminal::on(&cloud, REGION);
    let begun = Instant::now();
    let mut command = terminal.command(&LAUNCH);
    let ran: Ran = command
        .env("SLIPWAY_ADDRESS_URL", NOBODY)
        .output()
        .unwrap()
        .into();
    assert_eq!(ran.status, 1, "{}{}", ran.out, ran.err);
    assert!(begun.elapsed() < SOON, "it took {:?}", begun.elapsed());
    for told in [
        "Waiting for this computer's public address",
        "Tried ",
        "slipway terminate demo",
    ] {
        assert!(ran.out.contains(told), "no “{told}” in {}", ran.out);
    }
    let mut watched = terminal.follow(&["watch", NAME, "--json"], "");
    let goes_on = watched.until(PATIENCE, |line| line["launch"]["server"]["instance"].is_string());
    assert!(goes_on.is_some(), "{:?}", watched.end(PATIENCE));
    watched.end(PATIENCE);
    terminal.done(&["terminate", NAME, "--yes"]);
    assert_eq!(cloud.leftovers(REGION), Vec::<String>::new());
}

#[test]
fn ours_an_s3_that_answers_501_is_named_and_the_launch_is_given_up() {
    let cloud = Cloud::with_processes();
    let terminal = Terminal::on(&cloud, REGION);
    let error =
        json!({"error": {"code": "NotImplemented", "status": 501, "message": "A test asked for this."}});
    for action in ["HeadObject", "PutObject"] {
        cloud.fault(&json!({"action": action, "times": 1000, "effect": error}));
    }
    let launch = [&LAUNCH[..], &["--json"]].concat();
    let mut launched = terminal.follow(&launch, "");
    let waits = launched.until(PATIENCE, |line| line["launch"]["waiting"].is_object());
    let waiting = waits.expect("it says so").value["launch"]["waiting"].clone();
    assert_eq!(waiting["reason"]["kind"], "network", "{waiting}");
    assert_eq!(waiting["needs_user"], false);
    let (status, said) = launched.end(PATIENCE);
    assert_eq!(status, 1, "{said}");
    terminal.done(&["terminate", NAME, "--yes"]);
    assert_eq!(cloud.leftovers(REGION), Vec::<String>::new());
}
