//! `cargo xtask check`: the parts that are quick enough to run before every commit.

use crate::part::{Part, When};
use crate::parts::PARTS;
use crate::test::go_through;
use crate::workspace::Workspace;

/// Whether every quick part passed.
pub fn check(workspace: &Workspace) -> bool {
    let quick = |part: &&Part| matches!(part.when, When::Always | When::Check);
    go_through(workspace, &PARTS.iter().filter(quick).collect::<Vec<_>>())
}
