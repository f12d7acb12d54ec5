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

/// The adapter against moto alone; the cloud of the tests as its clients see it; the adapter against that cloud. One
/// test at a time, because each starts servers.
///
/// # Errors
/// When a test fails.
pub fn test(workspace: &Workspace) -> Result<(), String> {
    let programs = ["build", "--workspace", "--exclude", "xtask", "--bins"];
    invoke::succeed(&mut workspace.cargo(programs.iter().chain(TEST_FEATURES).copied()))?;
    // The same packages and features as for all tests, so that the SDK is not built once more.
    let tests = ["test", "--workspace", "--exclude", "xtask", "--no-fail-fast"];
    let gates = [
        "--features",
        "slipway-aws/moto,slipway-test-cloud/ec2,slipway-test-adapter/ec2",
    ];
    let shown = [
        "--test",
        "moto",
        "--test",
        "ec2*",
        "--",
        "--test-threads=1",
        "--show-output",
    ];
    let words = tests.iter().chain(TEST_FEATURES).chain(&gates).chain(&shown);
    let mut tests = workspace.cargo(words.copied());
    invoke::succeed(tests.env("SLIPWAY_MOTO_SERVER", python::program(workspace, "moto_server")))
}
