//! A data folder for one test, and `slipway` run in it as a user would run it.

use std::path::{Path, PathBuf};
use std::process::{Child, Command, ExitStatus, Output, Stdio};

use serde_json::Value;
use slipway_practice::{OsProcess, PracticeCloud, PracticeOptions};
use tempfile::TempDir;

/// How much faster than life the practice world runs in tests.
pub const SPEED: &str = "50";
/// The environment variable that keeps the folder of a test which failed, as it was then.
const KEEP: &str = "SLIPWAY_KEEP_ROOMS";

/// A data folder of its own. Its servers are removed when it is dropped.
pub struct Room {
    folder: TempDir,
}

/// What a finished command said.
pub struct Ran {
    /// Its exit status; -1 where a signal ended it.
    pub status: i32,
    /// Its standard output.
    pub out: String,
    /// Its standard error.
    pub err: String,
}

impl Room {
    /// An empty data folder.
    pub fn new() -> Self {
        Room {
            folder: tempfile::tempdir().expect("a temporary folder"),
        }
    }

    /// The data folder.
    pub fn path(&self) -> &Path {
        self.folder.path()
    }

    /// `slipway` with arguments, ready to be started. Nothing of this computer's own settings reaches it.
    pub fn command(&self, arguments: &[&str]) -> Command {
        let mut command = Command::new(program("slipway"));
        command
            .args(arguments)
            .current_dir(self.path())
            .env("SLIPWAY_DATA_DIR", self.path().join("data"))
            .env("SLIPWAY_PRACTICE_SPEED", SPEED)
            .env_remove("NO_COLOR")
            .stdin(Stdio::null());
        command
    }

    /// Runs a command to its end.
    pub fn run(&self, arguments: &[&str]) -> Ran {
        self.command(arguments).output().expect("slipway starts").into()
    }

    /// Runs a command that must succeed.
    pub fn done(&self, arguments: &[&str]) -> Ran {
        let ran = self.run(arguments);
        assert_eq!(ran.status, 0, "{arguments:?}\n{}{}", ran.out, ran.err);
        ran
    }

    /// Starts a command in the background, its output kept for later.
    pub fn start(&self, arguments: &[&str]) -> Child {
        let mut command = self.command(arguments);
        command
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .expect("slipway starts")
    }

    /// The data folder that the commands work in.
    pub fn data(&self) -> PathBuf {
        self.path().join("data")
    }

    /// The processes of practice servers in this room.
    pub fn processes(&self) -> Vec<OsProcess> {
        let runtime = tokio::runtime::Builder::new_current_thread()
            .build()
            .expect("a runtime");
        runtime
            .block_on(self.cloud().machine_processes())
            .expect("processes")
    }

    /// The practice cloud of this room, for what no command does.
    pub fn cloud(&self) -> PracticeCloud {
        let world = PracticeCloud::open(PracticeOptions {
            folder: self.data().join("practice"),
            agent_program: program("slipway-agent"),
            machine_program: program("slipway-practice-machine"),
            speed: 1.0,
            notices: slipway_practice::Notices::default(),
        });
        world.expect("a practice world")
    }

    fn kill_all(&self) {
        for left in self.processes() {
            // Nothing more can be done in a drop; the test that cares has looked already.
            drop(Command::new("kill").args(["-9", &left.pid.to_string()]).status());
        }
    }

    /// Names of the stored secrets.
    pub fn secrets(&self) -> Vec<String> {
        let folder = self.data().join("practice").join("secrets");
        let entries = std::fs::read_dir(folder).into_iter().flatten().flatten();
        entries
            .map(|entry| entry.file_name().to_string_lossy().into_owned())
            .collect()
    }
}

impl Default for Room {
    fn default() -> Self {
        Room::new()
    }
}

impl Drop for Room {
    #[allow(
        clippy::print_stderr,
        reason = "whoever keeps rooms wants to know where they are"
    )]
    fn drop(&mut self) {
        if std::thread::panicking() && std::env::var_os(KEEP).is_some() {
            self.folder.disable_cleanup(true);
            eprintln!("{KEEP}: {}", self.path().display());
            return self.kill_all();
        }
        let servers = self.run(&["servers", "--json"]).json();
        let ids: Vec<&str> = servers
            .iter()
            .filter_map(|server| server["id"].as_str())
            .collect();
        if !ids.is_empty() {
            let arguments: Vec<&str> = ["terminate", "--yes"].into_iter().chain(ids).collect();
            self.run(&arguments);
        }
        self.kill_all();
    }
}

impl Ran {
    /// Standard output as JSON values; each line must be one object. Those that tell what is waited for are left out: they
    /// come on a busy computer only.
    pub fn json(&self) -> Vec<Value> {
        self.out
            .lines()
            .map(|line| serde_json::from_str::<Value>(line).unwrap_or_else(|_| panic!("JSON: {line}")))
            .filter(|line| line["type"] != "waiting")
            .collect()
    }

    /// The last JSON line.
    pub fn last(&self) -> Value {
        self.json()
            .pop()
            .unwrap_or_else(|| panic!("no line of JSON: {}", self.err))
    }
}

impl From<Output> for Ran {
    fn from(output: Output) -> Self {
        let status = |status: ExitStatus| status.code().unwrap_or(-1);
        Ran {
            status: status(output.status),
            out: String::from_utf8_lossy(&output.stdout).into_owned(),
            err: String::from_utf8_lossy(&output.stderr).into_owned(),
        }
    }
}

/// A program of ours, built beside this one, or above it where this is a test.
pub fn program(name: &str) -> PathBuf {
    let own = std::env::current_exe().expect("the test's own path");
    let file = format!("{name}{}", std::env::consts::EXE_SUFFIX);
    let mut near = own.ancestors().skip(1).take(2).map(|folder| folder.join(&file));
    near.find(|file| file.is_file()).unwrap_or_else(|| {
        panic!(
            "{file} is missing near {}: build it with “cargo build --workspace --bins”",
            own.display()
        )
    })
}
