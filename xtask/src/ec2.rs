//! EC2 without AWS: moto with our proxy in front, other clients on it, and Slipway itself with both its faces.

use crate::apt::{self, SystemPackage};
use crate::workspace::{Workspace, nobody_watches};
use crate::{invoke, python, say, secret_service, whole, window};

/// Not everywhere to be had: without it, one witness less is asked.
pub const PACKER: &str = "packer";

/// The Python environment, and a keyring for the terminal's profiles; packer where the system has it.
///
/// # Errors
/// What is missing, when it can't be installed from here.
pub fn set_up(workspace: &Workspace) -> Result<(), String> {
    python::environment(workspace)?;
    secret_service::set_up(workspace)?;
    let packer = SystemPackage {
        purpose: "a second opinion in the tests of EC2",
        programs: &[PACKER],
        debian: &[PACKER],
    };
    match apt::provide(&[packer]) {
        Err(reason) if !nobody_watches() || workspace.may_lack(PACKER) => {
            say::line(&format!("Without packer: {reason}"));
            Ok(())
        }
        there => there,
    }
}

/// The same, and a screen for the window.
///
/// # Errors
/// What is missing, when it can't be installed from here.
pub fn set_up_window(workspace: &Workspace) -> Result<(), String> {
    set_up(workspace)?;
    window::set_up_test(workspace)
}

/// The adapter against moto alone; the cloud of the tests as its clients see it; the adapter and the terminal against that
/// cloud.
///
/// # Errors
/// When a test fails.
pub fn test(workspace: &Workspace) -> Result<(), String> {
    // Few at a time, because each starts servers; but launches by the terminal mostly wait.
    let asked = run(
        workspace,
        &["moto", "ec2", "ec2_peers", "ec2_proxy"],
        "--test-threads=2",
    );
    let launched = run(workspace, &["ec2_terminal"], "--test-threads=3");
    asked.and(launched)
}

/// Launches in the window.
///
/// # Errors
/// When a test fails.
pub fn test_window(workspace: &Workspace) -> Result<(), String> {
    run(workspace, &["ec2_window"], "--test-threads=2")
}

fn run(workspace: &Workspace, targets: &[&str], threads: &str) -> Result<(), String> {
    let mut tests = whole::tests(workspace);
    tests.arg("--no-fail-fast");
    tests.args(targets.iter().flat_map(|target| ["--test", *target]));
    tests.args(["--", threads, "--show-output"]);
    invoke::succeed(tests.env("SLIPWAY_MOTO_SERVER", python::program(workspace, "moto_server")))
}
