//! The window: what it needs of the system to be built and to be tested, and whether it can be shown here.

use std::path::Path;
use std::process::Command;

use crate::apt::{self, SystemPackage};
use crate::workspace::Workspace;
use crate::{front_end, invoke, run, whole};

/// A library of the window; the first names are where Debian and Fedora keep what tells of it.
const fn library(files: &'static [&'static str], debian: &'static [&'static str]) -> SystemPackage {
    SystemPackage {
        purpose: "building the window",
        programs: files,
        debian,
    }
}

const LIBRARIES: &[SystemPackage] = &[
    library(&["pkg-config"], &["build-essential", "pkg-config"]),
    library(
        &[
            "/usr/lib/x86_64-linux-gnu/pkgconfig/webkit2gtk-4.1.pc",
            "/usr/lib/aarch64-linux-gnu/pkgconfig/webkit2gtk-4.1.pc",
            "/usr/lib64/pkgconfig/webkit2gtk-4.1.pc",
            "/usr/lib/pkgconfig/webkit2gtk-4.1.pc",
        ],
        &["libwebkit2gtk-4.1-dev", "libgtk-3-dev", "librsvg2-dev"],
    ),
];

const OPENSSL: SystemPackage = SystemPackage {
    purpose: "a second look at keys and certificates in tests",
    programs: &["openssl"],
    debian: &["openssl"],
};

const SCREEN: &[SystemPackage] = &[
    SystemPackage {
        purpose: "driving the window in tests",
        programs: &["WebKitWebDriver"],
        debian: &["webkit2gtk-driver"],
    },
    SystemPackage {
        purpose: "a screen for the window in tests",
        programs: &["Xvfb"],
        debian: &["xvfb", "fonts-dejavu-core"],
    },
    SystemPackage {
        purpose: "a D-Bus session for the window in tests",
        programs: &["dbus-monitor"],
        debian: &["dbus"],
    },
    SystemPackage {
        purpose: "a Remote Desktop client in tests of the window",
        programs: &["xfreerdp"],
        debian: &["freerdp2-x11"],
    },
    SystemPackage {
        purpose: "a Remote Desktop server in tests of the window",
        programs: &["freerdp-shadow-cli"],
        debian: &["freerdp2-shadow-x11"],
    },
    SystemPackage {
        purpose: "the users of that server",
        programs: &["winpr-hash"],
        debian: &["winpr-utils"],
    },
    OPENSSL,
    SystemPackage {
        purpose: "pressing keys in tests of the window",
        programs: &["xdotool"],
        debian: &["xdotool"],
    },
];

/// Libraries of the system, and the front end that is built into the window.
///
/// # Errors
/// What is missing, when it can't be installed from here.
pub fn set_up(workspace: &Workspace) -> Result<(), String> {
    if cfg!(target_os = "linux") {
        apt::provide(LIBRARIES)?;
    }
    front_end::built(workspace)
}

/// What tests of keys compare with. They do without it where this machine may lack it.
///
/// # Errors
/// When it is missing and can't be installed from here.
pub fn openssl(workspace: &Workspace) -> Result<(), String> {
    let there = apt::provide(&[OPENSSL]);
    if workspace.may_lack("openssl") {
        Ok(())
    } else {
        there
    }
}

/// A screen that nobody sees and a driver, beside what the window is built from.
///
/// # Errors
/// What is missing, when it can't be installed from here.
pub fn set_up_test(workspace: &Workspace) -> Result<(), String> {
    if !cfg!(target_os = "linux") {
        return Err("the tests know how to drive the window on Linux only".to_owned());
    }
    set_up(workspace)?;
    apt::provide(SCREEN)
}

/// The real window on the practice world.
///
/// # Errors
/// When a test fails.
pub fn test(workspace: &Workspace) -> Result<(), String> {
    invoke::succeed(&mut tests(workspace))
}

/// Pictures of the real window's main screens, light and dark, into a folder.
///
/// # Errors
/// When a screen does not come up.
pub fn pictures(workspace: &Workspace, folder: &Path) -> Result<(), String> {
    std::fs::create_dir_all(folder).map_err(|e| format!("{} could not be made: {e}", folder.display()))?;
    whole::build_programs(workspace)?;
    let mut walk = tests(workspace);
    walk.args(["--", "accessible"]);
    invoke::succeed(walk.env("SLIPWAY_PICTURES", folder))
}

fn tests(workspace: &Workspace) -> Command {
    let mut tests = whole::tests(workspace);
    tests.args(["--quiet", "--test", "window"]);
    tests
}

/// Whether there is somebody to see a window.
pub fn can_be_shown() -> bool {
    let named = |name| std::env::var_os(name).is_some_and(|value| !value.is_empty());
    cfg!(windows) || cfg!(target_os = "macos") || named("DISPLAY") || named("WAYLAND_DISPLAY")
}

/// Opens the window and waits until it is closed.
///
/// # Errors
/// When it does not open.
pub fn open(workspace: &Workspace) -> Result<(), String> {
    invoke::succeed(&mut Command::new(workspace.program(run::WINDOW)))
}
