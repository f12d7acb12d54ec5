//! All packages at once, with all of their features. Everything that builds or tests the programs goes through here,
//! because cargo chooses the features of dependencies by the packages it is asked for: another choice would build the AWS
//! SDK once more. Clippy is the compiler, so that lints need no second look at everything either.

use std::path::PathBuf;
use std::process::Command;

use crate::workspace::Workspace;
use crate::{invoke, program};

/// Every package but this one, which is running.
const PACKAGES: &[&str] = &["--workspace", "--exclude", "xtask"];

/// Kill points in the programs, the fake world, and tests that need something prepared.
const FEATURES: &str = "--all-features";

/// What the benches are behind.
const BENCHES: &str = "slipway-tests/window,slipway-test-adapter/ec2";

/// Arguments of clippy, in the form in which it takes them from the environment.
const DENY_WARNINGS: &str = "-D__CLIPPY_HACKERY__warnings__CLIPPY_HACKERY__";

/// Builds everything there is, and fails on any warning of the compiler or of clippy.
///
/// # Errors
/// When something has a warning or does not build.
pub fn lint(workspace: &Workspace) -> Result<(), String> {
    let mut build = cargo(workspace, &["build", "--all-targets", "--keep-going"]);
    invoke::succeed(build.arg(FEATURES))
}

/// Builds the programs as the tests start them.
///
/// # Errors
/// When something does not build.
pub fn build_programs(workspace: &Workspace) -> Result<(), String> {
    let mut build = cargo(workspace, &["build", "--bins"]);
    invoke::succeed(build.arg(FEATURES))
}

/// A command that runs tests; which of them is the caller's to add.
pub fn tests(workspace: &Workspace) -> Command {
    let mut test = cargo(workspace, &["test"]);
    test.arg(FEATURES);
    test
}

/// A command, `build` or `bench`, that takes the benches with the features that all of them need; which of them is the
/// caller's to add.
pub fn benches(workspace: &Workspace, command: &str) -> Command {
    let mut bench = workspace.cargo([command, "--quiet"]);
    bench.args(PACKAGES).args(["--features", BENCHES]);
    bench
}

fn cargo(workspace: &Workspace, words: &[&str]) -> Command {
    let mut cargo = workspace.cargo(words.iter().copied());
    cargo.args(PACKAGES);
    if let Some(clippy) = clippy() {
        cargo
            .env("RUSTC_WORKSPACE_WRAPPER", clippy)
            .env("CLIPPY_ARGS", DENY_WARNINGS);
    }
    cargo
}

/// The compiler with clippy's lints in it. Without it all builds as well, and lints are a part that was skipped. That rustup
/// has a file of this name does not mean that it has the program.
fn clippy() -> Option<PathBuf> {
    let driver = program::find("clippy-driver")?;
    invoke::works(Command::new(&driver).arg("--version")).then_some(driver)
}
