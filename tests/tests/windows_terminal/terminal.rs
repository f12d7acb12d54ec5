//! A data folder of its own, and the Windows `slipway` run in it by wine.

use std::fs::File;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use serde_json::Value;
use tempfile::TempDir;

/// Its servers are removed when it is dropped.
pub struct Terminal {
    folder: TempDir,
}

impl Terminal {
    /// An empty data folder.
    pub fn new() -> Self {
        Terminal {
            folder: tempfile::tempdir().unwrap(),
        }
    }

    /// Where commands are typed.
    pub fn path(&self) -> &Path {
        self.folder.path()
    }

    /// Runs a command to its end: its exit status, and what it said. That goes to a file, because wine hands the pipes of a
    /// program on to the machines that it starts.
    pub fn run(&self, arguments: &[&str]) -> (Option<i32>, String) {
        let said = self.path().join("said.txt");
        let file = File::create(&said).unwrap();
        let status = Command::new(setting("SLIPWAY_WINE"))
            .arg(PathBuf::from(setting("SLIPWAY_WINDOWS_PROGRAMS")).join("slipway.exe"))
            .args(arguments)
            .current_dir(self.path())
            .env("SLIPWAY_DATA_DIR", windows_path(&self.data()))
            .env("SLIPWAY_PRACTICE_SPEED", slipway_tests::room::SPEED)
            .stdin(Stdio::null())
            .stdout(file.try_clone().unwrap())
            .stderr(file)
            .status()
            .unwrap();
        (status.code(), std::fs::read_to_string(said).unwrap())
    }

    /// Runs a command that has to succeed; what it said.
    pub fn done(&self, arguments: &[&str]) -> String {
        let (status, said) = self.run(arguments);
        assert_eq!(status, Some(0), "{arguments:?}: {said}");
        said
    }

    /// The address of a server's site.
    pub fn site(&self, server: &str) -> String {
        let said = self.done(&["access", server, "--json"]);
        let access: Value = serde_json::from_str(said.lines().next().unwrap()).unwrap();
        access["site_url"].as_str().unwrap().to_owned()
    }

    /// Machines and images that are still on the disk.
    pub fn left(&self) -> Vec<String> {
        let practice = self.data().join("practice");
        let folders = ["machines", "images"].map(|kind| practice.join(kind));
        let entries = folders
            .iter()
            .filter_map(|folder| folder.read_dir().ok())
            .flatten();
        entries
            .map(|entry| entry.unwrap().file_name().to_string_lossy().into_owned())
            .collect()
    }

    fn data(&self) -> PathBuf {
        self.path().join("data")
    }
}

impl Drop for Terminal {
    fn drop(&mut self) {
        if std::thread::panicking() {
            self.run(&["terminate", "demo", "copy", "broken", "--yes"]);
        }
    }
}

fn setting(name: &str) -> std::ffi::OsString {
    std::env::var_os(name).unwrap_or_else(|| panic!("{name} is set by `cargo xtask test`"))
}

/// How wine sees a file of this computer.
fn windows_path(path: &Path) -> String {
    format!("Z:{}", path.display()).replace('/', "\\")
}
