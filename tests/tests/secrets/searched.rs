//! Launches at TRACE that succeed, fail and panic; then every secret of them is looked for everywhere.

use std::path::Path;
use std::process::Command;
use std::time::{Duration, Instant};

use sha2::{Digest, Sha256};
use slipway_tests::follower::Follower;
use slipway_tests::room::Room;

use crate::agent_keys::{self, is_agents_own};
use crate::cloud::Asker;
use slipway_tests::search::found::{found, unpack};
use slipway_tests::search::places::{Sampler, Seen, files, processes};
use slipway_tests::search::user_data::user_data;

/// The chosen Administrator password.
const PASSWORD: &str = "Harbour-\"light\"-2026!";
/// What the recipe with a secret input asks for.
const LICENCE: &str = "LIC/4711 +\"söng\"\\&-0815";
const LICENSED: &str = include_str!("../../recipes/licensed-site.toml");
/// The step that sets the editor's password has it in its environment: the recipe says so.
const DECLARED: &str = "slipway-practice-machine tool admin ";
/// Far more than a launch takes.
const PATIENCE: Duration = Duration::from_secs(120);

#[test]
fn no_secret_of_a_launch_that_succeeds_is_found_anywhere() {
    let room = Room::new();
    let story = Story::begin(&room, &with_password("practice-site"), PASSWORD, &[]);
    story.ends(0, &[PASSWORD], 9);
}

#[test]
fn no_secret_of_a_launch_that_fails_is_found_anywhere() {
    let room = Room::new();
    let mut arguments = with_password("practice-site");
    arguments.extend(["--set", "fail_at=site_check"]);
    let story = Story::begin(&room, &arguments, PASSWORD, &[]);
    story.ends(1, &[PASSWORD], 9);
}

#[test]
fn a_secret_input_reaches_its_step_and_is_found_nowhere_else() {
    let room = Room::new();
    let story = with_licence(&room, LICENSED, &[]);
    story.ends(0, &[PASSWORD, LICENCE], 8);
    let log = room.done(&["log", "demo", "--step", "licence"]).out;
    let proof = hex::encode(Sha256::digest(LICENCE));
    assert!(log.contains(&proof), "the step got something else: {log}");
}

#[test]
fn a_secret_input_is_found_nowhere_after_its_step_has_failed() {
    let room = Room::new();
    let fails = LICENSED.replace("sha256sum", "sha256sum; exit 3");
    let story = with_licence(&room, &fails, &[]);
    story.ends(1, &[PASSWORD, LICENCE], 8);
    let log = room.done(&["log", "demo", "--step", "licence"]).out;
    assert!(log.contains("code 3"), "{log}");
}

/// With all of a launch's secrets in memory, and with the order in scope that takes the password to the server.
#[test]
fn no_secret_is_in_what_a_panic_leaves() {
    for point in ["run_instance.before", "put_tags.before"] {
        let room = Room::new();
        let log = room.path().join("points");
        let panics = [
            ("SLIPWAY_FAILPOINT", point),
            ("SLIPWAY_FAILPOINT_PANICS", "1"),
            ("SLIPWAY_FAILPOINT_LOG", log.to_str().unwrap()),
            ("RUST_BACKTRACE", "full"),
        ];
        let mut story = with_licence(&room, LICENSED, &panics);
        wait_for(&log, point);
        // Time to say it; whoever sees a launch stand still ends the program.
        std::thread::park_timeout(Duration::from_millis(500));
        story.follower.kill();
        let said = story.ends(-1, &[PASSWORD, LICENCE], 4);
        assert!(said.contains(&format!("told to panic at {point}")), "{said}");
    }
}

/// A launch of the recipe with a secret input.
fn with_licence<'r>(room: &'r Room, recipe: &str, environment: &[(&str, &str)]) -> Story<'r> {
    let recipes = room.data().join("recipes");
    std::fs::create_dir_all(&recipes).unwrap();
    std::fs::write(recipes.join("licensed-site.toml"), recipe).unwrap();
    let mut arguments = with_password("licensed-site");
    arguments.extend(["--secrets-stdin", "--yes"]);
    let input = format!("{PASSWORD}\nlicence={LICENCE}\n");
    Story::begin(room, &arguments, &input, environment)
}

fn wait_for(log: &Path, point: &str) {
    let begun = Instant::now();
    while !std::fs::read_to_string(log).is_ok_and(|text| text.contains(point)) {
        assert!(begun.elapsed() < PATIENCE, "{point} is not reached");
        std::thread::park_timeout(Duration::from_millis(20));
    }
}

fn with_password(recipe: &str) -> Vec<&str> {
    vec![
        "launch",
        "--recipe",
        recipe,
        "--name",
        "demo",
        "--password-stdin",
        "--json",
    ]
}

/// A launch that is looked at from all sides.
struct Story<'r> {
    room: &'r Room,
    follower: Follower,
    processes: Sampler,
    cloud: Sampler,
    keys: Sampler,
}

impl<'r> Story<'r> {
    fn begin(room: &'r Room, arguments: &[&str], input: &str, environment: &[(&str, &str)]) -> Self {
        let mut asker = Asker::of(&room.data());
        let data = room.data();
        let processes = Sampler::start(processes);
        let cloud = Sampler::start(move |seen| asker.ask(seen));
        let keys = Sampler::start(move |seen| agent_keys::look(&data, seen));
        let mut command: Command = room.command(arguments);
        command.env("SLIPWAY_LOG", "trace").env("RUST_LOG", "trace");
        command.envs(environment.iter().copied());
        Story {
            room,
            follower: Follower::start(&mut command, input),
            processes,
            cloud,
            keys,
        }
    }

    /// Waits for the end and looks for everything that was typed, stored, or made on the server: at least `least`
    /// secrets. Gives what the program said.
    fn ends(mut self, expected: i32, typed: &[&str], least: usize) -> String {
        let (status, said) = self.follower.end(PATIENCE);
        assert_eq!(status, expected, "{said}");
        let mut seen = self.processes.end();
        seen.extend(user_data(&seen));
        seen.retain(|place, _| !place.starts_with("environment") || !place.contains(DECLARED));
        seen.extend(self.cloud.end());
        seen.extend(files(&self.room.data()));
        if expected != 0 {
            seen.retain(|place, _| !is_agents_own(place));
        }
        let shown: Vec<String> = self
            .follower
            .seen
            .iter()
            .map(|line| line.value.to_string())
            .collect();
        seen.insert("standard output".into(), shown.join("\n").into_bytes());
        seen.insert("standard error".into(), said.clone().into_bytes());
        unpack(&mut seen);
        if expected != -1 {
            was_looked_at(&seen);
        }
        let mut secrets = self.keys.end();
        secrets.extend(stored(self.room));
        secrets.extend(
            typed
                .iter()
                .map(|text| (format!("typed: {text}"), text.as_bytes().to_vec())),
        );
        let names: Vec<&String> = secrets.keys().collect();
        assert!(secrets.len() >= least, "{} secrets: {names:?}", secrets.len());
        for (name, secret) in &secrets {
            assert_eq!(found(&seen, secret), Vec::<String>::new(), "{name}");
        }
        said
    }
}

/// The search would be worth nothing if one of these places was not among those that were looked at.
fn was_looked_at(seen: &Seen) {
    let plan = |place: &str, bytes: &[u8]| {
        place.starts_with("user data") && memchr::memmem::find(bytes, b"\"token_sha256\"").is_some()
    };
    assert!(
        seen.iter().any(|(place, bytes)| plan(place, bytes)),
        "no unpacked user data"
    );
    for start in ["tag slipway-order", "console", "arguments", "environment"] {
        assert!(seen.keys().any(|place| place.starts_with(start)), "no {start}");
    }
}

/// What the launch keeps in the place for secrets.
fn stored(room: &Room) -> Seen {
    let folder = room.data().join("practice/secrets");
    let entries = std::fs::read_dir(folder).into_iter().flatten().flatten();
    let read = entries.map(|entry| {
        let name = entry.file_name().to_string_lossy().into_owned();
        (format!("stored: {name}"), std::fs::read(entry.path()).unwrap())
    });
    read.collect()
}
