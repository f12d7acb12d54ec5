//! A machine for a test: metadata, an inbox, a data folder, and the real installer as a process.

use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};
use std::process::{ExitStatus, Stdio};
use std::time::Duration;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD as BASE64;
use serde_json::{Value, json};
use slipway_agent::config::Config;
use slipway_agent::identity::Identity;
use slipway_agent::imds::Imds;
use slipway_protocol::message::{Kind, StepResult};
use slipway_protocol::order::{self, Act, Order};
use slipway_protocol::sealing::{Key, Sealed};
use slipway_protocol::{Brief, Limits, Message, Outcome, Plan};
use tempfile::TempDir;
use tokio::process::{Child, Command};

use crate::inbox::Inbox;
use crate::metadata::{Instance, Metadata};

pub const SITE_PORT: u16 = 8099;

pub struct World {
    folder: TempDir,
    pub metadata: Metadata,
    pub inbox: Inbox,
    pub app: Key,
    installer: Option<Child>,
}

impl World {
    /// A machine with this plan in its user data; nothing runs on it yet but its inbox.
    pub async fn new(plan: Plan) -> Self {
        World::in_folder(tempfile::tempdir().unwrap(), plan).await
    }

    /// The same with its files in a folder that may be special.
    pub async fn in_folder(folder: TempDir, plan: Plan) -> Self {
        let app = Key::generate();
        let brief = Brief {
            version: 1,
            launch: "launch-1".into(),
            agent: None,
            token_sha256: "00".repeat(32),
            app_key: app.public().to_text(),
            plan,
            limits: Limits::default(),
        };
        let metadata = Metadata::start(Instance {
            id: "i-1".into(),
            user_data: Some(brief.to_line().unwrap()),
            token: "session-1".into(),
            ..Instance::default()
        });
        let metadata = metadata.await;
        let config = Config {
            data_dir: folder.path().join("data"),
            listen: ([127, 0, 0, 1], 0).into(),
            imds: metadata.url.clone(),
            console: folder.path().join("console.log"),
            site_dir: folder.path().join("site"),
            site_port: SITE_PORT,
            restart_with: None,
            set_password_with: None,
            system: slipway_agent::system::System::default(),
        };
        let imds = Imds::new(&metadata.url).unwrap();
        Identity::ensure(&config, &imds, &brief).await.unwrap();
        let mut inbox = Inbox::new(config.inbox_file());
        inbox.start().await;
        World {
            metadata,
            inbox,
            app,
            installer: None,
            folder,
        }
    }

    /// A file or folder of this machine.
    pub fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    pub fn read(&self, name: &str) -> String {
        std::fs::read_to_string(self.path(name)).unwrap_or_default()
    }

    /// Writes a program that the installer is told to use.
    pub fn program(&self, name: &str, script: &str) {
        let path = self.path(name);
        std::fs::write(
            &path,
            format!("#!/bin/sh\ncd '{}'\n{script}\n", self.folder.path().display()),
        )
        .unwrap();
        std::fs::set_permissions(&path, std::fs::Permissions::from_mode(0o755)).unwrap();
    }

    /// Starts the installer, as a boot or `run` would.
    pub fn start(&mut self) {
        self.installer = Some(self.another());
    }

    /// An installer that the test looks after itself.
    pub fn another(&self) -> Child {
        let mut command = Command::new(env!("CARGO_BIN_EXE_slipway-agent"));
        let option = |name: &str, value: &Path| [name.into(), value.as_os_str().to_owned()];
        command
            .arg("install")
            .args(option("--data-dir", &self.path("data")))
            .args(option("--console", &self.path("console.log")))
            .args(option("--site-dir", &self.path("site")))
            .args([
                "--site-port",
                &SITE_PORT.to_string(),
                "--imds",
                &self.metadata.url,
            ])
            .stdin(Stdio::null())
            .kill_on_drop(true);
        for (option_name, program) in [
            ("--restart-with", "restart"),
            ("--set-password-with", "set-password"),
        ] {
            if self.path(program).exists() {
                command.args(option(option_name, &self.path(program)));
            }
        }
        command.spawn().unwrap()
    }

    /// kill -9 of the installer alone.
    pub async fn kill(&mut self) {
        if let Some(mut installer) = self.installer.take() {
            let _ = installer.kill().await;
        }
    }

    /// kill -9 of the installer and of everything that it has started, as a power cut would.
    pub async fn cut_power(&mut self) {
        self.kill().await;
        let work = format!("SLIPWAY_WORK={}", self.path("data/work").display());
        for entry in std::fs::read_dir("/proc").into_iter().flatten().flatten() {
            let variables = std::fs::read(entry.path().join("environ")).unwrap_or_default();
            if variables
                .split(|byte| *byte == 0)
                .any(|pair| pair == work.as_bytes())
            {
                let number = entry.file_name();
                let _ = std::process::Command::new("kill").arg("-9").arg(&number).status();
            }
        }
    }

    /// Asks the installer to stop, as `run` and the system do.
    pub async fn stop(&mut self) {
        let number = self.installer.as_ref().and_then(Child::id).expect("it runs");
        let _ = std::process::Command::new("kill")
            .arg(number.to_string())
            .status();
        self.ended().await;
    }

    /// Waits for the installer to end by itself.
    pub async fn ended(&mut self) -> ExitStatus {
        let installer = self.installer.as_mut().expect("it was started");
        let ended = tokio::time::timeout(Duration::from_secs(30), installer.wait());
        ended.await.expect("the installer ends").unwrap()
    }

    pub async fn is_running(&mut self) -> bool {
        self.installer
            .as_mut()
            .is_some_and(|child| child.try_wait().unwrap().is_none())
    }

    /// Waits for the end of an attempt.
    pub async fn end_of(&self, attempt: u32) -> Vec<Message> {
        let is_end =
            |message: &Message| message.attempt == attempt && matches!(message.kind, Kind::End { .. });
        self.inbox
            .wait_for("the end", |messages| messages.iter().any(is_end))
            .await
    }

    /// Runs the whole plan; it must end well.
    pub async fn succeed(&mut self) -> Vec<Message> {
        self.start();
        let messages = self.end_of(1).await;
        assert!(
            matches!(outcome(&messages, 1), Outcome::Succeeded { .. }),
            "{messages:#?}"
        );
        assert!(self.ended().await.success());
        messages
    }

    /// Puts an order into the tags.
    pub fn order(&self, number: u32, act: Act) {
        let launch = "launch-1".into();
        let order = Order { launch, number, act };
        let tags = order::to_tags(&order, &self.app, &self.agent_key().public()).unwrap();
        self.metadata.instance.lock().unwrap().tags.extend(tags);
    }

    /// What the app reads in a sealed secret.
    pub fn open(&self, sealed: &Sealed) -> String {
        let plain = slipway_protocol::sealing::open(sealed, &self.app, &self.agent_key().public()).unwrap();
        String::from_utf8(plain.to_vec()).unwrap()
    }

    pub fn agent_key(&self) -> Key {
        let identity: Value = serde_json::from_str(&self.read("data/identity.json")).unwrap();
        let key = BASE64.decode(identity["key"].as_str().unwrap()).unwrap();
        Key::from_bytes(&key).unwrap()
    }
}

pub fn plan(steps: Value) -> Plan {
    let site = json!({"scheme": "http", "port": 80, "path": "/"});
    serde_json::from_value(json!({"recipe": "test", "steps": steps, "site": site})).unwrap()
}

/// A step that runs a shell script in the work folder.
pub fn script(id: &str, needs: &[&str], text: &str) -> Value {
    json!({"id": id, "title": id, "kind": "run", "program": "sh", "args": ["-c", text], "needs": needs})
}

/// A step that works for a moment and then leaves a line that shows that it was applied.
pub fn applied(id: &str, needs: &[&str]) -> Value {
    script(id, needs, &format!("sleep 0.15; echo {id} >> ../applied"))
}

pub fn outcome(messages: &[Message], attempt: u32) -> Outcome {
    let mut ends = messages
        .iter()
        .filter(|message| message.attempt == attempt)
        .filter_map(|message| match &message.kind {
            Kind::End { outcome } => Some(outcome.clone()),
            _ => None,
        });
    let end = ends.next().expect("the attempt has ended");
    assert!(ends.next().is_none(), "an attempt ends once");
    end
}

/// The results of a step in all attempts.
pub fn results(messages: &[Message], step: &str) -> Vec<StepResult> {
    let ends = messages
        .iter()
        .filter(|message| message.step.as_deref() == Some(step));
    ends.filter_map(|message| match message.kind {
        Kind::StepFinished { result, .. } => Some(result),
        _ => None,
    })
    .collect()
}

/// The lines of a step.
pub fn lines(messages: &[Message], step: &str) -> Vec<String> {
    let lines = messages
        .iter()
        .filter(|message| message.step.as_deref() == Some(step));
    lines
        .filter(|message| message.kind == Kind::Line)
        .map(|message| message.text.clone())
        .collect()
}
