//! The parts of the tests, in the order they run: cheap ones first.

use crate::part::{Part, When};
use crate::workspace::Workspace;
use crate::{components, ec2, front_end, invoke, secret_service, tools, whole, window, windows, wine};

/// Without building anything.
const QUICK_LINTS: &[&str] = &[
    "clippy",
    "--workspace",
    "--all-targets",
    "--all-features",
    "--",
    "-D",
    "warnings",
];

/// The tests take no part in building this program.
const OWN_LINTS: &[&str] = &[
    "clippy",
    "--package",
    "xtask",
    "--all-targets",
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
        name: "quick lints",
        when: When::Check,
        beside: false,
        set_up: set_up_lints,
        run: |workspace| cargo(workspace, QUICK_LINTS),
    },
    Part {
        name: "lints",
        when: When::Test,
        beside: false,
        set_up: set_up_lints,
        run: |workspace| cargo(workspace, OWN_LINTS).and_then(|()| whole::lint(workspace)),
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
        name: "Windows terminal under wine",
        when: When::Long,
        beside: false,
        set_up: wine::set_up,
        run: wine::test_terminal,
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

/// Every package is looked at, so there must be what each is built from.
fn set_up_lints(workspace: &Workspace) -> Result<(), String> {
    components::clippy(workspace).and_then(|()| window::set_up(workspace))
}

/// The programs first: the tests of the whole start them. Tests behind a feature have a part of their own.
fn all_tests(workspace: &Workspace) -> Result<(), String> {
    whole::build_programs(workspace)?;
    let mut tests = whole::tests(workspace);
    tests.args(["--no-fail-fast", "--lib", "--bins"]);
    tests.args(workspace.open_tests().iter().flat_map(|test| ["--test", test]));
    let ran = invoke::succeed(&mut tests);
    let documented = invoke::succeed(whole::tests(workspace).args(["--quiet", "--doc"]));
    ran.and(documented)
}
