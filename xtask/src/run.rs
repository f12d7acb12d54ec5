//! `cargo xtask run`: builds the programs side by side, opens the window, and says how to use the terminal.

use crate::workspace::Workspace;
use crate::{invoke, program, say, window};

const FIRST_STEPS: &str = "In a terminal, without an AWS account, on servers that live on this computer:

    slipway --profile practice launch --recipe practice-site --name demo --set title=\"Hello\"
    slipway access demo
    slipway terminate demo --yes

`slipway --help` lists the rest.";

/// Programs that work without a screen.
const TERMINAL: &[&str] = &["slipway-cli", "slipway-agent", "slipway-practice"];
const WINDOW: &str = "slipway-window";

/// Builds what a user runs, says how to begin, and opens the window where there is a screen.
///
/// # Errors
/// When a program does not build, or the window does not open.
pub fn run(workspace: &Workspace) -> Result<(), String> {
    let no_window = why_no_window(workspace);
    say::line("Building Slipway; the first time takes a few minutes");
    let window = no_window.is_none().then_some(WINDOW);
    build(workspace, TERMINAL.iter().copied().chain(window))?;
    say::line("\nSlipway is ready.");
    let folder = workspace.programs();
    if !program::on_path(&folder) {
        let line = path_line(&folder.to_string_lossy());
        say::line(&format!("So that this terminal finds it, enter\n\n    {line}\n"));
    }
    say::line(FIRST_STEPS);
    match no_window {
        Some(reason) => say::line(&format!("\nThe window stays closed: {reason}.")),
        None => {
            say::line("\nThe window is open; this ends when you close it.");
            window::open(workspace)?;
        }
    }
    Ok(())
}

fn why_no_window(workspace: &Workspace) -> Option<String> {
    if !window::can_be_shown() {
        return Some("there is no screen here".to_owned());
    }
    window::set_up(workspace).err()
}

fn build<'a>(workspace: &Workspace, packages: impl Iterator<Item = &'a str>) -> Result<(), String> {
    let words = packages.flat_map(|name| ["--package", name]);
    invoke::succeed(&mut workspace.cargo(["build", "--bins"].into_iter().chain(words)))
}

fn path_line(folder: &str) -> String {
    if cfg!(windows) {
        format!("$env:Path = \"{folder};$env:Path\"")
    } else {
        format!("export PATH=\"{folder}:$PATH\"")
    }
}
