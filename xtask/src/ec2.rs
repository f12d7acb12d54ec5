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

/// The cloud of the tests as its clients see it, one test at a time: each starts servers.
///
/// # Errors
/// When a test fails.
pub fn test(workspace: &Workspace) -> Result<(), String> {
    let programs = ["build", "--workspace", "--exclude", "xtask", "--bins"];
    invoke::succeed(&mut workspace.cargo(programs.iter().chain(TEST_FEATURES).copied()))?;
    let tests = [
        "test",
        "--workspace",
        "--exclude",
        "xtask",
        "--no-fail-fast",
        "--test",
        "ec2*",
        "--features",
        "slipway-test-cloud/ec2",
    ];
    let show = ["--", "--test-threads=1", "--show-output"];
    let words = tests.iter().chain(TEST_FEATURES).chain(&show);
    invoke::succeed(&mut workspace.cargo(words.copied()))
}
