//! What a launch keeps on this computer goes with its server: secrets, and files that were made for it.

#![cfg(unix)]

use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};

use slipway_tests::leftovers::leftovers;
use slipway_tests::room::Room;

/// In place of a Remote Desktop client.
const CLIENT: &str = "#!/bin/sh\nprintf '%s' \"$1\" > \"$(dirname \"$0\")/opened\"\n";

#[test]
fn secrets_and_files_of_a_server_go_with_it() {
    let room = Room::new();
    room.done(&["launch", "--recipe", "practice-site", "--name", "demo"]);
    let mut kept = room.secrets();
    kept.retain(|name| name.contains("key_pair") || name.contains("token") || name.contains("password"));
    assert!(kept.len() >= 3, "{kept:?}");
    let file = connect(&room);
    assert!(file.starts_with(room.data()), "{}", file.display());
    let mode = |path: &Path| std::fs::metadata(path).unwrap().permissions().mode() & 0o777;
    assert_eq!((mode(&file), mode(file.parent().unwrap())), (0o600, 0o700));
    // Earlier versions put it beside the journal.
    std::fs::write(room.data().join("demo.rdp"), "full address:s:127.0.0.1").unwrap();
    let saved = room.path().join("mine.rdp");
    room.done(&["access", "demo", "--rdp", saved.to_str().unwrap()]);

    room.done(&["terminate", "demo", "--yes"]);
    assert_eq!(leftovers(&room), Vec::<String>::new());
    assert_eq!(room.secrets(), Vec::<String>::new());
    assert_eq!(files_for_remote_desktop(&room.data()), Vec::<PathBuf>::new());
    assert!(!file.parent().unwrap().exists());
    assert!(saved.exists(), "what the user saved elsewhere is the user's");
}

/// Opens Remote Desktop with a client that only notes which file it was given.
fn connect(room: &Room) -> PathBuf {
    let programs = room.path().join("bin");
    std::fs::create_dir_all(&programs).unwrap();
    for name in ["xfreerdp3", "xfreerdp", "open"] {
        let program = programs.join(name);
        std::fs::write(&program, CLIENT).unwrap();
        std::fs::set_permissions(&program, std::fs::Permissions::from_mode(0o755)).unwrap();
    }
    let path = std::env::var("PATH").unwrap();
    let mut command = room.command(&["access", "demo", "--connect"]);
    let ran = command
        .env("PATH", format!("{}:{path}", programs.display()))
        .output()
        .unwrap();
    assert!(ran.status.success(), "{}", String::from_utf8_lossy(&ran.stderr));
    files_for_remote_desktop(&room.data()).pop().expect("a file")
}

fn files_for_remote_desktop(folder: &Path) -> Vec<PathBuf> {
    let mut found = Vec::new();
    for entry in std::fs::read_dir(folder).unwrap().flatten() {
        let path = entry.path();
        if path.is_dir() {
            found.extend(files_for_remote_desktop(&path));
        } else if path.extension().is_some_and(|end| end == "rdp") {
            found.push(path);
        }
    }
    found
}
