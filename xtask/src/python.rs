//! Python programs that tests stand on: a virtual environment of our own under the target folder.

use std::path::PathBuf;
use std::process::Command;

use crate::apt::{self, SystemPackage};
use crate::workspace::Workspace;
use crate::{invoke, say};

/// Debian keeps what `python3 -m venv` needs in a package of its own.
const VENV: SystemPackage = SystemPackage {
    purpose: "the tests of EC2",
    programs: &["python3"],
    debian: &["python3", "python3-venv"],
};

/// The environment with everything that `tests/cloud/requirements.txt` names.
///
/// # Errors
/// When there is no Python, or the packages can't be had.
pub fn environment(workspace: &Workspace) -> Result<(), String> {
    if cfg!(windows) {
        return Err("instances get loopback addresses of their own, which this system has not".to_owned());
    }
    let wanted = workspace.root.join("tests/cloud/requirements.txt");
    let wanted =
        std::fs::read_to_string(&wanted).map_err(|e| format!("{} can't be read: {e}", wanted.display()))?;
    let folder = folder(workspace);
    let done = folder.join("installed.txt");
    if std::fs::read_to_string(&done).is_ok_and(|installed| installed == wanted) {
        return Ok(());
    }
    make(&folder)?;
    say::line("Installing moto, boto3 and awscli for the tests of EC2");
    let pip = program(workspace, "pip");
    let mut install = Command::new(pip);
    install.args([
        "install",
        "--quiet",
        "--disable-pip-version-check",
        "--requirement",
    ]);
    invoke::succeed(install.arg(workspace.root.join("tests/cloud/requirements.txt")))?;
    // Only now: what was broken off is done again.
    std::fs::write(&done, wanted).map_err(|e| format!("{} can't be written: {e}", done.display()))
}

fn make(folder: &PathBuf) -> Result<(), String> {
    if !works() {
        apt::install_all(&[&VENV])?;
    }
    let mut python = Command::new("python3");
    invoke::succeed(python.args(["-m", "venv", "--clear"]).arg(folder))
}

fn works() -> bool {
    let mut python = Command::new("python3");
    invoke::works(python.args(["-c", "import venv, ensurepip"]))
}

/// A program of the environment.
pub fn program(workspace: &Workspace, name: &str) -> PathBuf {
    folder(workspace).join("bin").join(name)
}

fn folder(workspace: &Workspace) -> PathBuf {
    workspace.target.join("python")
}
