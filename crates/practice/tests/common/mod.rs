//! What the tests of the practice world share: a world in a temporary folder that leaves no process behind.

#![allow(dead_code, reason = "each test file uses its part")]

use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::LazyLock;
use std::time::{Duration, Instant};

use aws_lc_rs::encoding::{AsDer, PublicKeyX509Der};
use aws_lc_rs::rsa::{KeySize, Pkcs1PrivateDecryptingKey, PrivateDecryptingKey};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD as BASE64;
use slipway_core::cloud::*;
use slipway_core::ports::Cloud;
use slipway_practice::{PracticeCloud, PracticeOptions};
use tempfile::TempDir;

pub const SPEED: f64 = 200.0;

pub struct World {
    pub cloud: PracticeCloud,
    pub options: PracticeOptions,
    home: TempDir,
}

impl World {
    pub fn new() -> Self {
        Self::at_speed(SPEED)
    }

    pub fn at_speed(speed: f64) -> Self {
        let home = tempfile::tempdir().expect("a temporary folder");
        let options = PracticeOptions {
            folder: home.path().join("practice"),
            agent_program: stand_in_agent(),
            machine_program: PathBuf::from(env!("CARGO_BIN_EXE_slipway-practice-machine")),
            speed,
            notices: slipway_practice::Notices::default(),
        };
        let cloud = PracticeCloud::open(options.clone()).expect("a world");
        World { cloud, options, home }
    }

    pub fn machine(&self, id: &str) -> PathBuf {
        self.options.folder.join("machines").join(id)
    }

    /// Key pair and group, ready for launches.
    pub async fn ready(&self) -> (Key, SecurityGroup) {
        let key = Key::new();
        let pair = ImportKeyPair {
            name: "key".into(),
            public_key: key.openssh(),
            tags: Tags::new(),
        };
        self.cloud.import_key_pair(&pair).await.expect("imported");
        let group = CreateSecurityGroup {
            name: "group".into(),
            description: "for a test".into(),
            network: None,
            tags: Tags::new(),
        };
        let group = self.cloud.create_security_group(&group).await.expect("created");
        (key, group)
    }

    pub fn request(&self, group: &SecurityGroup, token: &str) -> RunInstance {
        RunInstance {
            token: token.into(),
            image: ImageChoice::Family(slipway_practice::FAMILY.into()),
            size: "practice.small".into(),
            disk_gib: 30,
            network: None,
            group: group.id.clone(),
            key_name: "key".into(),
            user_data: "hello".into(),
            good_until: None,
            tags: [
                (tag::LAUNCH.into(), token.into()),
                (tag::CREATED_BY.into(), tag::US.into()),
            ]
            .into(),
        }
    }

    pub async fn launch(&self, group: &SecurityGroup, token: &str) -> String {
        let request = self.request(group, token);
        self.cloud.run_instance(&request).await.expect("launched").id
    }

    /// A world with one server whose agent runs.
    pub async fn with_server(token: &str) -> (Self, String) {
        let world = World::new();
        let (_, group) = world.ready().await;
        let id = world.launch(&group, token).await;
        world.agent_is_up(&id, 1).await;
        (world, id)
    }

    pub async fn stop(&self, id: &str) {
        let request = StopInstance { instance: id.into() };
        self.cloud.stop_instance(&request).await.expect("stopped");
        self.reaches(id, InstanceState::Stopped).await;
    }

    pub async fn instance(&self, id: &str) -> Option<Instance> {
        let filter = InstanceFilter::Ids(vec![id.into()]);
        self.cloud.instances(&filter).await.expect("instances").pop()
    }

    pub async fn reaches(&self, id: &str, state: InstanceState) -> Instance {
        until(&format!("{id} is {state:?}"), async || {
            self.instance(id).await.filter(|instance| instance.state == state)
        })
        .await
    }

    pub async fn console_shows(&self, id: &str, text: &str, times: usize) -> String {
        until(&format!("the console shows {text} {times} times"), async || {
            let console = self.cloud.console(id).await.expect("console");
            (console.matches(text).count() >= times).then_some(console)
        })
        .await
    }

    pub async fn agent_is_up(&self, id: &str, times: usize) -> String {
        self.console_shows(id, "stand-in agent pid", times).await
    }

    pub async fn terminate(&self, id: &str) {
        let request = TerminateInstance { instance: id.into() };
        self.cloud.terminate_instance(&request).await.expect("terminated");
        self.reaches(id, InstanceState::Terminated).await;
    }
}

impl Drop for World {
    fn drop(&mut self) {
        // With its folder gone every machine ends by itself; what a failed test killed badly is ended here.
        let system = sysinfo::System::new_all();
        for process in system.into_iter().flat_map(|system| {
            let root = self.home.path().to_string_lossy().into_owned();
            let ours = move |process: &sysinfo::Process| {
                process
                    .environ()
                    .iter()
                    .any(|entry| entry.to_string_lossy().contains(&root))
            };
            system
                .processes()
                .values()
                .filter(|process| ours(process))
                .map(sysinfo::Process::pid)
                .collect::<Vec<_>>()
        }) {
            kill(process.as_u32());
        }
    }
}

/// The program that stands in for the agent. Compiled here, because cargo builds no example for a single test target.
fn stand_in_agent() -> PathBuf {
    static PROGRAM: LazyLock<PathBuf> = LazyLock::new(|| {
        let folder = Path::new(env!("CARGO_TARGET_TMPDIR"));
        let suffix = std::env::consts::EXE_SUFFIX;
        // Made under a name of its own: several test programs may do this at once.
        let made = folder.join(format!("stand-in-agent-{}{suffix}", std::process::id()));
        let compiled = Command::new("rustc")
            .args(["--edition", "2024", "--crate-name", "stand_in_agent", "-o"])
            .arg(&made)
            .arg(concat!(
                env!("CARGO_MANIFEST_DIR"),
                "/tests/common/stand-in-agent.rs"
            ))
            .status();
        assert!(compiled.expect("rustc starts").success());
        let program = folder.join(format!("stand-in-agent{suffix}"));
        std::fs::rename(made, &program).expect("renamed");
        program
    });
    PROGRAM.clone()
}

/// An RSA key pair as the app makes it.
pub struct Key(PrivateDecryptingKey);

impl Key {
    pub fn new() -> Self {
        Key(PrivateDecryptingKey::generate(KeySize::Rsa2048).expect("a key"))
    }

    /// `ssh-rsa …`, written here once more so that the reader under test is not its own witness.
    pub fn openssh(&self) -> String {
        let der: PublicKeyX509Der = self.0.public_key().as_der().expect("der");
        // SubjectPublicKeyInfo of RSA-2048: the modulus is the 257 bytes from offset 32, the exponent ends it.
        let der = der.as_ref();
        let (n, e) = (&der[32..32 + 257], &der[der.len() - 3..]);
        let mut body = Vec::new();
        for field in [b"ssh-rsa".as_slice(), e, n] {
            body.extend((field.len() as u32).to_be_bytes());
            body.extend(field);
        }
        format!("ssh-rsa {} test", BASE64.encode(body))
    }

    pub fn decrypt(&self, data: &str) -> String {
        let key = Pkcs1PrivateDecryptingKey::new(self.0.clone()).expect("a key");
        let mut room = vec![0; key.min_output_size()];
        let sealed = BASE64.decode(data.trim()).expect("base64");
        let plain = key.decrypt(&sealed, &mut room).expect("the right key");
        String::from_utf8(plain.to_vec()).expect("text")
    }
}

/// Waits until something is there.
pub async fn until<T>(what: &str, mut look: impl AsyncFnMut() -> Option<T>) -> T {
    let since = Instant::now();
    while since.elapsed() < Duration::from_secs(20) {
        if let Some(found) = look().await {
            return found;
        }
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
    panic!("after 20 s it is still not so that {what}");
}

/// kill -9.
pub fn kill(pid: u32) {
    let mut system = sysinfo::System::new().expect("a process table");
    let pid = sysinfo::Pid::from_u32(pid);
    system.refresh_processes(sysinfo::ProcessesToUpdate::Some(&[pid]), true);
    if let Some(process) = system.process(pid) {
        process.kill();
    }
}
