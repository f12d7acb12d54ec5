//! `slipway` as its user types it, with a data folder and a keychain of a test's own.

use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::Duration;

use slipway_tests::follower::Follower;
use slipway_tests::room::{Ran, program};
use tempfile::TempDir;

use crate::cloud::{Cloud, KEY};
use crate::keyring::Keyring;
use crate::windows_program::windows_program;

/// A secret of the form that AWS gives; nobody checks what is signed with it.
pub const SECRET: &str = "abcdefghijklmnopqrstuvwxyzabcdefghijklmn";
/// The recipe of the tests: the practice site, on an instance.
pub const RECIPE: &str = include_str!("../recipes/ec2-site.toml");

/// A place to type in.
pub struct Terminal {
    environment: Vec<(String, String)>,
    keyring: Option<Keyring>,
    folder: TempDir,
}

impl Terminal {
    /// On the test cloud, with a profile `work` in the region and something to upload as the agent.
    pub fn on(cloud: &Cloud, region: &str) -> Self {
        let terminal = Terminal::without_profile(cloud);
        let add = ["profiles", "add", "work", "--region", region, "--key-stdin"];
        let (status, said) = terminal.follow(&add, &format!("{KEY}\n{SECRET}\n")).end(PATIENCE);
        assert_eq!(status, 0, "{said}");
        terminal.done(&["profiles", "use", "work"]);
        terminal
    }

    /// On the test cloud, before anybody has told of an account on it.
    pub fn without_profile(cloud: &Cloud) -> Self {
        let folder = tempfile::tempdir().expect("a temporary folder");
        let keyring = Keyring::start(folder.path());
        // The bootstrap of the test cloud starts this computer's own agent in its place.
        let agent = folder.path().join("agent.exe");
        std::fs::write(&agent, windows_program("")).expect("a program for Windows");
        let own = [
            ("AWS_ENDPOINT_URL", cloud.url.clone()),
            ("SLIPWAY_ADDRESS_URL", cloud.desk("address")),
            // Its instances live quicker than life, so EC2 is asked as much more often.
            ("SLIPWAY_TEST_HASTE", "10".to_owned()),
            ("SLIPWAY_WINDOWS_AGENT", agent.to_string_lossy().into_owned()),
        ];
        let own = own.map(|(name, value)| (name.to_owned(), value));
        let terminal = Terminal {
            environment: keyring.environment.iter().cloned().chain(own).collect(),
            keyring: Some(keyring),
            folder,
        };
        terminal.add_recipe("ec2-site", RECIPE);
        terminal
    }

    /// On this computer's own AWS profiles and keychain, in this data folder's place.
    pub fn on_aws() -> Self {
        Terminal {
            environment: Vec::new(),
            keyring: None,
            folder: tempfile::tempdir().expect("a temporary folder"),
        }
    }

    /// Adds a recipe of the user's own.
    pub fn add_recipe(&self, id: &str, text: &str) {
        let recipes = self.data().join("recipes");
        std::fs::create_dir_all(&recipes).expect("a folder");
        std::fs::write(recipes.join(format!("{id}.toml")), text).expect("a recipe");
    }

    /// The folder that commands are typed in.
    pub fn path(&self) -> &Path {
        self.folder.path()
    }

    /// Where Slipway keeps its things.
    pub fn data(&self) -> PathBuf {
        self.path().join("data")
    }

    /// What another face needs to find the same: the data folder, the keychain, the cloud.
    pub fn environment(&self) -> Vec<(String, String)> {
        let data = self.data().to_string_lossy().into_owned();
        let data = ("SLIPWAY_DATA_DIR".to_owned(), data);
        self.environment.iter().cloned().chain([data]).collect()
    }

    /// `slipway` with arguments, ready to be started.
    pub fn command(&self, arguments: &[&str]) -> Command {
        self.command_of(&program("slipway"), arguments)
    }

    /// The same of another copy of the program.
    pub fn command_of(&self, slipway: &Path, arguments: &[&str]) -> Command {
        let mut command = Command::new(slipway);
        command
            .args(arguments)
            .current_dir(self.path())
            .envs(self.environment())
            .env_remove("NO_COLOR")
            .stdin(Stdio::null());
        if self.keyring.is_some() {
            // Nothing of this computer's own AWS settings may reach a test.
            command.env_remove("AWS_PROFILE").env("HOME", self.path());
            command.env_remove("SLIPWAY_KEYCHAIN");
        }
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

    /// Starts a command whose lines are read as they come.
    pub fn follow(&self, arguments: &[&str], input: &str) -> Follower {
        Follower::start(&mut self.command(arguments), input)
    }
}

/// Far longer than anything here takes on the test cloud.
pub const PATIENCE: Duration = Duration::from_secs(180);
