//! The parts of the tests, in the order they run: cheap ones first.

use crate::part::{Part, When};
use crate::workspace::Workspace;
use crate::{components, ec2, front_end, invoke, secret_service, tools, whole, window, windows, wine};

const LINTS: &[&str] = &[
    "clippy",
    "--workspace",
    "--all-targets",
    "--all-features",
    "--",
    "-D",
    "warnings",
];

/// Every part there is. To add one, add a row.
pub const PARTS: &[Part] = &[
    Part {
        name: "format",
        when: When::Always,
        beside: false,
        set_up: components::rustfmt,
        run: |workspace| cargo(workspace, &["fmt", "--all", "--check"]),
    },
    Part {
        name: "rules of the code",
        when: When::Always,
        beside: false,
        set_up: nothing,
        run: |workspace| {
            cargo(
                workspace,
                &["test", "--quiet", "--package", "xtask", "--", "--show-output"],
            )
        },
    },
    Part {
        name: "lints",
        when: When::Always,
        beside: false,
        // Every package is looked at, so there must be what each is built from.
        set_up: |workspace| components::clippy(workspace).and_then(|()| window::set_up(workspace)),
        run: |workspace| cargo(workspace, LINTS),
    },
    Part {
        name: "front end",
        when: When::Always,
        beside: true,
        set_up: front_end::built,
        run: front_end::check,
    },
    Part {
        name: "fast tests",
        when: When::Check,
        beside: false,
        set_up: nothing,
        run: |workspace| invoke::succeed(whole::tests(workspace).args(["--quiet", "--lib"])),
    },
    Part {
        name: "dependency rules",
        when: When::Test,
        beside: true,
        set_up: tools::cargo_deny,
        run: tools::dependency_rules,
    },
    Part {
        name: "tests",
        when: When::Test,
        beside: false,
        set_up: window::set_up,
        run: all_tests,
    },
    Part {
        name: "front end in a browser",
        when: When::Test,
        beside: true,
        set_up: front_end::browser,
        run: front_end::test,
    },
    Part {
        name: "window",
        when: When::Test,
        beside: false,
        set_up: window::set_up_test,
        run: window::test,
    },
    Part {
        name: "keychain",
        when: When::Test,
        beside: false,
        set_up: secret_service::set_up,
        run: secret_service::test_keychain,
    },
    Part {
        name: "Windows agent builds",
        when: When::Test,
        beside: true,
        set_up: windows::set_up,
        run: windows::build_agent,
    },
    Part {
        name: "Windows agent under wine",
        when: When::Test,
        beside: true,
        set_up: wine::set_up,
        run: wine::test_agent,
    },
    Part {
        name: "EC2 on moto",
        when: When::Test,
        beside: false,
        set_up: ec2::set_up,
        run: ec2::test,
    },
    Part {
        name: "EC2 in the window",
        when: When::Test,
        beside: false,
        set_up: ec2::set_up_window,
        run: ec2::test_window,
    },
    Part {
        name: "security advisories",
        when: When::Long,
        beside: false,
        set_up: tools::advisory_database,
        run: tools::advisories,
    },
    Part {
        name: "advisories of the front end",
        when: When::Long,
        beside: false,
        set_up: front_end::packages,
        run: front_end::advisories,
    },
];

fn nothing(_: &Workspace) -> Result<(), String> {
    Ok(())
}

fn cargo(workspace: &Workspace, words: &[&str]) -> Result<(), String> {
    invoke::succeed(&mut workspace.cargo(words.iter().copied()))
}

/// The programs first: the tests of the whole start them.
fn all_tests(workspace: &Workspace) -> Result<(), String> {
    whole::build_programs(workspace)?;
    invoke::succeed(whole::tests(workspace).arg("--no-fail-fast"))
}
