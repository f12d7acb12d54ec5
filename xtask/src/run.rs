//! `cargo xtask run`: builds the programs side by side and says how to use them.

use crate::workspace::Workspace;
use crate::{invoke, program, say};

const FIRST_STEPS: &str = "Try it without an AWS account, on servers that live on this computer:

    slipway --profile practice launch --recipe practice-site --name demo --set title=\"Hello\"
    slipway access demo
    slipway terminate demo --yes

`slipway --help` lists the rest.";

/// Builds what a user runs and prints how to begin.
///
/// # Errors
/// When a program does not build.
pub fn run(workspace: &Workspace) -> Result<(), String> {
    say::line("Building Slipway; the first time takes a few minutes");
    let packages = ["slipway-cli", "slipway-agent", "slipway-practice"];
    let words = packages.iter().flat_map(|name| ["--package", name]);
    invoke::succeed(&mut workspace.cargo(["build", "--bins"].into_iter().chain(words)))?;
    let folder = workspace.programs();
    say::line("\nSlipway is ready.");
    if !program::on_path(&folder) {
        let line = path_line(&folder.to_string_lossy());
        say::line(&format!("So that this terminal finds it, enter\n\n    {line}\n"));
    }
    say::line(FIRST_STEPS);
    Ok(())
}

fn path_line(folder: &str) -> String {
    if cfg!(windows) {
        format!("$env:Path = \"{folder};$env:Path\"")
    } else {
        format!("export PATH=\"{folder}:$PATH\"")
    }
}
