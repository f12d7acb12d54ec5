//! `cargo xtask live`: the story of the EC2 tests on a real account.

use std::process::Command;

use crate::workspace::Workspace;
use crate::{invoke, say, whole, windows};

/// Builds the programs and the agent for Windows, then starts the story. It asks before it does anything.
///
/// # Errors
/// When something does not build, or the story did not go well.
pub fn tell(workspace: &Workspace, profile: &str, region: &str, yes: bool) -> Result<(), String> {
    windows::set_up(workspace)?;
    say::line("Building Slipway and the agent for Windows");
    whole::build_programs(workspace)?;
    windows::build_agent(workspace)?;
    let mut story = Command::new(workspace.programs().join("slipway-live"));
    story.args(["--profile", profile, "--region", region]);
    if yes {
        story.arg("--yes");
    }
    invoke::succeed(&mut story)
}
