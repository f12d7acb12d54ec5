//! The parts of the tests, in the order they run: cheap ones first.

use crate::part::{Extent, Part};
use crate::workspace::Workspace;
use crate::{invoke, tools, windows, wine};

/// Every part there is. To add one, add a row.
pub const PARTS: &[Part] = &[
    Part {
        name: "format",
        extent: Extent::Quick,
        set_up: nothing,
        run: |workspace| cargo(workspace, &["fmt", "--all", "--check"]),
    },
    Part {
        name: "rules of the code",
        extent: Extent::Quick,
        set_up: nothing,
        run: |workspace| cargo(workspace, &["test", "--quiet", "--package", "xtask"]),
    },
    Part {
        name: "lints",
        extent: Extent::Quick,
        set_up: nothing,
        run: |workspace| {
            cargo(
                workspace,
                &["clippy", "--workspace", "--all-targets", "--", "-D", "warnings"],
            )
        },
    },
    Part {
        name: "fast tests",
        extent: Extent::Quick,
        set_up: nothing,
        run: |workspace| {
            cargo(
                workspace,
                &[
                    "test",
                    "--quiet",
                    "--lib",
                    "--package",
                    "slipway-protocol",
                    "--package",
                    "slipway-core",
                ],
            )
        },
    },
    Part {
        name: "dependency rules",
        extent: Extent::Full,
        set_up: tools::cargo_deny,
        run: tools::dependency_rules,
    },
    Part {
        name: "tests",
        extent: Extent::Full,
        set_up: nothing,
        run: all_tests,
    },
    Part {
        name: "Windows agent builds",
        extent: Extent::Full,
        set_up: windows::set_up,
        run: windows::build_agent,
    },
    Part {
        name: "Windows agent under wine",
        extent: Extent::Full,
        set_up: wine::set_up,
        run: wine::test_agent,
    },
    Part {
        name: "security advisories",
        extent: Extent::Long,
        set_up: tools::advisory_database,
        run: tools::advisories,
    },
];

fn nothing(_: &Workspace) -> Result<(), String> {
    Ok(())
}

fn cargo(workspace: &Workspace, words: &[&str]) -> Result<(), String> {
    invoke::succeed(&mut workspace.cargo(words.iter().copied()))
}

/// The programs first: end-to-end tests start them.
fn all_tests(workspace: &Workspace) -> Result<(), String> {
    cargo(
        workspace,
        &["build", "--workspace", "--bins", "--exclude", "xtask"],
    )?;
    cargo(workspace, &["test", "--workspace", "--exclude", "xtask"])
}
