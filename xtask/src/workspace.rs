//! The workspace on disk: where it is, where it builds to, and which targets its packages have.

use std::ffi::OsStr;
use std::path::{Path, PathBuf};
use std::process::Command;

use serde_json::Value;

use crate::{compiler, invoke};

/// Tells tests what this machine may lack, separated by commas; each of them fails for anything else where `CI` is set.
const MAY_LACK: &str = "SLIPWAY_MAY_LACK";

/// The workspace, as cargo sees it.
pub struct Workspace {
    /// Folder with the workspace's `Cargo.toml`.
    pub root: PathBuf,
    /// Cargo's target folder.
    pub target: PathBuf,
    /// Whether tests that can try more do so.
    pub long: bool,
    /// Names of what this machine may lack; a part is meant when its name contains one of them.
    pub may_lack: Vec<String>,
    /// This program, where cargo starts the compiler by it.
    pub compiler: Option<PathBuf>,
    metadata: Value,
}

impl Workspace {
    /// Asks cargo.
    ///
    /// # Errors
    /// When cargo can't be run, or the workspace's manifests are broken.
    pub fn find() -> Result<Self, String> {
        let mut ask = Command::new(cargo());
        ask.args(["metadata", "--format-version", "1", "--no-deps"]);
        ask.current_dir(env!("CARGO_MANIFEST_DIR"));
        let metadata: Value = serde_json::from_str(&invoke::output(&mut ask)?)
            .map_err(|e| format!("what `cargo metadata` printed could not be read: {e}"))?;
        let folder = |key: &str| PathBuf::from(metadata[key].as_str().unwrap_or_default());
        Ok(Self {
            root: folder("workspace_root"),
            target: folder("target_directory"),
            long: false,
            may_lack: Vec::new(),
            compiler: None,
            metadata,
        })
    }

    /// A command of cargo, to be run in the workspace's root.
    pub fn cargo<'a>(&self, words: impl IntoIterator<Item = &'a str>) -> Command {
        let mut command = Command::new(cargo());
        command.args(words).current_dir(&self.root);
        for (name, _) in std::env::vars_os().filter(|(name, _)| is_of_this_program(name)) {
            command.env_remove(name);
        }
        if let Some(this) = &self.compiler {
            compiler::goes_by(&mut command, this);
        }
        if self.long {
            command.env("SLIPWAY_LONG", "1");
        }
        if !self.may_lack.is_empty() {
            command.env(MAY_LACK, self.may_lack.join(","));
        }
        if nobody_watches() {
            // Nobody changes a line and builds again: what only serves that is a waste.
            command.env("CARGO_INCREMENTAL", "0");
        }
        command
    }

    /// Whether this machine may lack what a part, or a test in it, needs.
    pub fn may_lack(&self, name: &str) -> bool {
        self.may_lack.iter().any(|given| name.contains(given))
    }

    /// Folder with the programs of the dev profile.
    pub fn programs(&self) -> PathBuf {
        self.target.join("debug")
    }

    /// A program of the dev profile.
    pub fn program(&self, name: &str) -> PathBuf {
        self.programs()
            .join(format!("{name}{}", std::env::consts::EXE_SUFFIX))
    }

    /// Names of the test targets that no feature must be asked for, of all packages but this one.
    pub fn open_tests(&self) -> Vec<String> {
        let packages = self.metadata["packages"].as_array().into_iter().flatten();
        let others = packages.filter(|package| package["name"] != env!("CARGO_PKG_NAME"));
        let targets = others.flat_map(|package| package["targets"].as_array().into_iter().flatten());
        let open =
            targets.filter(|target| is_of_kind(target, "test") && target["required-features"].is_null());
        open.map(name_of).collect()
    }

    /// Targets of this kind (`bench`, `test`, `bin`): package name and target name.
    pub fn targets(&self, kind: &str) -> Vec<(String, String)> {
        let packages = self.metadata["packages"].as_array().into_iter().flatten();
        packages.flat_map(|package| targets_of(package, kind)).collect()
    }
}

/// Whether this is continuous integration.
pub fn nobody_watches() -> bool {
    std::env::var("CI").is_ok_and(|value| !value.is_empty() && value != "false")
}

/// Whether cargo set the variable to tell this program about its own package. Build scripts that look at it, such as
/// ring's, would run again whenever cargo is started by hand, and all that needs them would be built anew.
fn is_of_this_program(variable: &OsStr) -> bool {
    let name = variable.to_string_lossy();
    name.starts_with("CARGO_PKG_") || name.starts_with("CARGO_MANIFEST_") || name == "OUT_DIR"
}

fn targets_of(package: &Value, kind: &str) -> Vec<(String, String)> {
    let targets = package["targets"].as_array().into_iter().flatten();
    let of_kind = targets.filter(|target| is_of_kind(target, kind));
    of_kind
        .map(|target| (name_of(package), name_of(target)))
        .collect()
}

fn is_of_kind(target: &Value, kind: &str) -> bool {
    target["kind"]
        .as_array()
        .is_some_and(|kinds| kinds.iter().any(|k| k == kind))
}

fn name_of(value: &Value) -> String {
    value["name"].as_str().unwrap_or_default().to_owned()
}

/// The cargo that runs this task, or the one on the search path.
fn cargo() -> PathBuf {
    std::env::var_os("CARGO").map_or_else(|| Path::new("cargo").to_owned(), PathBuf::from)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_cargo_that_is_started_learns_nothing_of_this_package() {
        let command = Workspace::find().unwrap().cargo(["--version"]);
        let removed = |name: &str| {
            command
                .get_envs()
                .any(|change| change == (OsStr::new(name), None))
        };
        assert!(removed("CARGO_MANIFEST_DIR") && removed("CARGO_PKG_NAME"));
        assert!(!removed("PATH") && !removed("CARGO_HOME"));
    }

    #[test]
    fn the_workspace_knows_its_root_and_its_programs() {
        let workspace = Workspace::find().unwrap();
        assert!(workspace.root.join("Cargo.lock").is_file());
        let agent = ("slipway-agent".to_owned(), "slipway-agent".to_owned());
        assert!(workspace.targets("bin").contains(&agent));
        let open = workspace.open_tests();
        let has = |name: &str| open.iter().any(|test| test == name);
        assert!(has("keychain") && !has("window") && !has("rules"), "{open:?}");
    }
}
