//! The agent as a Windows service, set up and stopped by wine's own service control. One service has one name, so
//! all of this is one test's life of a server.

use std::path::{Path, PathBuf};
use std::process::{Child, Output, Stdio};
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use serde_json::json;
use slipway_protocol::order;
use slipway_protocol::routes::{HELLO, Hello, MESSAGES, ORDER_HEADER, Page};
use slipway_protocol::sealing::PublicKey;
use slipway_protocol::{Act, Brief, Kind, Limits, Order};

use crate::agent::{TOKEN, app_key, brief_for, client, free_port, plan, program, windows_path, wine};
use crate::metadata::Metadata;

const PATIENCE: Duration = Duration::from_secs(60);
const PAUSE: Duration = Duration::from_millis(200);
const NEXT_TOKEN: &str = "the token of the server from the image";

/// A machine with the service on it.
struct Machine {
    folder: tempfile::TempDir,
    told: Arc<Mutex<Metadata>>,
    imds: String,
    port: u16,
    /// Wine ends its services with the last program that is none.
    awake: Child,
}

impl Machine {
    fn new(brief: &Brief) -> Self {
        let told = Arc::new(Mutex::new(metadata("i-1", brief)));
        let mut ping = wine();
        ping.args(["ping", "-n", "600", "127.0.0.1"]);
        let machine = Machine {
            folder: tempfile::tempdir().unwrap(),
            imds: Metadata::serve_what_is_in(&told),
            told,
            port: free_port(),
            awake: ping.stdout(Stdio::null()).spawn().unwrap(),
        };
        for (name, told) in [("firewall", "firewall.txt"), ("stop", "stops.txt")] {
            let line = format!("@echo %*>>\"{}\"\r\n", machine.path(told).display());
            std::fs::write(machine.folder.path().join(format!("{name}.bat")), line).unwrap();
        }
        machine
    }

    fn path(&self, name: &str) -> PathBuf {
        windows_path(&self.folder.path().join(name))
    }

    fn agent(&self, subcommand: &str) -> Output {
        let mut command = program();
        command.args([subcommand, "--imds", &self.imds]);
        command.args(["--listen", &format!("127.0.0.1:{}", self.port)]);
        command.arg("--data-dir").arg(self.path("data"));
        command.arg("--console").arg(self.path("console.txt"));
        command.arg("--firewall-with").arg(self.path("firewall.bat"));
        command.arg("--stop-with").arg(self.path("stop.bat"));
        if subcommand == "install-service" {
            command.arg("--program-dir").arg(self.path("program"));
        }
        command.output().unwrap()
    }

    fn said(&self, name: &str) -> String {
        std::fs::read_to_string(self.folder.path().join(name)).unwrap_or_default()
    }

    /// The status with this token, as soon as somebody answers.
    async fn status(&self, token: &str) -> u16 {
        eventually(async || self.ask(token, HELLO).await)
            .await
            .status()
            .as_u16()
    }

    async fn hello(&self, token: &str) -> Hello {
        let answer = eventually(async || self.ask(token, HELLO).await).await;
        answer.json().await.unwrap()
    }

    async fn ask(&self, token: &str, path: &str) -> Option<reqwest::Response> {
        let url = format!("https://127.0.0.1:{}{path}", self.port);
        client().get(url).bearer_auth(token).send().await.ok()
    }

    /// Orders the agent to remove what it keeps, as the app does once it has stored the end.
    async fn scrub(&self, last: u64) {
        let hello = self.hello(TOKEN).await;
        let order = Order {
            launch: hello.launch,
            number: 0,
            act: Act::Scrub {},
        };
        let agent = PublicKey::from_text(&hello.key).unwrap();
        let url = format!("https://127.0.0.1:{}{MESSAGES}?after={last}", self.port);
        let asking = client().get(url).bearer_auth(TOKEN);
        let sealed = order::to_text(&order, &app_key(), &agent).unwrap();
        // The agent may be gone before its answer has come.
        let _ = asking.header(ORDER_HEADER, sealed).send().await;
    }

    /// Reads to the end of the attempt, and says so.
    async fn acknowledge(&self) {
        let ended = eventually(async || {
            let answer = self.ask(TOKEN, &format!("{MESSAGES}?after=0")).await?;
            let page: Page = answer.json().await.ok()?;
            let is_end = |kind: &Kind| matches!(kind, Kind::End { .. });
            page.messages
                .iter()
                .any(|message| is_end(&message.kind))
                .then_some(page.last)
        });
        let last = ended.await;
        self.scrub(last).await;
    }
}

impl Drop for Machine {
    fn drop(&mut self) {
        self.agent("remove-service");
        let _ = self.awake.kill();
        let _ = self.awake.wait();
    }
}

async fn eventually<T>(mut look: impl AsyncFnMut() -> Option<T>) -> T {
    let begun = Instant::now();
    loop {
        if let Some(found) = look().await {
            return found;
        }
        assert!(begun.elapsed() < PATIENCE, "it did not happen");
        tokio::time::sleep(PAUSE).await;
    }
}

fn metadata(instance: &str, brief: &Brief) -> Metadata {
    Metadata {
        instance: instance.to_owned(),
        user_data: brief.to_line().unwrap(),
    }
}

/// What Windows' own tool says.
fn sc(words: &[&str]) -> String {
    let output = wine().arg("sc").args(words).output().unwrap();
    String::from_utf8_lossy(&output.stdout).into_owned()
}

fn is(state: &str) -> Option<()> {
    sc(&["query", "SlipwayAgent"]).contains(state).then_some(())
}

fn exists(path: &Path) -> Option<()> {
    path.exists().then_some(())
}

#[tokio::test]
async fn the_service_lives_with_its_server_and_awakes_on_another_one() {
    let machine = Machine::new(&brief_for(TOKEN, plan(json!([]))));
    let stream = installed_once_and_again(&machine).await;
    stopped_and_started(&machine, &stream).await;
    asleep_and_clean(&machine).await;
    awake_on_another_one(&machine, &stream).await;

    assert!(machine.agent("remove-service").status.success());
    assert!(is("RUNNING").is_none() && is("STOPPED").is_none());
}

/// Twice, as after an interrupted bootstrap: the same service, the same identity, which is the answer.
async fn installed_once_and_again(machine: &Machine) -> String {
    let set_up = machine.agent("install-service");
    assert!(
        set_up.status.success(),
        "{}",
        String::from_utf8_lossy(&set_up.stderr)
    );
    assert!(machine.folder.path().join("program/slipway-agent.exe").is_file());
    let stream = machine.hello(TOKEN).await.stream;
    assert!(is("RUNNING").is_some());
    assert!(machine.agent("install-service").status.success());
    assert_eq!(machine.hello(TOKEN).await.stream, stream);
    let firewall = machine.said("firewall.txt");
    assert!(
        firewall
            .lines()
            .all(|line| line.starts_with("advfirewall firewall "))
    );
    let opened = format!("localport={}", machine.port);
    assert!(firewall.lines().last().unwrap().contains(&opened));
    stream
}

/// As Windows does it.
async fn stopped_and_started(machine: &Machine, stream: &str) {
    sc(&["stop", "SlipwayAgent"]);
    eventually(async || is("STOPPED")).await;
    assert!(machine.ask(TOKEN, HELLO).await.is_none());
    sc(&["start", "SlipwayAgent"]);
    assert_eq!(machine.hello(TOKEN).await.stream, stream);
}

/// The app has everything: the disk is clean, the port closed, the service asleep, and it stays so.
async fn asleep_and_clean(machine: &Machine) {
    machine.acknowledge().await;
    eventually(async || is("STOPPED")).await;
    let data = machine.folder.path().join("data");
    for gone in [
        "identity.json",
        "messages.jsonl",
        "journal.jsonl",
        "queue.jsonl",
        "inbox.json",
        "secrets.json",
    ] {
        assert!(exists(&data.join(gone)).is_none(), "{gone}");
    }
    let firewall = machine.said("firewall.txt");
    assert!(firewall.lines().last().unwrap().contains("delete rule"));
    sc(&["start", "SlipwayAgent"]);
    eventually(async || is("STOPPED")).await;
}

/// An instance from an image of this one: another id, another brief, the same disk. It fails, and stops itself.
async fn awake_on_another_one(machine: &Machine, stream: &str) {
    let fail = plan(
        json!([{"id": "fail", "title": "End with 3", "kind": "run", "program": "cmd", "args": ["/c", "exit", "3"]}]),
    );
    let next = Brief {
        limits: Limits {
            stop_after_minutes: None,
            stop_failed_after_minutes: Some(0),
        },
        ..brief_for(NEXT_TOKEN, fail)
    };
    *machine.told.lock().unwrap() = metadata("i-2", &next);
    sc(&["start", "SlipwayAgent"]);
    assert_eq!(machine.status(TOKEN).await, 401);
    let hello = machine.hello(NEXT_TOKEN).await;
    assert_eq!(hello.instance, "i-2");
    assert_ne!(hello.stream, stream);
    eventually(async || exists(&machine.folder.path().join("stops.txt"))).await;
}
