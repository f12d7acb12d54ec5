//! The keychain of Linux desktops. Its tests open D-Bus sessions and keyrings of their own.

use crate::apt::{self, SystemPackage};
use crate::workspace::Workspace;
use crate::{invoke, whole};

const PACKAGES: &[SystemPackage] = &[
    SystemPackage {
        purpose: "a D-Bus session for the keychain tests",
        programs: &["dbus-run-session"],
        debian: &["dbus"],
    },
    SystemPackage {
        purpose: "talking to that session",
        programs: &["gdbus"],
        debian: &["libglib2.0-bin"],
    },
    SystemPackage {
        purpose: "the keyring of the keychain tests",
        programs: &["gnome-keyring-daemon"],
        debian: &["gnome-keyring"],
    },
];

/// D-Bus and a keyring daemon.
///
/// # Errors
/// What is missing, when it can't be installed from here.
pub fn set_up(_: &Workspace) -> Result<(), String> {
    if !cfg!(target_os = "linux") {
        return Err("the tests know the keychain of Linux desktops only".to_owned());
    }
    apt::provide(PACKAGES)
}

/// The tests of the keychain, which do nothing unless they are asked to.
///
/// # Errors
/// When a test fails.
pub fn test_keychain(workspace: &Workspace) -> Result<(), String> {
    let mut tests = whole::tests(workspace);
    tests.args(["--quiet", "--test", "keychain"]);
    invoke::succeed(tests.env("SLIPWAY_TEST_KEYCHAIN", "1"))
}
