//! What runs on Windows, cross-built: the agent, which every server that Slipway launches runs, and the terminal.

use std::path::PathBuf;
use std::process::Command;
use std::sync::{Mutex, PoisonError};

use crate::apt::{self, SystemPackage};
use crate::workspace::Workspace;
use crate::{invoke, say};

/// The GNU flavour needs nothing of Microsoft's to link.
pub const TARGET: &str = "x86_64-pc-windows-gnu";

const LINKER: SystemPackage = SystemPackage {
    purpose: "linking the Windows agent",
    programs: &["x86_64-w64-mingw32-gcc"],
    debian: &["gcc-mingw-w64-x86-64-win32"],
};

/// Beside our own programs, where they look for it. On Windows, `slipway-agent.exe` is the one for practice servers.
const BESIDE: &str = "slipway-windows-agent.exe";

/// The linker and Rust's standard library for Windows.
///
/// # Errors
/// What is missing, when it can't be installed from here.
pub fn set_up(workspace: &Workspace) -> Result<(), String> {
    apt::provide(&[LINKER])?;
    let library =
        invoke::output(Command::new("rustc").args(["--print", "target-libdir", "--target", TARGET]))?;
    if PathBuf::from(library.trim()).is_dir() {
        return Ok(());
    }
    say::line(&format!("Adding {TARGET} to Rust, for the Windows agent"));
    let mut add = Command::new("rustup");
    add.args(["target", "add", TARGET]).current_dir(&workspace.root);
    invoke::succeed(&mut add).map_err(|reason| {
        format!(
            "Rust's standard library for {TARGET} is missing; install Rust by rustup (https://rustup.rs), or that \
             library as your system packages it ({reason})"
        )
    })
}

/// Builds the agent as it travels to an instance, and puts it beside the programs.
///
/// # Errors
/// When it does not build.
pub fn build_agent(workspace: &Workspace) -> Result<(), String> {
    invoke::succeed(&mut agent_build(workspace))?;
    put_beside_programs(workspace)
}

/// The same, where others build at the same time and are waited for: they come first.
///
/// # Errors
/// When it does not build.
pub fn build_agent_meanwhile(workspace: &Workspace) -> Result<(), String> {
    invoke::succeed(&mut invoke::patient(agent_build(workspace)))?;
    put_beside_programs(workspace)
}

fn agent_build(workspace: &Workspace) -> Command {
    cargo(
        workspace,
        &["build", "--package", "slipway-agent", "--profile", "agent"],
    )
}

/// In one piece: a program that looks for it meanwhile finds the whole of the old one or of the new one.
fn put_beside_programs(workspace: &Workspace) -> Result<(), String> {
    // Two parts of the tests may build it at once.
    static TURN: Mutex<()> = Mutex::new(());
    let _turn = TURN.lock().unwrap_or_else(PoisonError::into_inner);
    let (built, folder) = (agent(workspace), workspace.programs());
    let (part, place) = (folder.join(format!("{BESIDE}.part")), folder.join(BESIDE));
    std::fs::create_dir_all(&folder)
        .and_then(|()| std::fs::copy(&built, &part))
        .and_then(|_| std::fs::rename(&part, &place))
        .map_err(|e| {
            format!(
                "{} could not be copied to {}: {e}",
                built.display(),
                place.display()
            )
        })
}

/// Where [`build_agent`] leaves the agent.
pub fn agent(workspace: &Workspace) -> PathBuf {
    workspace
        .target
        .join(TARGET)
        .join("agent")
        .join("slipway-agent.exe")
}

/// Builds the terminal and what it starts in the practice world.
///
/// # Errors
/// When something does not build.
pub fn build_terminal(workspace: &Workspace) -> Result<(), String> {
    let packages = ["slipway-cli", "slipway-agent", "slipway-practice"];
    let mut build = cargo(workspace, &["build", "--bins"]);
    build.args(packages.iter().flat_map(|package| ["--package", package]));
    invoke::succeed(&mut build)
}

/// Where [`build_terminal`] leaves its programs.
pub fn programs(workspace: &Workspace) -> PathBuf {
    workspace.target.join(TARGET).join("debug")
}

/// Cargo for the Windows target.
pub fn cargo(workspace: &Workspace, words: &[&str]) -> Command {
    let mut command = workspace.cargo(words.iter().copied().chain(["--target", TARGET]));
    command.env("CARGO_TARGET_X86_64_PC_WINDOWS_GNU_LINKER", LINKER.programs[0]);
    command
}
