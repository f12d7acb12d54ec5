//! Each client's launch, watched line by line.

use std::io::{BufRead, BufReader};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use serde_json::Value;
use slipway_test_adapter::cloud::{Cloud, REGION};
use slipway_test_adapter::terminal::Terminal;
use slipway_test_cloud::client;
use slipway_tests::room::program;

const HERE: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/benches/ec2");
const IMAGE: &str = "ami-00000000057000001";

/// What one launch came to. Times are counted from the moment when the client knew its instance.
#[derive(Debug, Default)]
pub struct Measured {
    /// Whose.
    pub name: &'static str,
    /// Until the state was seen.
    pub running: f64,
    /// Until the password was there.
    pub password: f64,
    /// Requests from RunInstances to the password.
    pub waiting: usize,
    /// All requests.
    pub calls: usize,
    /// Seconds of processor time.
    pub cpu: f64,
    /// Of its largest process.
    pub peak_mib: f64,
}

/// What the lines of a client mean: launched, running, password.
type Marks = [&'static str; 3];
const PLAIN: Marks = ["launched", "running", "password"];

/// `slipway launch`, with all that it checks before.
pub fn slipway(cloud: &Cloud) -> Measured {
    let terminal = Terminal::on(cloud, REGION);
    cloud.clear();
    let launch = [
        "launch", "--recipe", "ec2-site", "--name", "one", "--size", "t3.large", "--yes", "--json",
    ];
    let command = terminal.command(&launch);
    let marks = [
        "\"instance\":\"i-",
        "\"phase\":\"booting\",\"state\":\"done\"",
        "\"has_password\":true",
    ];
    measure("slipway", cloud, &command, marks)
}

/// awscli.
pub fn awscli(cloud: &Cloud) -> Option<Measured> {
    let folder = tempfile::tempdir().unwrap();
    let mut command = client(cloud, "bash");
    command
        .arg(Path::new(HERE).join("awscli_waiters.sh"))
        .args(["awscli", IMAGE])
        .arg(folder.path());
    there("ssh-keygen").then(|| measure("awscli", cloud, &command, PLAIN))
}

/// boto3.
pub fn boto3(cloud: &Cloud) -> Option<Measured> {
    let mut command = client(cloud, "python");
    command
        .arg(Path::new(HERE).join("boto3_waiters.py"))
        .args(["boto3", IMAGE]);
    Some(measure("boto3", cloud, &command, PLAIN))
}

/// So many launches by one process of boto3.
pub fn boto3_crowd(cloud: &Cloud, many: usize) -> Measured {
    let mut command = client(cloud, "python");
    command
        .arg(Path::new(HERE).join("boto3_crowd.py"))
        .args([&many.to_string(), IMAGE]);
    measure("boto3", cloud, &command, PLAIN)
}

/// packer, up to the password for WinRM.
pub fn packer(cloud: &Cloud) -> Option<Measured> {
    let template = Path::new(HERE).join("../../../cloud/peers/packer_bake.json");
    let mut command = client(cloud, "packer");
    command.args(["build", "-color=false"]);
    for pair in [
        format!("endpoint={}", cloud.url),
        "name=packer".to_owned(),
        format!("source={IMAGE}"),
        "communicator=winrm".to_owned(),
    ] {
        command.args(["-var", &pair]);
    }
    command.arg(template).env("CHECKPOINT_DISABLE", "1");
    let marks = [
        "Instance ID:",
        "Waiting for auto-generated password",
        "Password retrieved!",
    ];
    there("packer").then(|| measure("packer", cloud, &command, marks))
}

fn measure(name: &'static str, cloud: &Cloud, command: &Command, marks: Marks) -> Measured {
    cloud.clear();
    let mut watched = Command::new(python().join("python"));
    watched
        .arg(Path::new(HERE).join("measured.py"))
        .arg(marks[2])
        .arg(command.get_program())
        .args(command.get_args())
        .stdin(Stdio::null())
        .stdout(Stdio::piped());
    for (key, value) in command.get_envs() {
        match value {
            Some(value) => watched.env(key, value),
            None => watched.env_remove(key),
        };
    }
    if let Some(folder) = command.get_current_dir() {
        watched.current_dir(folder);
    }
    let mut child = watched.spawn().unwrap();
    let mut measured = Measured {
        name,
        ..Measured::default()
    };
    let mut seen = [None; 3];
    for line in BufReader::new(child.stdout.take().unwrap()).lines() {
        let line = line.unwrap();
        let (at, text) = line.split_once('\t').unwrap();
        for (mark, seen) in marks.iter().zip(&mut seen) {
            if seen.is_none() && text.contains(mark) {
                *seen = at.parse::<f64>().ok();
                if *mark == marks[2] {
                    (measured.calls, measured.waiting) = calls(cloud);
                }
            }
        }
        took(&mut measured, text);
    }
    child.wait().unwrap();
    let [launched, running, password] = seen.map(|at| at.unwrap_or(f64::NAN));
    (measured.running, measured.password) = (running - launched, password - launched);
    measured
}

fn took(measured: &mut Measured, text: &str) {
    let Ok(told) = serde_json::from_str::<Value>(text) else {
        return;
    };
    if let (Some(cpu), Some(peak)) = (told["cpu"].as_f64(), told["peak_mib"].as_f64()) {
        (measured.cpu, measured.peak_mib) = (cpu, peak);
    }
}

/// All requests, and those after the one that launched.
fn calls(cloud: &Cloud) -> (usize, usize) {
    let requests = cloud.told("requests");
    let requests = requests.as_array().unwrap();
    let launched = |request: &Value| request["action"] == "RunInstances" && request["status"] == 200;
    let from = requests.iter().position(launched).unwrap_or(0);
    (requests.len(), requests.len() - from)
}

impl Measured {
    /// For people.
    pub fn line(&self) -> String {
        format!(
            "{:8} running {:5.1} s, password {:5.1} s, {:3} calls ({} while waiting), {:5.2} s of processor, {:4.0} MiB",
            self.name, self.running, self.password, self.calls, self.waiting, self.cpu, self.peak_mib
        )
    }
}

fn client(cloud: &Cloud, program: &str) -> Command {
    let own = python().join(program);
    let found = if own.is_file() { own } else { program.into() };
    let path = std::env::var_os("PATH").unwrap_or_default();
    let folders = std::iter::once(python()).chain(std::env::split_paths(&path));
    let mut command = client::client(found, &cloud.url);
    command.env("PATH", std::env::join_paths(folders).unwrap());
    command
}

/// Programs of the Python environment below the target folder.
fn python() -> PathBuf {
    let cloud = program("slipway-test-cloud");
    let target = cloud.ancestors().nth(2).unwrap();
    target.join("python/bin")
}

fn there(program: &str) -> bool {
    let found = Command::new("sh")
        .args(["-c", &format!("command -v {program}")])
        .output();
    found.is_ok_and(|found| found.status.success())
}
