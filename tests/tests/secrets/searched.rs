//! The search itself, and the proof that it would find something.

use slipway_tests::follower::Follower;
use slipway_tests::room::Room;

use crate::forms::forms;
use crate::places::{Sampler, Seen, files};

/// The chosen Administrator password.
const PASSWORD: &str = "Harbour-\"light\"-2026!";
/// The step that sets the editor's password has it in its environment: the recipe says so.
const DECLARED: &str = "slipway-practice-machine tool admin ";

#[test]
fn no_secret_of_a_launch_that_succeeds_is_found_anywhere() {
    searched(&[], 0);
}

#[test]
fn no_secret_of_a_launch_that_fails_is_found_anywhere() {
    searched(&["--set", "fail_at=site_check"], 1);
}

/// Follows a launch at TRACE and looks everywhere for each of its secrets.
fn searched(more: &[&str], expected: i32) {
    let room = Room::new();
    let sampler = Sampler::start();
    let launch = [
        "launch",
        "--recipe",
        "practice-site",
        "--name",
        "demo",
        "--password-stdin",
        "--json",
    ];
    let arguments: Vec<&str> = launch.iter().chain(more).copied().collect();
    let mut command = room.command(&arguments);
    let mut follower = Follower::start(
        command.env("SLIPWAY_LOG", "trace").env("RUST_LOG", "trace"),
        PASSWORD,
    );
    let (status, said) = follower.end(std::time::Duration::from_secs(120));
    assert_eq!(status, expected, "{said}");
    let mut seen = sampler.end();
    seen.retain(|place, _| !place.starts_with("environment") || !place.contains(DECLARED));
    if expected == 0 {
        seen.extend(files(&room.data()));
    } else {
        seen.extend(
            files(&room.data())
                .into_iter()
                .filter(|(place, _)| !is_agents_own(place)),
        );
    }
    let shown: Vec<String> = follower.seen.iter().map(|line| line.value.to_string()).collect();
    seen.insert("standard output".into(), shown.join("\n").into_bytes());
    seen.insert("standard error".into(), said.into_bytes());
    let secrets = secrets(&room);
    assert!(
        secrets.len() >= 6,
        "{:?}",
        secrets.iter().map(|(name, _)| name).collect::<Vec<_>>()
    );
    for (name, secret) in secrets {
        assert_eq!(found(&seen, &secret), Vec::<String>::new(), "{name}");
    }
}

/// Files of an agent that is not done: for their owner alone, and gone after a success.
fn is_agents_own(place: &str) -> bool {
    ["identity.json", "inbox.json", "secrets.json"]
        .iter()
        .any(|name| place.ends_with(&format!("/agent/{name}")))
}

/// The real values: what the launch stored, and what was typed.
fn secrets(room: &Room) -> Vec<(String, Vec<u8>)> {
    let folder = room.data().join("practice/secrets");
    let stored = std::fs::read_dir(folder).unwrap().flatten();
    let mut all: Vec<(String, Vec<u8>)> = stored
        .map(|entry| {
            (
                entry.file_name().to_string_lossy().into_owned(),
                std::fs::read(entry.path()).unwrap(),
            )
        })
        .collect();
    all.push(("typed".into(), PASSWORD.into()));
    all
}

fn found(seen: &Seen, secret: &[u8]) -> Vec<String> {
    let mut found = Vec::new();
    for (form, needle) in forms(secret) {
        let finder = memchr::memmem::Finder::new(&needle);
        for (place, bytes) in seen {
            if finder.find(bytes).is_some() {
                found.push(format!("{form} in {place}"));
            }
        }
    }
    found
}

#[test]
fn a_planted_secret_is_found_in_every_form_and_place() {
    let room = tempfile::tempdir().unwrap();
    let secret = "Canary \"söng\" 4711";
    for (number, (form, needle)) in forms(secret.as_bytes()).into_iter().enumerate() {
        let file = room.path().join(format!("machines/{number}"));
        std::fs::create_dir_all(file.parent().unwrap()).unwrap();
        std::fs::write(&file, [b"before", needle.as_slice(), b"after"].concat()).unwrap();
        let hits = found(&files(room.path()), secret.as_bytes());
        assert!(hits.iter().any(|hit| hit.starts_with(&form)), "{form}: {hits:?}");
        std::fs::remove_file(file).unwrap();
    }
    let sampler = Sampler::start();
    let mut child = std::process::Command::new("sleep")
        .args(["0.3"])
        .env("PLANTED", secret)
        .spawn()
        .unwrap();
    let mut other = std::process::Command::new("sh")
        .args(["-c", "sleep 0.3; true", secret])
        .spawn()
        .unwrap();
    assert!(child.wait().unwrap().success() && other.wait().unwrap().success());
    let hits = found(&sampler.end(), secret.as_bytes());
    for place in ["raw in arguments", "raw in environment"] {
        assert!(hits.iter().any(|hit| hit.starts_with(place)), "{place}: {hits:?}");
    }
}
