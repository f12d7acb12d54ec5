//! The keychain of Linux desktops, for tests: a keyring of our own in a D-Bus session of our own.

use std::process::Command;

use crate::apt::{self, SystemPackage};
use crate::invoke;
use crate::parts::TEST_FEATURES;
use crate::workspace::Workspace;

const DBUS: SystemPackage = SystemPackage {
    purpose: "a D-Bus session for the keychain tests",
    programs: &["dbus-run-session"],
    debian: &["dbus"],
};

const KEYRING: SystemPackage = SystemPackage {
    purpose: "the keychain tests",
    programs: &["gnome-keyring-daemon"],
    debian: &["gnome-keyring"],
};

/// Unlocks the keyring with a password that guards nothing, then runs the rest of the command line.
const UNLOCKED: &str = "printf test-password | gnome-keyring-daemon --unlock --components=secrets --daemonize >/dev/null; exec \"$@\"";

/// D-Bus and a keyring daemon.
///
/// # Errors
/// What is missing, when it can't be installed from here.
pub fn set_up(_: &Workspace) -> Result<(), String> {
    if !cfg!(target_os = "linux") {
        return Err("these tests would write into your own keychain here".to_owned());
    }
    apt::provide(&[DBUS, KEYRING])
}

/// The tests of the keychain, in a session whose keyring is thrown away.
///
/// # Errors
/// When a test fails.
pub fn test_keychain(workspace: &Workspace) -> Result<(), String> {
    let folder = workspace.target.join("keyring");
    // Started anew, so that a keyring of an earlier run can't lend its items or its password.
    let _ = std::fs::remove_dir_all(&folder);
    let data = folder.join("data");
    let runtime = folder.join("runtime");
    for folder in [&data, &runtime] {
        std::fs::create_dir_all(folder)
            .map_err(|e| format!("{} could not be made: {e}", folder.display()))?;
    }
    let mut session = Command::new("dbus-run-session");
    session
        .args(["--", "bash", "-c", UNLOCKED, "keychain"])
        .current_dir(&workspace.root);
    // The same packages and features as for all tests, so that nothing is built once more.
    session.args([
        "cargo",
        "test",
        "--quiet",
        "--workspace",
        "--exclude",
        "xtask",
        "--test",
        "keychain",
    ]);
    session.args(TEST_FEATURES);
    session
        .env("XDG_DATA_HOME", data)
        .env("XDG_RUNTIME_DIR", runtime)
        .env("SLIPWAY_TEST_KEYCHAIN", "1");
    invoke::succeed(&mut session)
}
