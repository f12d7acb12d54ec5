//! One agent at work under wine: how to start it, ask it, read its console and end it.

use std::net::TcpListener;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use reqwest::{Client, Response};
use sha2::{Digest, Sha256};
use slipway_protocol::console::{self, News};
use slipway_protocol::sealing::Key;
use slipway_protocol::{Brief, Limits, Plan};
use tempfile::TempDir;

use crate::metadata::Metadata;

pub const LAUNCH: &str = "launch-under-wine";
pub const INSTANCE: &str = "i-0123456789abcdef0";
pub const TOKEN: &str = "the bearer token of this test";
/// Wine takes its time to start, more so on a busy machine.
const PATIENCE: Duration = Duration::from_secs(60);
const PAUSE: Duration = Duration::from_millis(100);

/// The agent's program, to be given arguments.
pub fn program() -> Command {
    let mut command = wine();
    command.arg(setting("SLIPWAY_WINDOWS_AGENT"));
    command
}

/// Wine, to be given a program.
pub fn wine() -> Command {
    Command::new(setting("SLIPWAY_WINE"))
}

fn setting(name: &str) -> std::ffi::OsString {
    std::env::var_os(name).unwrap_or_else(|| panic!("{name} is set by `cargo xtask test`"))
}

/// `slipway-agent run`, until dropped.
pub struct Running {
    child: Child,
    port: u16,
    folder: TempDir,
}

impl Running {
    /// Starts it in this folder, on an instance of its own, with this plan.
    pub fn start(folder: TempDir, plan: Plan) -> Self {
        let user_data = brief(plan).to_line().unwrap();
        let imds = Metadata {
            instance: INSTANCE.to_owned(),
            user_data,
        }
        .serve();
        let port = free_port();
        let mut command = program();
        command.args(["run", "--stop-with-stdin", "--imds", &imds]);
        command.args(["--listen", &format!("127.0.0.1:{port}")]);
        command
            .arg("--data-dir")
            .arg(windows_path(&folder.path().join("data")));
        command
            .arg("--console")
            .arg(windows_path(&folder.path().join("console.txt")));
        let child = command.stdin(Stdio::piped()).spawn().unwrap();
        Self { child, port, folder }
    }

    /// Starts it with a plan that says nothing is to be done.
    pub fn idle() -> Self {
        Self::start(tempfile::tempdir().unwrap(), plan(serde_json::json!([])))
    }

    /// Everything that it writes is in here.
    pub fn folder(&self) -> &Path {
        self.folder.path()
    }

    /// Waits for what this finds on the console.
    pub async fn console<T>(&self, wanted: impl Fn(&News) -> Option<T>) -> T {
        let begun = Instant::now();
        loop {
            let text = std::fs::read_to_string(self.folder.path().join("console.txt")).unwrap_or_default();
            if let Some(found) = console::lines(&text, LAUNCH)
                .iter()
                .find_map(|line| wanted(&line.news))
            {
                return found;
            }
            assert!(begun.elapsed() < PATIENCE, "the console says only: {text}");
            tokio::time::sleep(PAUSE).await;
        }
    }

    /// Asks with the right token, as soon as somebody listens.
    pub async fn get(&self, path: &str) -> Response {
        let begun = Instant::now();
        loop {
            match client().get(self.url(path)).bearer_auth(TOKEN).send().await {
                Ok(answer) => return answer,
                Err(error) => assert!(begun.elapsed() < PATIENCE, "nobody answers: {error}"),
            }
            tokio::time::sleep(PAUSE).await;
        }
    }

    /// Posts with the right token.
    pub async fn post(&self, path: &str) -> Response {
        client()
            .post(self.url(path))
            .bearer_auth(TOKEN)
            .body("{}")
            .send()
            .await
            .unwrap()
    }

    fn url(&self, path: &str) -> String {
        format!("https://127.0.0.1:{}{path}", self.port)
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        // Its standard input ends, and with it the agent and its parts; killing it would leave the parts alone.
        drop(self.child.stdin.take());
        let _ = self.child.wait();
    }
}

/// SHA-256 of the certificate that an answer came with, lower-case hex.
pub fn certificate_sha256(answer: &Response) -> String {
    let tls = answer.extensions().get::<reqwest::tls::TlsInfo>().unwrap();
    hex::encode(Sha256::digest(tls.peer_certificate().unwrap()))
}

/// How a program under wine names a file of ours.
pub fn windows_path(path: &Path) -> PathBuf {
    PathBuf::from(format!("Z:{}", path.display()).replace('/', "\\"))
}

/// Takes any certificate: which one it was is what the tests look at.
pub fn client() -> Client {
    Client::builder()
        .tls_danger_accept_invalid_certs(true)
        .tls_info(true)
        .no_proxy()
        .build()
        .unwrap()
}

fn brief(plan: Plan) -> Brief {
    brief_for(TOKEN, plan)
}

/// The key that the app seals its orders with.
pub fn app_key() -> Key {
    Key::from_bytes(&[7; 32]).unwrap()
}

/// A brief for whoever shows this token.
pub fn brief_for(token: &str, plan: Plan) -> Brief {
    Brief {
        version: slipway_protocol::VERSION,
        launch: LAUNCH.to_owned(),
        agent: None,
        token_sha256: hex::encode(Sha256::digest(token)),
        app_key: app_key().public().to_text(),
        plan,
        limits: Limits::default(),
    }
}

/// A plan with these steps, as JSON.
pub fn plan(steps: serde_json::Value) -> Plan {
    let site = serde_json::json!({"scheme": "http", "port": 80, "path": "/"});
    serde_json::from_value(serde_json::json!({"recipe": "test", "steps": steps, "site": site})).unwrap()
}

pub fn free_port() -> u16 {
    TcpListener::bind("127.0.0.1:0")
        .unwrap()
        .local_addr()
        .unwrap()
        .port()
}
