//! The parts of the tests, in the order they run: cheap ones first.

use std::process::Command;

use crate::part::{Lane, Part, When};
use crate::workspace::Workspace;
use crate::{
    components, ec2, first_server, front_end, fuzz, invoke, secret_service, tools, use_build, whole, window,
    windows, wine,
};

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

/// Test targets that watch for half a minute what does little: not one more process, thread or megabyte.
const WAITING: &[&str] = &["cuts", "soak"];

/// What some tests ask for a second opinion and others stand on, and a machine may lack all the same.
pub const WITNESSES: &[&str] = &[ec2::PACKER, "small disk", "openssl"];

/// Every part there is. To add one, add a row.
pub const PARTS: &[Part] = &[
    Part {
        name: "format",
        when: When::Always,
        lane: Lane::Builds,
        set_up: components::rustfmt,
        build: nothing,
        run: |workspace| cargo(workspace, &["fmt", "--all", "--check"]),
    },
    Part {
        name: "rules of the code",
        when: When::Always,
        lane: Lane::Builds,
        set_up: nothing,
        build: |workspace| cargo(workspace, &["test", "--quiet", "--package", "xtask", "--no-run"]),
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
        lane: Lane::Builds,
        set_up: set_up_lints,
        build: |workspace| cargo(workspace, QUICK_LINTS),
        run: nothing,
    },
    Part {
        name: "lints",
        when: When::Test,
        lane: Lane::Builds,
        set_up: set_up_lints,
        build: |workspace| cargo(workspace, OWN_LINTS).and_then(|()| whole::lint(workspace)),
        run: nothing,
    },
    Part {
        name: "front end",
        when: When::Always,
        lane: Lane::Beside,
        set_up: front_end::packages,
        build: front_end::built,
        run: front_end::check,
    },
    Part {
        name: "fast tests",
        when: When::Check,
        lane: Lane::Works,
        set_up: nothing,
        build: |workspace| invoke::succeed(whole::tests(workspace).args(["--quiet", "--lib", "--no-run"])),
        run: |workspace| invoke::succeed(whole::tests(workspace).args(["--quiet", "--lib"])),
    },
    Part {
        name: "dependency rules",
        when: When::Test,
        lane: Lane::Beside,
        set_up: tools::cargo_deny,
        build: nothing,
        run: tools::dependency_rules,
    },
    Part {
        name: "Windows agent builds",
        when: When::Test,
        lane: Lane::Beside,
        set_up: windows::set_up,
        build: windows::build_agent,
        run: nothing,
    },
    Part {
        name: "front end in a browser",
        when: When::Test,
        lane: Lane::Beside,
        set_up: front_end::browser,
        build: nothing,
        run: front_end::test,
    },
    Part {
        name: "Windows agent under wine",
        when: When::Test,
        lane: Lane::Waits,
        set_up: wine::set_up,
        build: wine::build_agent_tests,
        run: wine::test_agent,
    },
    Part {
        name: "tests",
        when: When::Test,
        lane: Lane::Works,
        set_up: set_up_tests,
        build: build_tests,
        run: all_tests,
    },
    Part {
        name: "first practice server",
        when: When::Test,
        lane: Lane::Works,
        set_up: nothing,
        build: whole::build_programs,
        run: first_server::test,
    },
    Part {
        name: "window",
        when: When::Test,
        lane: Lane::Works,
        set_up: window::set_up_test,
        build: whole::build_programs,
        run: window::test,
    },
    Part {
        name: "keychain",
        when: When::Test,
        lane: Lane::Works,
        set_up: secret_service::set_up,
        build: nothing,
        run: secret_service::test_keychain,
    },
    Part {
        name: "following for long",
        when: When::Test,
        lane: Lane::Waits,
        set_up: window::set_up,
        build: build_tests,
        run: |workspace| invoke::succeed(&mut tests_named(workspace, WAITING)),
    },
    Part {
        name: "EC2 on moto",
        when: When::Test,
        lane: Lane::Waits,
        set_up: ec2::set_up,
        build: whole::build_programs,
        run: ec2::test,
    },
    Part {
        name: "EC2 in the window",
        when: When::Test,
        lane: Lane::Waits,
        set_up: ec2::set_up_window,
        build: whole::build_programs,
        run: ec2::test_window,
    },
    Part {
        name: "one build for run and test",
        when: When::Long,
        lane: Lane::Builds,
        set_up: window::set_up,
        build: whole::lint,
        run: use_build::test,
    },
    Part {
        name: "Windows terminal under wine",
        when: When::Long,
        lane: Lane::Waits,
        set_up: wine::set_up,
        build: windows::build_terminal,
        run: wine::test_terminal,
    },
    Part {
        name: "fuzz",
        when: When::Long,
        lane: Lane::Works,
        set_up: fuzz::set_up,
        build: fuzz::build,
        run: fuzz::run,
    },
    Part {
        name: "security advisories",
        when: When::Long,
        lane: Lane::Beside,
        set_up: tools::advisory_database,
        build: nothing,
        run: tools::advisories,
    },
    Part {
        name: "advisories of the front end",
        when: When::Long,
        lane: Lane::Beside,
        set_up: front_end::packages,
        build: nothing,
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

/// What the window is built from, and the programs that tests compare with.
fn set_up_tests(workspace: &Workspace) -> Result<(), String> {
    window::set_up(workspace)?;
    window::openssl(workspace)
}

/// The programs, too: the tests of the whole start them.
fn build_tests(workspace: &Workspace) -> Result<(), String> {
    whole::build_programs(workspace)?;
    invoke::succeed(open_tests(workspace).arg("--no-run"))
}

/// Tests behind a feature, and those that mostly wait, have a part of their own.
fn open_tests(workspace: &Workspace) -> Command {
    let open = workspace.open_tests();
    let names: Vec<_> = open
        .iter()
        .map(String::as_str)
        .filter(|name| !WAITING.contains(name))
        .collect();
    let mut tests = tests_named(workspace, &names);
    tests.args(["--lib", "--bins"]);
    tests
}

fn tests_named(workspace: &Workspace, names: &[&str]) -> Command {
    let mut tests = whole::tests(workspace);
    tests.arg("--no-fail-fast");
    tests.args(names.iter().flat_map(|name| ["--test", *name]));
    tests
}

fn all_tests(workspace: &Workspace) -> Result<(), String> {
    let ran = invoke::succeed(&mut open_tests(workspace));
    let documented = invoke::succeed(whole::tests(workspace).args(["--quiet", "--doc"]));
    ran.and(documented)
}
