//! Rules on dependencies, checked by cargo-deny, which is built once and kept under the target folder.

use std::path::PathBuf;
use std::process::Command;

use crate::workspace::Workspace;
use crate::{invoke, say};

const CARGO_DENY: &str = "0.20.2";

/// Builds cargo-deny unless it is there in the right version.
///
/// # Errors
/// When it can't be built.
pub fn cargo_deny(workspace: &Workspace) -> Result<(), String> {
    let there = Command::new(program(workspace)).arg("--version").output();
    if there.is_ok_and(|output| {
        String::from_utf8_lossy(&output.stdout).trim() == format!("cargo-deny {CARGO_DENY}")
    }) {
        return Ok(());
    }
    say::line(&format!(
        "Building cargo-deny {CARGO_DENY}, which checks licences and sources of dependencies"
    ));
    let folder = folder(workspace);
    let mut install = workspace.cargo([
        "install",
        "cargo-deny",
        "--locked",
        "--quiet",
        "--version",
        CARGO_DENY,
    ]);
    install
        .arg("--root")
        .arg(&folder)
        .arg("--target-dir")
        .arg(folder.join("build"));
    // It runs for a second: a quick build is worth more than a quick program.
    install
        .env("CARGO_PROFILE_RELEASE_LTO", "off")
        .env("CARGO_PROFILE_RELEASE_OPT_LEVEL", "0");
    invoke::succeed(install.env("CARGO_PROFILE_RELEASE_CODEGEN_UNITS", "256"))
}

/// Licences, sources and banned crates.
///
/// # Errors
/// When a dependency breaks a rule of `deny.toml`.
pub fn dependency_rules(workspace: &Workspace) -> Result<(), String> {
    invoke::succeed(deny(workspace).args(["check", "--hide-inclusion-graph", "bans", "licenses", "sources"]))
}

/// Fetches the list of known vulnerabilities. It is a git repository, not a package, and so not within everyone's reach.
///
/// # Errors
/// When it can't be reached.
pub fn advisory_database(workspace: &Workspace) -> Result<(), String> {
    cargo_deny(workspace)?;
    invoke::succeed(deny(workspace).args(["fetch", "db"]))
        .map_err(|reason| format!("the RustSec advisory database on GitHub can't be reached: {reason}"))
}

/// Known vulnerabilities of dependencies.
///
/// # Errors
/// When there is one.
pub fn advisories(workspace: &Workspace) -> Result<(), String> {
    invoke::succeed(deny(workspace).args(["check", "advisories"]))
}

fn deny(workspace: &Workspace) -> Command {
    let mut command = Command::new(program(workspace));
    command
        .args(["--all-features", "--log-level", "error"])
        .current_dir(&workspace.root);
    command
}

fn program(workspace: &Workspace) -> PathBuf {
    folder(workspace)
        .join("bin")
        .join(format!("cargo-deny{}", std::env::consts::EXE_SUFFIX))
}

fn folder(workspace: &Workspace) -> PathBuf {
    workspace.target.join("tools")
}
