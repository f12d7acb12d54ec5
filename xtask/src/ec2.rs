//! EC2 without AWS: moto with our proxy in front, other clients on it, and Slipway itself.

use crate::apt::{self, SystemPackage};
use crate::parts::TEST_FEATURES;
use crate::workspace::Workspace;
use crate::{invoke, python, say};

/// Not everywhere to be had: without it, one witness less is asked.
const PACKER: SystemPackage = SystemPackage {
    purpose: "a second opinion in the tests of EC2",
    programs: &["packer"],
    debian: &["packer"],
};

/// The Python environment; packer where the system has it.
///
/// # Errors
/// What is missing, when it can't be installed from here.
pub fn set_up(workspace: &Workspace) -> Result<(), String> {
    python::environment(workspace)?;
    if let Err(reason) = apt::provide(&[PACKER]) {
        say::line(&format!("Without packer: {reason}"));
    }
    Ok(())
}

/// The adapter against moto alone; then the cloud of the tests as its clients see it, one test at a time, because each
/// starts servers.
///
/// # Errors
/// When a test fails.
pub fn test(workspace: &Workspace) -> Result<(), String> {
    let alone = [
        "test",
        "--package",
        "slipway-aws",
        "--features",
        "moto",
        "--test",
        "moto",
    ];
    let mut alone = workspace.cargo(alone);
    invoke::succeed(alone.env("SLIPWAY_MOTO_SERVER", python::program(workspace, "moto_server")))?;
    let programs = [
        "build",
        "--workspace",
        "--exclude",
        "xtask",
        "--exclude",
        "slipway-window",
        "--bins",
    ];
    invoke::succeed(&mut workspace.cargo(programs.iter().chain(TEST_FEATURES).copied()))?;
    let tests = [
        "test",
        "--package",
        "slipway-test-cloud",
        "--features",
        "ec2",
        "--no-fail-fast",
    ];
    let shown = ["--test", "ec2*", "--", "--test-threads=1", "--show-output"];
    invoke::succeed(&mut workspace.cargo(tests.into_iter().chain(shown)))
}
