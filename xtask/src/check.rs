//! `cargo xtask check`: the parts that are quick enough to run before every commit.

use crate::part::Extent;
use crate::parts::PARTS;
use crate::test::go_through;
use crate::workspace::Workspace;

/// Whether every quick part passed.
pub fn check(workspace: &Workspace) -> bool {
    go_through(
        workspace,
        PARTS.iter().filter(|part| part.extent == Extent::Quick),
    )
}
