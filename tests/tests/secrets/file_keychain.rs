//! `SLIPWAY_KEYCHAIN=file`: the one other exception to "no secret in files". It is never chosen by itself, and its files are
//! the only ones that hold the secret.

use std::os::unix::fs::PermissionsExt;

use slipway_tests::follower::Follower;
use slipway_tests::room::Room;

use slipway_tests::search::found::{found, unpack};
use slipway_tests::search::places::{Sampler, files, processes};

const KEY: &str = "AKIATESTTESTTESTTEST";
const SECRET: &str = "Canary/abcdefghijklmnopqrstuvwxyzabcdefg";
const ADD: [&str; 7] = [
    "profiles",
    "add",
    "work",
    "--region",
    "eu-central-1",
    "--key-stdin",
    "--unchecked",
];
/// Far more than it takes.
const PATIENCE: std::time::Duration = std::time::Duration::from_secs(60);

/// Adds an access key in a session without a keychain; the exit status and what was said.
fn add(room: &Room, keychain: Option<&str>) -> (i32, String) {
    let mut command = room.command(&ADD);
    command
        .env("DBUS_SESSION_BUS_ADDRESS", "unix:path=/nowhere")
        .env("SLIPWAY_LOG", "trace")
        .env_remove("SLIPWAY_KEYCHAIN");
    command.envs(keychain.map(|chosen| ("SLIPWAY_KEYCHAIN", chosen)));
    Follower::start(&mut command, &format!("{KEY}\n{SECRET}\n")).end(PATIENCE)
}

#[test]
fn a_secret_is_in_a_file_only_where_files_were_asked_for_and_in_no_other() {
    let room = Room::new();
    let processes = Sampler::start(processes);
    let (status, said) = add(&room, Some("file"));
    assert_eq!(status, 0, "{said}");
    let folder = room.data().join("keychain");
    let kept: Vec<_> = std::fs::read_dir(&folder)
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .collect();
    assert_eq!(kept.len(), 1, "{kept:?}");
    let text = String::from_utf8(std::fs::read(&kept[0]).unwrap()).unwrap();
    assert!(text.contains(SECRET), "it is where it was asked for");
    let mode = std::fs::metadata(&kept[0]).unwrap().permissions().mode();
    assert_eq!(mode & 0o777, 0o600);
    let mut seen = processes.end();
    seen.extend(files(room.path()));
    seen.insert("standard error".into(), said.into_bytes());
    unpack(&mut seen);
    assert_eq!(found(&seen, SECRET.as_bytes()), Vec::<String>::new());
    // The search itself would find it, were the folder not known to it.
    let planted = room.path().join("elsewhere");
    std::fs::copy(&kept[0], &planted).unwrap();
    assert!(!found(&files(room.path()), SECRET.as_bytes()).is_empty());
}

#[test]
fn files_are_never_chosen_by_themselves() {
    for chosen in [None, Some(""), Some("system")] {
        let room = Room::new();
        let (status, said) = add(&room, chosen);
        assert_eq!(status, 1, "{chosen:?}: {said}");
        assert!(
            said.contains("SLIPWAY_KEYCHAIN=file"),
            "the hint names it: {said}"
        );
        assert!(!room.data().join("keychain").exists(), "{chosen:?}");
    }
    let room = Room::new();
    let (status, said) = add(&room, Some("files"));
    assert_eq!(status, 2, "{said}");
}
