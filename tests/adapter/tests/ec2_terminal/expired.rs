//! The session of a profile of the AWS tools ends in the middle of a launch, at each of its requests in turn: the launch
//! waits, and goes on after a new sign-in, which is nothing but a changed file.

use std::collections::BTreeMap;

use serde_json::json;
use slipway_test_adapter::cloud::Cloud;
use slipway_test_adapter::terminal::{PATIENCE, SECRET, Terminal};
use slipway_tests::follower::Line;
use slipway_tests::long::cases;
use slipway_tests::side_by_side::side_by_side;

use crate::{LAUNCH, NAME};

/// Requests of a launch, and a region for each, so that moto tells the launches apart. Those that the usual run tries
/// come first.
const ENDS_AT: [(&str, &str); 9] = [
    ("ec2:RunInstances", "eu-central-1"),
    ("ec2:GetPasswordData", "eu-west-1"),
    ("ec2:DescribeInstances", "eu-west-2"),
    ("ec2:ImportKeyPair", "eu-west-3"),
    ("ec2:CreateSecurityGroup", "eu-north-1"),
    ("ec2:AuthorizeSecurityGroupIngress", "us-east-1"),
    ("ec2:GetConsoleOutput", "us-east-2"),
    ("s3:PutObject", "us-west-2"),
    ("ssm:GetParameter", "us-west-1"),
];

#[test]
fn rewritten_a_session_that_ends_at_any_request_loses_no_launch() {
    let cloud = Cloud::with_processes();
    let ends: BTreeMap<String, &str> = ENDS_AT
        .iter()
        .enumerate()
        .map(|(number, (action, _))| (old_key(number), *action))
        .collect();
    cloud.rules(&json!({ "expires": ends }));
    side_by_side(cases(3, ENDS_AT.len()), |number| {
        let (action, region) = ENDS_AT[number];
        let terminal = Terminal::without_profile(&cloud);
        signs_in(&terminal, &old_key(number), region);
        terminal.done(&["profiles", "add", "work", "--from-aws"]);
        terminal.done(&["profiles", "use", "work"]);
        waits_for_a_sign_in(&terminal, action);
        signs_in(&terminal, &new_key(number), region);
        let mut watched = terminal.follow(&["watch", NAME, "--json"], "");
        let (status, said) = watched.end(PATIENCE);
        assert_eq!(status, 0, "{action}: {said} {:?}", watched.seen.last());
        assert_eq!(cloud.there("instances_ever", region).len(), 1, "{action}");
        terminal.done(&["terminate", NAME, "--yes"]);
        assert_eq!(cloud.leftovers(region), Vec::<String>::new(), "{action}");
    });
}

fn waits_for_a_sign_in(terminal: &Terminal, action: &str) {
    let launch = [&LAUNCH[..], &["--profile", "work", "--json"]].concat();
    let mut launched = terminal.follow(&launch, "");
    let (status, said) = launched.end(PATIENCE);
    assert_eq!(status, 1, "{action}: a script is told. {said}");
    let kind = |line: &Line| line.value["launch"]["parked"]["error"]["kind"].clone();
    let last = launched.seen.iter().rev().map(kind).find(|kind| !kind.is_null());
    assert_eq!(
        last,
        Some(json!("credentials_expired")),
        "{action}: {:?}",
        launched.seen.last()
    );
}

/// What a tool for signing in does: it writes the keys of a new session.
fn signs_in(terminal: &Terminal, key: &str, region: &str) {
    let folder = terminal.path().join(".aws");
    std::fs::create_dir_all(&folder).unwrap();
    std::fs::write(
        folder.join("config"),
        format!("[profile work]\nregion = {region}\n"),
    )
    .unwrap();
    let keys = format!(
        "[work]\naws_access_key_id = {key}\naws_secret_access_key = {SECRET}\naws_session_token = test\n"
    );
    std::fs::write(folder.join("credentials"), keys).unwrap();
}

fn old_key(number: usize) -> String {
    format!("ASIAENDSENDSENDSEN0{number}")
}

fn new_key(number: usize) -> String {
    format!("ASIANEWNEWNEWNEWNE0{number}")
}
