//! A cloud for one test, as a program of its own, and the adapter on it.

use std::io::{BufRead, BufReader};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};

use serde_json::{Value, json};
use slipway_aws::{Access, AgentProgram, AwsCloud, AwsOptions, Files, Surroundings};
use slipway_core::cloud::{
    CreateSecurityGroup, ImageChoice, ImportKeyPair, RunInstance, SecurityGroup, Tags, tag,
};
use slipway_core::ports::Cloud;
use slipway_core::secret::Secret;

pub const KEY: &str = "AKIATESTTESTTESTTEST";
const REGION: &str = "eu-central-1";
const ADDRESS: &str = "export AWS_ENDPOINT_URL=";

/// A cloud with the adapter.
pub struct World {
    pub aws: AwsCloud,
    url: String,
    program: Child,
    http: reqwest::Client,
}

impl World {
    /// Instances on paper, hundreds of times quicker than life.
    pub fn on_paper() -> Self {
        Self::start(&["--paper", "--speed", "200"])
    }

    /// Instances as processes.
    pub fn with_processes() -> Self {
        Self::start(&["--speed", "50"])
    }

    fn start(arguments: &[&str]) -> Self {
        let mut command = Command::new(program("slipway-test-cloud"));
        command.args(["--listen", "127.0.0.1:0"]).args(arguments);
        let mut program = command
            .stdout(Stdio::piped())
            .spawn()
            .expect("the test cloud starts");
        let said = BufReader::new(program.stdout.take().expect("its output is a pipe"));
        let first = said.lines().next().expect("a line").expect("text");
        let url = first
            .strip_prefix(ADDRESS)
            .expect("it says where it is")
            .to_owned();
        World {
            aws: open(&url, KEY),
            http: reqwest::Client::builder().no_proxy().build().expect("a client"),
            url,
            program,
        }
    }

    /// The adapter with another key.
    pub fn signed_in_as(&self, key: &str) -> AwsCloud {
        open(&self.url, key)
    }

    /// Lets something go wrong.
    pub async fn fault(&self, fault: Value) {
        self.tell("faults", fault).await;
    }

    /// Sets how it behaves.
    pub async fn rules(&self, rules: Value) {
        self.tell("rules", rules).await;
    }

    /// Sets its clock ahead of this computer's, in seconds.
    pub async fn clock(&self, ahead: i64) {
        self.tell("clock", json!({"ahead": ahead})).await;
    }

    /// Takes back all faults and forgets all requests.
    pub async fn clear(&self) {
        self.tell("clear", Value::Null).await;
    }

    /// `requests`, `violations` or `world`.
    pub async fn told(&self, what: &str) -> Value {
        let answer = self.http.get(desk(&self.url, what)).send().await;
        let text = answer.expect("an answer").text().await.expect("text");
        serde_json::from_str(&text).expect("JSON")
    }

    /// What there is of a kind, by moto's word.
    pub async fn there(&self, kind: &str) -> Vec<String> {
        let world = self.told("world").await;
        let mut ids: Vec<String> = serde_json::from_value(world[kind].clone()).expect("a list of ids");
        ids.sort();
        ids
    }

    /// Key pair and group; the private key.
    pub async fn ready(&self) -> (Secret<Vec<u8>>, SecurityGroup) {
        let private = slipway_core::key_pair::generate().expect("a key pair");
        let import = import(&private);
        self.aws.import_key_pair(&import).await.expect("imported");
        let group = self.aws.create_security_group(&group()).await.expect("created");
        (private, group)
    }

    async fn tell(&self, what: &str, value: Value) {
        let told = self.http.post(desk(&self.url, what)).body(value.to_string());
        let answer = told.send().await.expect("an answer");
        assert!(
            answer.status().is_success(),
            "{}",
            answer.text().await.expect("text")
        );
    }
}

/// It removes its instances, and then it ends.
impl Drop for World {
    fn drop(&mut self) {
        let id = self.program.id().to_string();
        drop(Command::new("kill").args(["-INT", &id]).status());
        drop(self.program.wait());
    }
}

/// An error with a code of AWS, for as long as nobody takes it back.
pub fn error(action: &str, code: &str, status: u16, percent: u8) -> Value {
    let effect = json!({"error": {"code": code, "status": status, "message": "A test asked for this."}});
    json!({"action": action, "effect": effect, "percent": percent})
}

fn desk(url: &str, what: &str) -> String {
    format!("{url}/_test-cloud/{what}")
}

/// A program of ours, built beside the tests.
fn program(name: &str) -> PathBuf {
    let own = std::env::current_exe().expect("the test's own path");
    let built = own.parent().and_then(Path::parent).expect("the target folder");
    built.join(name)
}

fn open(url: &str, key: &str) -> AwsCloud {
    let none = PathBuf::from("none");
    let options = AwsOptions {
        access: Access::Keys {
            id: key.into(),
            secret: "test".to_owned().into(),
            session: None,
        },
        region: REGION.into(),
        agent: AgentProgram::Released {
            url: "https://example.com/agent.exe".into(),
            sha256: "0".repeat(64),
        },
    };
    let surroundings = Surroundings {
        endpoint: Some(url.to_owned()),
        who_am_i: desk(url, "address"),
        files: Files {
            config: none.clone(),
            credentials: none,
            caches: Vec::new(),
        },
    };
    AwsCloud::open_in(options, surroundings)
}

pub fn tags() -> Tags {
    Tags::from([
        (tag::LAUNCH.to_owned(), "01TEST".to_owned()),
        (tag::CREATED_BY.to_owned(), tag::US.to_owned()),
    ])
}

fn import(private: &Secret<Vec<u8>>) -> ImportKeyPair {
    let public_key = slipway_core::key_pair::openssh_public_key(private, "slipway-test");
    ImportKeyPair {
        name: "slipway-test".into(),
        public_key: public_key.expect("a public key"),
        tags: tags(),
    }
}

fn group() -> CreateSecurityGroup {
    CreateSecurityGroup {
        name: "slipway-test".into(),
        description: "of a test".into(),
        network: None,
        tags: tags(),
    }
}

pub fn run(group: &SecurityGroup, token: &str) -> RunInstance {
    RunInstance {
        token: token.into(),
        image: ImageChoice::Family("windows-2022".into()),
        size: "t3.large".into(),
        disk_gib: 50,
        network: None,
        group: group.id.clone(),
        key_name: "slipway-test".into(),
        user_data: "<powershell>'hello'</powershell>".into(),
        good_until: None,
        tags: tags(),
    }
}
