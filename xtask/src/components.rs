//! Parts of the Rust toolchain that a minimal installation leaves out.

use std::process::Command;

use crate::workspace::Workspace;
use crate::{invoke, say};

/// rustfmt.
///
/// # Errors
/// When it is missing and rustup can't add it.
pub fn rustfmt(workspace: &Workspace) -> Result<(), String> {
    provide(workspace, "fmt", "rustfmt")
}

/// clippy.
///
/// # Errors
/// When it is missing and rustup can't add it.
pub fn clippy(workspace: &Workspace) -> Result<(), String> {
    provide(workspace, "clippy", "clippy")
}

fn provide(workspace: &Workspace, command: &str, component: &str) -> Result<(), String> {
    if invoke::works(&mut workspace.cargo([command, "--version"])) {
        return Ok(());
    }
    say::line(&format!("Adding {component} to Rust"));
    let mut add = Command::new("rustup");
    add.args(["component", "add", component])
        .current_dir(&workspace.root);
    invoke::succeed(&mut add).map_err(|reason| format!("{component} is missing: {reason}"))
}
