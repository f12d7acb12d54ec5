//! Keys on the console that are not those that answer: whatever the user asks for, no password leaves.

use std::time::Duration;

use serde_json::{Value, json};
use slipway_test_adapter::cloud::{Cloud, REGION};
use slipway_test_adapter::terminal::{PATIENCE, Terminal};
use slipway_tests::room::Ran;

use crate::{LAUNCH, NAME};

/// Long enough for a launch that waits to have looked again.
const LOOKED_AGAIN: Duration = Duration::from_secs(20);
const PASSWORD: &str = "Correct-Horse-7-Battery";

#[test]
fn ours_other_keys_on_the_console_are_never_trusted_away() {
    let cloud = Cloud::with_processes();
    let terminal = Terminal::on(&cloud, REGION);
    cloud.rules(&json!({"console_keys": "others"}));
    let launch = [&LAUNCH[..], &["--password-stdin", "--json"]].concat();
    let mut launched = terminal.follow(&launch, &format!("{PASSWORD}\n"));
    let (status, said) = launched.end(PATIENCE);
    assert_eq!(status, 1, "a script is told. {said}");
    let last = launched
        .seen
        .iter()
        .rev()
        .find(|line| line.value["type"] == "launch");
    let last = &last.expect("a snapshot").value["launch"];
    assert_eq!(last["parked"]["error"]["kind"], "identity_mismatch", "{last}");
    assert_eq!(
        (&last["parked"]["may_trust"], &last["connection"]["mismatched"]),
        (&json!(false), &json!(true))
    );
    is_refused(&terminal);
    // What was seen counts, whatever the console shows later.
    cloud.rules(&json!({"console_keys": "its"}));
    is_refused(&terminal);
    std::thread::park_timeout(LOOKED_AGAIN);
    is_refused(&terminal);
    let tags = cloud.as_somebody("Action=DescribeInstances", REGION);
    assert!(
        tags.contains("slipway-launch") && !tags.contains("slipway-order"),
        "{tags}"
    );
    assert_eq!(
        cloud.told("counts")["ec2:CreateTags"],
        Value::Null,
        "no order was ever sent"
    );
    terminal.done(&["terminate", NAME, "--yes"]);
    assert_eq!(cloud.leftovers(REGION), Vec::<String>::new());
}

fn is_refused(terminal: &Terminal) {
    for words in [
        &["resume", NAME, "--trust", "--json"][..],
        &["resume", NAME, "--json"],
    ] {
        let ran: Ran = terminal.run(words);
        assert_eq!(ran.status, 1, "{words:?} {}{}", ran.out, ran.err);
    }
    let refused = terminal.run(&["resume", NAME, "--trust"]);
    assert!(refused.err.contains("can't be trusted"), "{}", refused.err);
}
