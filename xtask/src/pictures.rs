//! `cargo xtask pictures`: every screen as PNG, to look at beside the design.

use crate::workspace::Workspace;
use crate::{front_end, say, window};

/// Where the real window's pictures go, beside those of the front end alone; git leaves the folder out.
const REAL: &str = "ui/pictures/window";

/// All states from the front end in a browser, then the main screens from the real window where it can be driven.
///
/// # Errors
/// When a screen can't be drawn.
pub fn pictures(workspace: &Workspace) -> Result<(), String> {
    front_end::browser(workspace)?;
    front_end::pictures(workspace)?;
    if let Err(reason) = window::set_up_test(workspace) {
        say::line(&format!("No pictures of the real window: {reason}."));
        return Ok(());
    }
    let folder = workspace.root.join(REAL);
    window::pictures(workspace, &folder)?;
    say::line(&format!("The real window's are in {}.", folder.display()));
    Ok(())
}
