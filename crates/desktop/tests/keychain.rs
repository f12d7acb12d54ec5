//! The keychain adapter against a real Secret Service. Runs where SLIPWAY_TEST_KEYCHAIN=1 is set, with D-Bus and
//! gnome-keyring installed; each case has a bus and a keyring of its own.
#![cfg(target_os = "linux")]
#![allow(
    clippy::unwrap_used,
    clippy::print_stdout,
    reason = "a test may panic, and says that it was skipped"
)]

mod prompter;

use std::path::Path;
use std::process::Command;
use std::sync::atomic::Ordering;
use std::time::{Duration, Instant};

use prompter::{Prompter, User};
use slipway_core::act_waits::ActWaits;
use slipway_core::clock::Clock;
use slipway_core::error::ErrorKind;
use slipway_core::ports::{SecretPlace, Secrets};
use slipway_core::secret::Secret;
use slipway_desktop::keychain::Keychain;

/// What a session of a test has for a keychain.
struct Session {
    /// Done by a shell before the test begins.
    prepare: &'static str,
    /// What the bus starts when somebody asks for a keychain that isn't there (any more); a shell's words.
    activated: Option<&'static str>,
}

/// A login keyring that is open, whoever starts it.
const UNLOCKED: Session = Session {
    prepare: "gdbus wait --session --activate org.freedesktop.secrets --timeout 10 org.freedesktop.secrets",
    activated: Some(
        "printf test-password | exec gnome-keyring-daemon --unlock --foreground --components=secrets",
    ),
};
/// One that was made earlier and that nobody has opened in this session.
const LOCKED: Session = Session {
    prepare: "printf test-password | gnome-keyring-daemon --unlock --components=secrets --daemonize >/dev/null \
        && gdbus wait --session --timeout 10 org.freedesktop.secrets \
        && gdbus call --session --dest org.freedesktop.secrets --object-path /org/freedesktop/secrets \
        --method org.freedesktop.Secret.Service.Lock \
        \"['/org/freedesktop/secrets/collection/login']\" >/dev/null",
    activated: Some("exec gnome-keyring-daemon --foreground --components=secrets"),
};
/// Nobody answers, and nobody may be started to.
const MISSING: Session = Session {
    prepare: "true",
    activated: None,
};

/// Set inside such a session; the inner tests do nothing without it.
const INSIDE: &str = "SLIPWAY_TEST_KEYCHAIN_INSIDE";

/// Runs the test `inner` of this same program in a session of its own.
fn in_session(session: &Session, inner: &str) {
    if std::env::var_os("SLIPWAY_TEST_KEYCHAIN").is_none() {
        println!("skipped: SLIPWAY_TEST_KEYCHAIN is not set");
        return;
    }
    let room = tempfile::tempdir().unwrap();
    let runtime = room.path().join("runtime");
    slipway_desktop::folders::create_private(&runtime).unwrap();
    let script = format!("{}; exec \"$0\" --exact {inner} --nocapture", session.prepare);
    let output = Command::new("dbus-run-session")
        .args([
            "--config-file",
            bus(room.path(), session).to_str().unwrap(),
            "--",
            "bash",
            "-c",
            &script,
        ])
        .arg(std::env::current_exe().unwrap())
        .env("XDG_DATA_HOME", room.path().join("data"))
        .env("XDG_RUNTIME_DIR", &runtime)
        .env(INSIDE, inner)
        .env_remove("DISPLAY")
        .output()
        .unwrap();
    let text = format!(
        "{}{}",
        String::from_utf8_lossy(&output.stdout),
        String::from_utf8_lossy(&output.stderr)
    );
    assert!(output.status.success() && text.contains("1 passed"), "{text}");
}

/// A bus that starts what this session says, and nothing else: the usual one would start a keyring by itself, and the
/// case without one would prove nothing.
fn bus(room: &Path, session: &Session) -> std::path::PathBuf {
    let services = room.join("services");
    std::fs::create_dir(&services).unwrap();
    if let Some(daemon) = session.activated {
        let service = format!("[D-BUS Service]\nName=org.freedesktop.secrets\nExec=/bin/sh -c '{daemon}'\n");
        std::fs::write(services.join("org.freedesktop.secrets.service"), service).unwrap();
    }
    let config = format!(
        "<busconfig><type>session</type><listen>unix:tmpdir=/tmp</listen><servicedir>{}</servicedir>\
        <policy context=\"default\"><allow send_destination=\"*\" eavesdrop=\"true\"/>\
        <allow eavesdrop=\"true\"/><allow own=\"*\"/></policy></busconfig>",
        services.display()
    );
    let file = room.join("bus.conf");
    std::fs::write(&file, config).unwrap();
    file
}

fn inside(inner: &str) -> bool {
    std::env::var(INSIDE).is_ok_and(|case| case == inner)
}

#[test]
fn an_unlocked_keychain_stores_replaces_and_deletes() {
    in_session(&UNLOCKED, "inner_round_trip");
}

#[test]
fn a_missing_keychain_is_an_error_and_not_an_empty_one() {
    in_session(&MISSING, "inner_missing");
}

#[test]
fn a_locked_keychain_is_an_error_and_not_an_empty_one() {
    in_session(&LOCKED, "inner_locked");
}

/// A connection for each use made GNOME Keyring end itself after some hundred of them.
#[test]
fn two_thousand_readings_all_give_the_secret() {
    in_session(&UNLOCKED, "inner_many_readings");
}

#[tokio::test]
async fn inner_many_readings() {
    if !inside("inner_many_readings") {
        return;
    }
    let (keychain, other) = (Keychain::new(), Keychain::new());
    let secret = Secret::new(vec![7; 1_700]);
    keychain.put("launch/A/key_pair", &secret).await.unwrap();
    let read = async |keychain: &Keychain| {
        for reading in 0..1_000 {
            let read = keychain.get("launch/A/key_pair").await;
            let read = read.unwrap_or_else(|error| panic!("reading {reading}: {error:?}"));
            assert_eq!(read.unwrap().expose(), secret.expose(), "reading {reading}");
        }
    };
    tokio::join!(read(&keychain), read(&other));
}

#[tokio::test]
async fn inner_round_trip() {
    if !inside("inner_round_trip") {
        return;
    }
    let keychain = Keychain::new();
    let read = async |name: &str| {
        keychain
            .get(name)
            .await
            .unwrap()
            .map(|value| value.expose().clone())
    };
    assert_eq!(read("launch/A/key_pair").await, None);
    let long: Vec<u8> = (0..2_000_u32).map(|n| (n % 256) as u8).collect();
    keychain
        .put("launch/A/key_pair", &Secret::new(long.clone()))
        .await
        .unwrap();
    keychain
        .put("launch/A/token", &Secret::new(b"one".to_vec()))
        .await
        .unwrap();
    keychain
        .put("launch/A/token", &Secret::new(b"two".to_vec()))
        .await
        .unwrap();
    assert_eq!(read("launch/A/key_pair").await, Some(long));
    assert_eq!(read("launch/A/token").await.as_deref(), Some(&b"two"[..]));
    keychain.delete("launch/A/token").await.unwrap();
    keychain.delete("launch/A/token").await.unwrap();
    assert_eq!(read("launch/A/token").await, None);
    assert!(keychain.put("large", &Secret::new(vec![0; 2_561])).await.is_err());
}

#[test]
fn a_keychain_that_was_started_again_is_used_again() {
    in_session(&UNLOCKED, "inner_started_again");
}

#[tokio::test]
async fn inner_started_again() {
    if !inside("inner_started_again") {
        return;
    }
    let keychain = Keychain::new();
    let secret = Secret::new(b"one".to_vec());
    keychain.put("launch/A/token", &secret).await.unwrap();
    kill_the_daemon();
    let read = keychain.get("launch/A/token").await.unwrap();
    assert_eq!(read.unwrap().expose(), secret.expose());
}

#[test]
fn a_locked_keychain_that_was_started_again_is_still_locked() {
    in_session(&LOCKED, "inner_locked_again");
}

#[tokio::test]
async fn inner_locked_again() {
    if !inside("inner_locked_again") {
        return;
    }
    let keychain = Keychain::new();
    let refused = keychain.get("launch/A/token").await.map(|_| ()).unwrap_err();
    assert!(refused.sentence.contains("locked"), "{refused:?}");
    kill_the_daemon();
    let refused = keychain.get("launch/A/token").await.map(|_| ()).unwrap_err();
    assert!(refused.sentence.contains("locked"), "{refused:?}");
}

fn kill_the_daemon() {
    let kill = "kill -9 $(gdbus call --session --dest org.freedesktop.DBus --object-path / \
        --method org.freedesktop.DBus.GetConnectionUnixProcessID org.freedesktop.secrets | grep -o '[0-9]*,' | tr -d ,)";
    let killed = Command::new("bash").args(["-c", kill]).status();
    assert!(killed.unwrap().success());
}

#[tokio::test]
async fn inner_missing() {
    if !inside("inner_missing") {
        return;
    }
    expect_refusal("no keychain").await;
}

#[tokio::test]
async fn inner_locked() {
    if !inside("inner_locked") {
        return;
    }
    expect_refusal("locked").await;
}

async fn expect_refusal(word: &str) {
    let keychain = Keychain::new();
    let errors = [
        keychain.get("launch/A/token").await.map(|_| ()).unwrap_err(),
        keychain
            .put("launch/A/token", &Secret::new(b"one".to_vec()))
            .await
            .unwrap_err(),
        keychain.delete("launch/A/token").await.unwrap_err(),
    ];
    for error in errors {
        assert_eq!(error.kind, ErrorKind::Keychain);
        assert!(error.sentence.contains(word), "{error:?}");
        assert!(!error.hint.is_empty());
    }
}

#[test]
fn a_locked_keychain_asks_its_user_and_is_used_once_it_is_unlocked() {
    in_session(&LOCKED, "inner_unlocks");
}

#[tokio::test]
async fn inner_unlocks() {
    if !inside("inner_unlocks") {
        return;
    }
    let prompter = Prompter::start(User::Unlocks);
    let keychain = Keychain::new();
    let secret = Secret::new(b"one".to_vec());
    keychain.put("launch/A/token", &secret).await.unwrap();
    let read = keychain.get("launch/A/token").await.unwrap();
    assert_eq!(read.unwrap().expose(), secret.expose());
    assert_eq!(keychain.place().await.unwrap(), SecretPlace::Keychain);
    assert_eq!(prompter.asked.load(Ordering::SeqCst), 1);
}

#[test]
fn a_locked_keychain_whose_dialog_is_dismissed_says_so_and_does_not_ask_again_at_once() {
    in_session(&LOCKED, "inner_dismissed");
}

#[tokio::test]
async fn inner_dismissed() {
    if !inside("inner_dismissed") {
        return;
    }
    let prompter = Prompter::start(User::Dismisses);
    let keychain = Keychain::new();
    for _ in 0..3 {
        let refused = keychain.get("launch/A/token").await.map(|_| ()).unwrap_err();
        assert_eq!(refused.kind, ErrorKind::Keychain);
        assert!(refused.sentence.contains("dismissed"), "{refused:?}");
    }
    assert_eq!(prompter.asked.load(Ordering::SeqCst), 1);
}

#[test]
fn a_locked_keychain_that_nobody_unlocks_is_waited_for_with_a_limit_and_told_meanwhile() {
    in_session(&LOCKED, "inner_absent");
}

#[tokio::test]
async fn inner_absent() {
    if !inside("inner_absent") {
        return;
    }
    let prompter = Prompter::start(User::Absent);
    let keychain = Keychain::patient(Duration::from_secs(3));
    let waits = ActWaits::new(Clock::system());
    let told = async {
        tokio::time::sleep(Duration::from_secs(2)).await;
        waits
            .lasting(Duration::from_secs(1))
            .expect("it says that it waits")
            .what
    };
    let begun = Instant::now();
    let (refused, told) = tokio::join!(waits.of(keychain.get("launch/A/token")), told);
    let refused = refused.map(|_| ()).unwrap_err();
    assert!(told.contains("locked and asks for its password"), "{told}");
    assert!(refused.sentence.contains("nobody answered"), "{refused:?}");
    assert!(begun.elapsed() < Duration::from_secs(10), "{:?}", begun.elapsed());
    assert_eq!(prompter.asked.load(Ordering::SeqCst), 1);
}
