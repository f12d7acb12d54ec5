//! `cargo xtask man`: the terminal's manual pages, written by the terminal itself from what it accepts.

use std::process::Command;

use crate::workspace::Workspace;
use crate::{invoke, run, say, whole};

/// Writes them to `target/man`.
///
/// # Errors
/// When the terminal does not build, or the folder can't be written.
pub fn write(workspace: &Workspace) -> Result<(), String> {
    invoke::succeed(&mut whole::build_for_use(workspace, run::TERMINAL))?;
    let folder = workspace.target.join("man");
    invoke::succeed(
        Command::new(workspace.program(run::SLIPWAY))
            .arg("man")
            .arg(&folder),
    )?;
    say::line(&format!("The manual pages are in {}.", folder.display()));
    Ok(())
}
