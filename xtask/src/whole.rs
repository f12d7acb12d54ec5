//! All packages at once, with all of their features. Everything that builds or tests the programs goes through here,
//! because cargo chooses the features of dependencies by the packages it is asked for: another choice would build the AWS
//! SDK once more. Clippy is the compiler, so that lints need no second look at everything either.

use std::path::PathBuf;
use std::process::Command;

use crate::workspace::Workspace;
use crate::{invoke, program};

/// Every package but this one, which is running.
const PACKAGES: &[&str] = &["--workspace", "--exclude", "xtask"];

/// Kill points in the programs, the fake world, and tests that need something prepared.
const FEATURES: &str = "--all-features";

/// What the benches are behind.
const BENCHES: &str = "slipway-tests/window,slipway-test-adapter/ec2";

/// Arguments of clippy, in the form in which it takes them from the environment.
const DENY_WARNINGS: &str = "-D__CLIPPY_HACKERY__warnings__CLIPPY_HACKERY__";

/// Builds everything there is, and fails on any warning of the compiler or of clippy.
///
/// # Errors
/// When something has a warning or does not build.
pub fn lint(workspace: &Workspace) -> Result<(), String> {
    let mut build = cargo(workspace, &["build", "--all-targets", "--keep-going"]);
    invoke::succeed(build.arg(FEATURES))
}

/// Builds the programs as the tests start them.
///
/// # Errors
/// When something does not build.
pub fn build_programs(workspace: &Workspace) -> Result<(), String> {
    let mut build = cargo(workspace, &["build", "--bins"]);
    invoke::succeed(build.arg(FEATURES))
}

/// Builds programs as a user runs them: without kill points, and by the compiler that the user has, whose newer lints must not
/// be in the way. All packages are named here too, so that what others wrote is the same as in [`build_programs`].
pub fn build_for_use(workspace: &Workspace, programs: &[&str]) -> Command {
    let mut build = workspace.cargo(["build"]);
    build.args(PACKAGES);
    build.args(programs.iter().flat_map(|program| ["--bin", *program]));
    build
}

/// A command that runs tests; which of them is the caller's to add.
pub fn tests(workspace: &Workspace) -> Command {
    let mut test = cargo(workspace, &["test"]);
    test.arg(FEATURES);
    test
}

/// A command, `build` or `bench`, that takes the benches with the features that all of them need; which of them is the
/// caller's to add.
pub fn benches(workspace: &Workspace, command: &str) -> Command {
    let mut bench = workspace.cargo([command, "--quiet"]);
    bench.args(PACKAGES).args(["--features", BENCHES]);
    bench
}

/// Every command of this file that a run of `cargo xtask run` and then `cargo xtask test` gives, but for the words that follow.
#[cfg(test)]
fn builds(workspace: &Workspace, programs: &[&str]) -> Vec<Command> {
    let with_features = |words: &[&str]| {
        let mut command = cargo(workspace, words);
        command.arg(FEATURES);
        command
    };
    vec![
        build_for_use(workspace, programs),
        with_features(&["build", "--bins"]),
        with_features(&["test"]),
        with_features(&["build", "--all-targets"]),
    ]
}

fn cargo(workspace: &Workspace, words: &[&str]) -> Command {
    let mut cargo = workspace.cargo(words.iter().copied());
    cargo.args(PACKAGES);
    if let Some(clippy) = clippy() {
        cargo
            .env("RUSTC_WORKSPACE_WRAPPER", clippy)
            .env("CLIPPY_ARGS", DENY_WARNINGS);
    }
    cargo
}

/// The compiler with clippy's lints in it. Without it all builds as well, and lints are a part that was skipped. That rustup
/// has a file of this name does not mean that it has the program.
fn clippy() -> Option<PathBuf> {
    let driver = program::find("clippy-driver")?;
    invoke::works(Command::new(&driver).arg("--version")).then_some(driver)
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use serde_json::Value;

    use super::*;
    use crate::run;

    /// What cargo would build of crates.io's packages: the name of each, what it is built as, with which features and profile.
    fn foreign_units(mut build: Command) -> BTreeSet<[String; 4]> {
        build.args(["-Z", "unstable-options", "--unit-graph"]);
        // Only for the look at the graph: the builds themselves ask for nothing unstable.
        build.env("RUSTC_BOOTSTRAP", "1");
        let mut graph: Value = serde_json::from_str(&invoke::output(&mut build).unwrap()).unwrap();
        let units = graph["units"].as_array_mut().unwrap().iter_mut();
        let units = units.map(|unit| {
            // What a profile is called makes no other build.
            unit["profile"]["name"].take();
            ["pkg_id", "target", "features", "profile"].map(|key| unit[key].to_string())
        });
        units
            .filter(|[package, ..]| package.contains("registry+"))
            .collect()
    }

    #[test]
    fn no_package_of_crates_io_is_built_twice_by_run_and_test() {
        let workspace = Workspace::find().unwrap();
        let programs = [run::TERMINAL, &[run::WINDOW]].concat();
        let mut builds = builds(&workspace, &programs);
        let all = foreign_units(builds.pop().unwrap());
        for build in builds {
            let shown = format!("{build:?}");
            let units = foreign_units(build);
            let anew: Vec<_> = units
                .difference(&all)
                .map(|[package, _, features, _]| (package, features))
                .collect();
            assert!(units.len() > 400, "{shown} builds only {} units", units.len());
            assert!(anew.is_empty(), "{shown} builds these once more: {anew:#?}");
        }
    }
}
