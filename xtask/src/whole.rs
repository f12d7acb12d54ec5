//! All packages at once. Everything that builds or tests the programs goes through here, because cargo chooses the
//! features of dependencies by the packages it is asked for: another choice would build the AWS SDK once more.

use std::process::Command;

use crate::invoke;
use crate::workspace::Workspace;

/// Every package but this one, which is running.
const PACKAGES: &[&str] = &["--workspace", "--exclude", "xtask"];

/// Kill points in the programs, and the fake world, for the tests that use them.
const FEATURES: &str = "slipway-core/failpoints,slipway-core/testing";

/// What the benches are behind.
const BENCHES: &str = "slipway-tests/window,slipway-test-adapter/ec2";

/// Builds the programs as the tests start them.
///
/// # Errors
/// When something does not build.
pub fn build_programs(workspace: &Workspace) -> Result<(), String> {
    let mut build = workspace.cargo(["build"]);
    build.args(PACKAGES).args(["--bins", "--features", FEATURES]);
    invoke::succeed(&mut build)
}

/// A command that runs tests; which of them is the caller's to add.
pub fn tests(workspace: &Workspace) -> Command {
    let mut test = workspace.cargo(["test"]);
    test.args(PACKAGES).args(["--features", FEATURES]);
    test
}

/// A command, `build` or `bench`, that takes the benches with the features that all of them need; which of them is the
/// caller's to add.
pub fn benches(workspace: &Workspace, command: &str) -> Command {
    let mut bench = workspace.cargo([command, "--quiet"]);
    bench.args(PACKAGES).args(["--features", BENCHES]);
    bench
}
