//! Running Windows programs on this machine: a wine prefix of our own under the target folder.

use std::path::{Path, PathBuf};
use std::process::Command;

use crate::apt::{self, SystemPackage};
use crate::workspace::Workspace;
use crate::{invoke, program, say, whole, windows};

const WINE: SystemPackage = SystemPackage {
    purpose: "running the Windows agent's tests",
    programs: &["/usr/lib/wine/wine64", "wine64"],
    debian: &["wine", "wine64"],
};

/// The Windows build, wine, and a prefix that looks like Windows 10.
///
/// # Errors
/// What is missing, when it can't be installed from here.
pub fn set_up(workspace: &Workspace) -> Result<(), String> {
    if cfg!(windows) {
        return Err("this is Windows: its own tests show it better than wine".to_owned());
    }
    windows::set_up(workspace)?;
    apt::provide(&[WINE])?;
    let prefix = prefix(workspace);
    if !prefix.join("ready").is_file() {
        make_prefix(workspace, &prefix)?;
    }
    Ok(())
}

/// The agent as it travels, and its own tests.
///
/// # Errors
/// When they do not build.
pub fn build_agent_tests(workspace: &Workspace) -> Result<(), String> {
    windows::build_agent(workspace)?;
    invoke::succeed(own_tests(workspace).arg("--no-run"))
}

fn own_tests(workspace: &Workspace) -> Command {
    windows::cargo(
        workspace,
        &["test", "--quiet", "--package", "slipway-agent", "--lib"],
    )
}

/// The agent's own tests, then the built program.
///
/// # Errors
/// When a test fails.
pub fn test_agent(workspace: &Workspace) -> Result<(), String> {
    let mut own = own_tests(workspace);
    invoke::succeed(
        wine_environment(&mut own, workspace).env("CARGO_TARGET_X86_64_PC_WINDOWS_GNU_RUNNER", wine()),
    )?;
    let mut program = whole::tests(workspace);
    program.args(["--quiet", "--test", "windows_agent"]);
    wine_environment(&mut program, workspace);
    program.env("SLIPWAY_WINE", wine());
    invoke::succeed(program.env("SLIPWAY_WINDOWS_AGENT", windows::agent(workspace)))
}

/// The terminal, with a practice world.
///
/// # Errors
/// When a test fails.
pub fn test_terminal(workspace: &Workspace) -> Result<(), String> {
    let mut program = whole::tests(workspace);
    program.args(["--quiet", "--test", "windows_terminal"]);
    wine_environment(&mut program, workspace);
    program.env("SLIPWAY_WINE", wine());
    invoke::succeed(program.env("SLIPWAY_WINDOWS_PROGRAMS", windows::programs(workspace)))
}

fn make_prefix(workspace: &Workspace, prefix: &Path) -> Result<(), String> {
    say::line("Preparing wine");
    let shown = |e: std::io::Error| format!("the wine prefix {} could not be written: {e}", prefix.display());
    std::fs::create_dir_all(prefix).map_err(shown)?;
    in_wine(workspace, &["wineboot", "-i"])?;
    // Unless told, wine 8 says that it is Windows 7, which Rust's standard library no longer supports.
    in_wine(workspace, &["winecfg", "-v", "win10"])?;
    add_random_source(
        workspace,
        &prefix.join("drive_c/windows/system32/bcryptprimitives.dll"),
    )?;
    std::fs::write(prefix.join("ready"), "").map_err(shown)
}

/// Rust programs take their random numbers from `bcryptprimitives.dll`, which wine 8 lacks: they would end with 53 and no word.
fn add_random_source(workspace: &Workspace, library: &Path) -> Result<(), String> {
    if library.exists() {
        return Ok(());
    }
    let mut compile = Command::new("x86_64-w64-mingw32-gcc");
    compile
        .args(["-shared", "-O2", "-o"])
        .arg(library)
        .arg(workspace.root.join("xtask/wine/bcryptprimitives.c"));
    invoke::succeed(compile.arg("-ladvapi32"))
}

fn in_wine(workspace: &Workspace, words: &[&str]) -> Result<(), String> {
    invoke::succeed(wine_environment(Command::new(wine()).args(words), workspace))
}

fn wine_environment<'a>(command: &'a mut Command, workspace: &Workspace) -> &'a mut Command {
    let settings = [
        ("WINEDEBUG", "-all"),
        ("WINEARCH", "win64"),
        ("WINEDLLOVERRIDES", "mscoree=;mshtml="),
        ("DISPLAY", ""),
    ];
    command.envs(settings).env("WINEPREFIX", prefix(workspace))
}

fn wine() -> PathBuf {
    let debian = PathBuf::from(WINE.programs[0]);
    if debian.is_file() {
        debian
    } else {
        program::find(WINE.programs[1]).unwrap_or(debian)
    }
}

fn prefix(workspace: &Workspace) -> PathBuf {
    workspace.target.join("wine")
}
