//! The front end: npm's packages, its build, its checks.

use std::path::Path;
use std::process::Command;
use std::sync::{Mutex, OnceLock, PoisonError};
use std::time::SystemTime;

use crate::apt::{self, SystemPackage};
use crate::workspace::Workspace;
use crate::{invoke, program, say};

/// What the build is made of, in the folder `ui`.
const MADE_OF: &[&str] = &[
    "src",
    "static",
    "package.json",
    "package-lock.json",
    "svelte.config.js",
    "vite.config.ts",
    "tsconfig.json",
];

const NPM: SystemPackage = SystemPackage {
    purpose: "building the front end",
    programs: &["npm", "npm.cmd"],
    debian: &["npm"],
};

const BROWSER: SystemPackage = SystemPackage {
    purpose: "the front end's tests",
    programs: &[
        "/usr/bin/chromium",
        "/usr/bin/chromium-browser",
        "/usr/bin/google-chrome",
    ],
    debian: &["chromium", "fonts-dejavu-core"],
};

/// npm and the packages that `ui/package-lock.json` names.
///
/// # Errors
/// What is missing, when it can't be installed from here.
pub fn packages(workspace: &Workspace) -> Result<(), String> {
    static TURN: Mutex<()> = Mutex::new(());
    let _turn = TURN.lock().unwrap_or_else(PoisonError::into_inner);
    apt::provide(&[NPM])?;
    let folder = workspace.root.join("ui");
    // npm writes the lock that it installed by into the folder: the older of the two tells whether that is this one.
    let age = |file: &str| std::fs::metadata(folder.join(file)).and_then(|found| found.modified());
    let installed = age("node_modules/.package-lock.json").ok();
    if installed.is_some_and(|installed| age("package-lock.json").is_ok_and(|lock| lock <= installed)) {
        return Ok(());
    }
    say::line("Installing the front end's packages");
    invoke::succeed(&mut npm(workspace, &["ci", "--no-audit", "--no-fund"]))
}

/// The front end, built so that the window can take it in; once in a run of this program.
///
/// # Errors
/// When something is missing, or it does not build.
pub fn built(workspace: &Workspace) -> Result<(), String> {
    static BUILT: OnceLock<Result<(), String>> = OnceLock::new();
    let build = || {
        packages(workspace)?;
        // Another build would be taken in anew by everything that has the window in it.
        if is_built(&workspace.root.join("ui")) {
            return Ok(());
        }
        say::line("Building the front end");
        invoke::succeed(&mut npm(workspace, &["run", "--silent", "build"]))
    };
    BUILT.get_or_init(build).clone()
}

/// Whether the build is newer than all it is made of.
fn is_built(folder: &Path) -> bool {
    let Some(built) = newest(&folder.join("build/index.html")) else {
        return false;
    };
    MADE_OF
        .iter()
        .filter_map(|name| newest(&folder.join(name)))
        .all(|changed| changed <= built)
}

/// When a file, or the youngest one in a folder, was changed; `None` where nothing is.
fn newest(path: &Path) -> Option<SystemTime> {
    let own = std::fs::metadata(path).ok()?.modified().ok()?;
    let inside = std::fs::read_dir(path).into_iter().flatten().flatten();
    inside
        .filter_map(|entry| newest(&entry.path()))
        .chain([own])
        .max()
}

/// Types and lints.
///
/// # Errors
/// When there is something to mend.
pub fn check(workspace: &Workspace) -> Result<(), String> {
    invoke::succeed(&mut npm(workspace, &["run", "--silent", "check"]))
}

/// A browser beside the packages.
///
/// # Errors
/// What is missing, when it can't be installed from here.
pub fn browser(workspace: &Workspace) -> Result<(), String> {
    packages(workspace)?;
    apt::provide(&[BROWSER])
}

/// Its tests: parts alone, then whole ways through the screens in a browser.
///
/// # Errors
/// When a test fails.
pub fn test(workspace: &Workspace) -> Result<(), String> {
    invoke::succeed(&mut npm(workspace, &["run", "--silent", "test"]))
}

/// Every screen in every state, as PNG.
///
/// # Errors
/// When a screen can't be drawn.
pub fn pictures(workspace: &Workspace) -> Result<(), String> {
    invoke::succeed(&mut npm(workspace, &["run", "--silent", "pictures"]))
}

/// Known vulnerabilities of what reaches the user.
///
/// # Errors
/// When there is one, or the registry can't be asked.
pub fn advisories(workspace: &Workspace) -> Result<(), String> {
    invoke::succeed(&mut npm(workspace, &["audit", "--omit=dev"]))
}

fn npm(workspace: &Workspace, words: &[&str]) -> Command {
    // On Windows npm is a script, which has to be named in full.
    let name = if cfg!(windows) { "npm.cmd" } else { "npm" };
    let mut command = Command::new(program::find(name).unwrap_or_else(|| name.into()));
    command.args(words).current_dir(workspace.root.join("ui"));
    command
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_build_is_of_no_use_once_a_source_has_changed() {
        let folder = tempfile::tempdir().unwrap();
        let write = |name: &str, at: u64| {
            let path = folder.path().join(name);
            std::fs::create_dir_all(path.parent().unwrap()).unwrap();
            let file = std::fs::File::create(&path).unwrap();
            file.set_modified(SystemTime::UNIX_EPOCH + std::time::Duration::from_secs(at))
                .unwrap();
        };
        assert!(!is_built(folder.path()), "nothing is there");
        write("package.json", 1);
        write("build/index.html", 2);
        assert!(is_built(folder.path()));
        write("package.json", 3);
        assert!(!is_built(folder.path()));
    }
}
