//! The fuzz targets of `tests/fuzz`: libFuzzer and the compiler's own coverage, on the usual toolchain.

use std::path::{Path, PathBuf};
use std::process::Command;

use crate::apt::{self, SystemPackage};
use crate::invoke;
use crate::workspace::Workspace;

/// So long each target runs, in seconds.
const SECONDS: u32 = 60;
/// What the compiler is told besides: libFuzzer sees which branches an input takes, and what is compared with what.
/// (`cargo fuzz --sanitizer none` tells it the same.)
const COVERAGE: &str = "-Cpasses=sancov-module -Cllvm-args=-sanitizer-coverage-level=4 \
    -Cllvm-args=-sanitizer-coverage-inline-8bit-counters -Cllvm-args=-sanitizer-coverage-pc-table \
    -Cllvm-args=-sanitizer-coverage-trace-compares -Ccodegen-units=1 --cfg fuzzing";
const COMPILER: SystemPackage = SystemPackage {
    purpose: "building libFuzzer",
    programs: &["c++", "g++", "clang++"],
    debian: &["g++"],
};

/// A C++ compiler.
///
/// # Errors
/// What is missing, when it can't be installed from here.
pub fn set_up(_: &Workspace) -> Result<(), String> {
    if !cfg!(target_os = "linux") {
        return Err("the fuzz targets are built on Linux".to_owned());
    }
    apt::provide(&[COMPILER])
}

/// Builds every target. For a named platform, so that build scripts are not instrumented.
///
/// # Errors
/// What could not be built.
pub fn build(workspace: &Workspace) -> Result<(), String> {
    let mut cargo = workspace.cargo(["build", "--release", "--quiet", "--bins", "--target"]);
    cargo.arg(platform()?);
    cargo
        .arg("--manifest-path")
        .arg(folder(workspace).join("Cargo.toml"));
    cargo.arg("--target-dir").arg(built(workspace));
    invoke::succeed(cargo.env("RUSTFLAGS", COVERAGE))
}

/// Runs each target for a minute. It begins with the corpus of the repository and what earlier runs have found, and adds
/// to the latter; an input that breaks a target is kept beside it.
///
/// # Errors
/// The targets that an input breaks.
pub fn run(workspace: &Workspace) -> Result<(), String> {
    let programs = built(workspace).join(platform()?).join("release");
    let mut broken = Vec::new();
    for target in targets(workspace)? {
        let found = built(workspace).join("corpus").join(&target);
        let finds = built(workspace).join("finds").join(&target);
        for folder in [&found, &finds] {
            std::fs::create_dir_all(folder)
                .map_err(|e| format!("{} could not be made: {e}", folder.display()))?;
        }
        let mut program = Command::new(programs.join(&target));
        program
            .arg(format!("-max_total_time={SECONDS}"))
            .args(["-timeout=20", "-rss_limit_mb=2048", "-print_final_stats=1"])
            .arg(format!("-artifact_prefix={}/", finds.display()))
            .args([found, folder(workspace).join("corpus").join(&target)]);
        if invoke::succeed(&mut program).is_err() {
            broken.push(format!("{target} (see {})", finds.display()));
        }
    }
    if broken.is_empty() {
        return Ok(());
    }
    Err(format!("inputs were found that break {}", broken.join(", ")))
}

/// The names of the targets: those of the files in `targets`.
fn targets(workspace: &Workspace) -> Result<Vec<String>, String> {
    let folder = folder(workspace).join("targets");
    let unreadable = |e: std::io::Error| format!("{} could not be read: {e}", folder.display());
    let mut names = Vec::new();
    for entry in std::fs::read_dir(&folder).map_err(unreadable)? {
        let path = entry.map_err(unreadable)?.path();
        names.extend(path.file_stem().map(|name| name.to_string_lossy().into_owned()));
    }
    names.sort();
    Ok(names)
}

/// The platform that this machine builds for by itself.
fn platform() -> Result<String, String> {
    let said = invoke::output(Command::new("rustc").arg("-vV"))?;
    let host = said.lines().find_map(|line| line.strip_prefix("host: "));
    host.map(str::to_owned)
        .ok_or_else(|| "`rustc -vV` does not name its platform".to_owned())
}

fn folder(workspace: &Workspace) -> PathBuf {
    workspace.root.join("tests/fuzz")
}

fn built(workspace: &Workspace) -> PathBuf {
    Path::new(&workspace.target).join("fuzz")
}
