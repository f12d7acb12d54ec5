//! Temporary keys, a chosen password and everything that is made for a launch on EC2, looked for in every form in every
//! place where they could turn up: files, the journal with its log of writes, what programs say at TRACE, arguments,
//! environments, tags, consoles and user data.

use std::sync::Arc;

use serde_json::Value;
use slipway_test_adapter::cloud::Cloud;
use slipway_test_adapter::terminal::{PATIENCE, SECRET, Terminal};
use slipway_tests::follower::Follower;
use slipway_tests::search::found::{found, unpack};
use slipway_tests::search::places::{Sampler, Seen, files, processes};
use slipway_tests::search::user_data::user_data;

use crate::{LAUNCH, NAME};

const REGION: &str = "us-west-1";
/// Of a session; every request made with it carries the token.
const KEY: &str = "ASIACANARYCANARYCANA";
const TOKEN: &str = "IQoJb3JpZ2luX2VjEDkaCXVzLWVhc3QtMSJHMEUCIQ+Canary/SessionToken==";
/// The chosen Administrator password.
const PASSWORD: &str = "Harbour-\"light\"-2026!";
/// The step that sets the editor's password has it in its environment: the recipe says so.
const DECLARED: &str = "slipway-practice-machine tool admin ";

#[test]
fn rewritten_no_secret_of_a_launch_with_temporary_keys_is_found_where_it_does_not_belong() {
    let cloud = Arc::new(Cloud::with_processes());
    let terminal = Terminal::without_profile(&cloud);
    signs_in(&terminal);
    let mut seen = Seen::new();
    told(
        &terminal,
        &mut seen,
        "add",
        &["profiles", "add", "work", "--from-aws"],
    );
    let asked = Arc::clone(&cloud);
    let answers = Sampler::start(move |seen| ask(&asked, seen));
    let running = Sampler::start(processes);
    told(
        &terminal,
        &mut seen,
        "launch",
        &[&LAUNCH[..], &["--profile", "work", "--password-stdin", "--json"]].concat(),
    );
    seen.extend(answers.end());
    let running = running.end();
    let in_user_data = user_data(&running);
    seen.extend(running);
    seen.retain(|place, _| !place.starts_with("environment") || !place.contains(DECLARED));
    seen.extend(files(&terminal.data()));
    let secrets = secrets(&terminal);
    told(
        &terminal,
        &mut seen,
        "terminate",
        &["terminate", NAME, "--yes", "--profile", "work", "--json"],
    );
    let after = files(&terminal.data()).into_iter();
    seen.extend(after.map(|(place, bytes)| (format!("{place} after the end"), bytes)));
    unpack(&mut seen);
    was_looked_at(&seen);
    for (name, secret) in &secrets {
        assert_eq!(found(&seen, secret.as_bytes()), Vec::<String>::new(), "{name}");
    }
    only_the_token_is_in(in_user_data, &secrets);
    assert_eq!(cloud.leftovers(REGION), Vec::<String>::new());
}

/// What a tool for signing in does: it writes the keys of a session.
fn signs_in(terminal: &Terminal) {
    let folder = terminal.path().join(".aws");
    std::fs::create_dir_all(&folder).unwrap();
    std::fs::write(
        folder.join("config"),
        format!("[profile work]\nregion = {REGION}\n"),
    )
    .unwrap();
    let keys = format!(
        "[work]\naws_access_key_id = {KEY}\naws_secret_access_key = {SECRET}\naws_session_token = {TOKEN}\n"
    );
    std::fs::write(folder.join("credentials"), keys).unwrap();
}

/// Runs a command that must succeed, telling all it can, and keeps what it says.
fn told(terminal: &Terminal, seen: &mut Seen, name: &str, words: &[&str]) {
    let mut command = terminal.command(words);
    command.env("SLIPWAY_LOG", "trace").env("RUST_LOG", "trace");
    let mut ran = Follower::start(&mut command, &format!("{PASSWORD}\n"));
    let (status, said) = ran.end(PATIENCE);
    let tail = said.len().saturating_sub(2_000);
    assert_eq!(
        status,
        0,
        "{words:?} {:?} {}",
        ran.seen.last(),
        String::from_utf8_lossy(&said.as_bytes()[tail..])
    );
    let shown: Vec<String> = ran.seen.iter().map(|line| line.value.to_string()).collect();
    seen.insert(
        format!("standard output of {name}"),
        shown.join("\n").into_bytes(),
    );
    seen.insert(format!("standard error of {name}"), said.into_bytes());
}

/// What EC2 tells anybody who may ask: tags, and the console in base64.
fn ask(cloud: &Cloud, seen: &mut Seen) {
    let instances = cloud.as_somebody("Action=DescribeInstances", REGION);
    for id in instances.split("<instanceId>").skip(1) {
        let id = id.split('<').next().unwrap_or_default();
        // A moment after the launch its console is not known yet.
        let console = format!("Action=GetConsoleOutput&InstanceId={id}&Latest=true");
        if let (200, console) = cloud.asked_by_somebody(&console, REGION) {
            let length = console.len();
            seen.insert(format!("console of {length} bytes"), console.into_bytes());
        }
    }
    let orders = instances.contains("slipway-order");
    seen.insert(format!("tags, with orders: {orders}"), instances.into_bytes());
}

/// Those of the session, the one that was typed, and those that the server made.
fn secrets(terminal: &Terminal) -> Vec<(String, String)> {
    let words = ["access", NAME, "--show-password", "--json", "--profile", "work"];
    let access: Value = terminal.done(&words).json().remove(0);
    assert_eq!(access["password"], PASSWORD);
    let made = access["admin"]["password"]
        .as_str()
        .expect("the site's own password");
    let known = [
        ("key", SECRET),
        ("session token", TOKEN),
        ("typed", PASSWORD),
        ("made there", made),
    ];
    known
        .map(|(name, secret)| (name.to_owned(), secret.to_owned()))
        .into()
}

/// The search would be worth nothing if one of these places was not among those that were looked at.
fn was_looked_at(seen: &Seen) {
    for place in [
        "console of",
        "tags, with orders: true",
        "arguments of",
        "environment of",
        "standard error of launch",
    ] {
        assert!(seen.keys().any(|seen| seen.starts_with(place)), "no {place}");
    }
    let journal = |tail: &str| seen.keys().any(|place| place.ends_with(tail));
    assert!(journal("/journal.db") && journal("/journal.db after the end"));
    let said = &seen["standard error of launch"];
    assert!(
        holds(said, KEY.as_bytes()),
        "the requests are not in what it says at TRACE"
    );
}

fn holds(bytes: &[u8], wanted: &[u8]) -> bool {
    bytes.windows(wanted.len()).any(|window| window == wanted)
}

/// S3 takes no URL of a session without the session's token, so that one is there. It is of no use without its key.
fn only_the_token_is_in(mut user_data: Seen, secrets: &[(String, String)]) {
    unpack(&mut user_data);
    let ours = |bytes: &Vec<u8>| holds(bytes, KEY.as_bytes());
    user_data.retain(|_, bytes| ours(bytes));
    assert!(!user_data.is_empty(), "the signed URL is in user data");
    for (name, secret) in secrets.iter().filter(|(name, _)| name != "session token") {
        assert_eq!(
            found(&user_data, secret.as_bytes()),
            Vec::<String>::new(),
            "{name}"
        );
    }
}
