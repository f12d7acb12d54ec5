//! Where the agent for Windows is looked for, and that its absence is found before anything is made.

use std::path::Path;

use serde_json::Value;
use slipway_test_adapter::cloud::{Cloud, REGION};
use slipway_test_adapter::terminal::Terminal;
use slipway_test_adapter::windows_program::windows_program;
use slipway_tests::room::{Ran, program};

use super::{LAUNCH, NAME};

/// What servers get, and what a build on Windows calls the agent for practice servers.
const NAMES: [&str; 2] = ["slipway-windows-agent.exe", "slipway-agent.exe"];
const SETTING: &str = "SLIPWAY_WINDOWS_AGENT";

/// A Slipway without an agent for Windows: its programs in a folder of their own.
struct Installed<'t> {
    terminal: &'t Terminal,
    folder: tempfile::TempDir,
}

impl<'t> Installed<'t> {
    fn beside(terminal: &'t Terminal) -> Self {
        let folder = tempfile::tempdir().unwrap();
        for name in ["slipway", "slipway-agent", "slipway-practice-machine"] {
            let from = program(name);
            std::fs::copy(&from, folder.path().join(from.file_name().unwrap())).unwrap();
        }
        Installed { terminal, folder }
    }

    /// Types a command there, with the setting or without one.
    fn run(&self, arguments: &[&str], setting: Option<&str>) -> Ran {
        let slipway = self.folder.path().join(program("slipway").file_name().unwrap());
        let mut command = self.terminal.command_of(&slipway, arguments);
        match setting {
            Some(path) => command.env(SETTING, path),
            None => command.env_remove(SETTING),
        };
        command.output().unwrap().into()
    }

    /// The finding about the agent, which is the first one after the sign-in and what this computer keeps secrets in.
    fn found(&self, setting: Option<&str>) -> Value {
        let ran = self.run(&["doctor", "--recipe", "ec2-site", "--json"], setting);
        let findings = ran.json();
        for (finding, about) in findings.iter().zip(["Sign-in", "Keychain", "Windows installer"]) {
            assert_eq!(finding["about"], about, "{}{}", ran.out, ran.err);
        }
        findings[2].clone()
    }

    fn is_refused(&self, setting: Option<&str>, why: &str) {
        let finding = self.found(setting);
        assert_eq!(finding["verdict"], "blocking", "{finding}");
        assert!(
            finding["text"].as_str().unwrap().contains(why),
            "{why}: {finding}"
        );
        assert!(
            finding["fix"].as_str().unwrap().contains("cargo xtask run"),
            "{finding}"
        );
    }
}

/// What others may have put where a command is typed.
fn plant(folder: &Path) {
    let built = folder.join("x86_64-pc-windows-gnu/agent");
    std::fs::create_dir_all(&built).unwrap();
    for folder in [folder, &built] {
        for name in NAMES {
            std::fs::write(folder.join(name), windows_program("planted")).unwrap();
        }
    }
}

#[test]
fn ours_a_missing_agent_is_found_first_and_one_in_the_current_folder_is_never_used() {
    let cloud = Cloud::on_paper();
    let terminal = Terminal::on(&cloud, REGION);
    plant(terminal.path());
    let installed = Installed::beside(&terminal);
    installed.is_refused(None, "is not at");
    installed.is_refused(Some(""), "is not at");
    installed.is_refused(Some(NAMES[1]), "not a full path");
    let own = program("slipway-agent");
    installed.is_refused(own.to_str(), "not a program for Windows");

    let launched = installed.run(&LAUNCH, None);
    assert_eq!(launched.status, 1, "{}{}", launched.out, launched.err);
    let told = format!("{}{}", launched.out, launched.err);
    assert!(
        told.contains("Windows installer") && told.contains("cargo xtask run"),
        "{told}"
    );
    assert_eq!(cloud.leftovers(REGION), Vec::<String>::new());
    assert_eq!(cloud.there("instances_ever", REGION), Vec::<String>::new());
    let uploads = cloud.told("requests").to_string();
    assert!(!uploads.contains("PutObject"), "nothing was uploaded");
    installed.run(&["terminate", NAME, "--yes"], None);

    let beside = installed.folder.path().join(NAMES[0]);
    std::fs::write(&beside, windows_program("ours")).unwrap();
    assert_eq!(installed.found(None)["verdict"], "good");
    let named = terminal.path().join("named.exe");
    std::fs::write(&named, windows_program("another")).unwrap();
    assert_eq!(installed.found(named.to_str())["verdict"], "good");
}
