//! A moto server of one test's own, with its strict flags: without them it takes images, keys and sizes that are not
//! there.

use std::net::{TcpListener, TcpStream};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use slipway_aws::{Access, AgentProgram, AwsCloud, AwsOptions, Files, Surroundings};

const STRICT: [&str; 3] = [
    "MOTO_ENABLE_AMI_VALIDATION",
    "MOTO_ENABLE_KEYPAIR_VALIDATION",
    "MOTO_EC2_ENABLE_INSTANCE_TYPE_VALIDATION",
];
const START: Duration = Duration::from_secs(60);

/// Ends with the test.
pub struct Moto {
    process: Child,
    port: u16,
    _folder: tempfile::TempDir,
    files: Files,
}

impl Moto {
    /// Starts it.
    pub fn start() -> Self {
        let program = std::env::var_os("SLIPWAY_MOTO_SERVER").expect("SLIPWAY_MOTO_SERVER names moto_server");
        let port = free_port();
        let images = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/moto/images.json");
        let process = Command::new(program)
            .args(["-H", "127.0.0.1", "-p", &port.to_string()])
            .env("MOTO_AMIS_PATH", images)
            .envs(STRICT.map(|flag| (flag, "1")))
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .expect("moto_server starts");
        let folder = tempfile::tempdir().unwrap();
        let files = Files {
            config: folder.path().join("config"),
            credentials: folder.path().join("credentials"),
            caches: Vec::new(),
        };
        let moto = Moto {
            process,
            port,
            _folder: folder,
            files,
        };
        moto.await_start();
        moto
    }

    /// The adapter, with an access key.
    pub fn cloud(&self) -> AwsCloud {
        self.cloud_with(AgentProgram::Released {
            url: "https://example.com/agent.exe".into(),
            sha256: "0".repeat(64),
        })
    }

    /// The adapter, with a certain program for the agent.
    pub fn cloud_with(&self, agent: AgentProgram) -> AwsCloud {
        let access = Access::Keys {
            id: "AKIAIOSFODNN7EXAMPLE".into(),
            secret: "wJalrXUtnFEMI".to_owned().into(),
            session: None,
        };
        self.open(access, agent)
    }

    /// The adapter, with a profile out of files.
    pub fn cloud_of_profile(&self, name: &str, credentials: &str) -> AwsCloud {
        std::fs::write(&self.files.credentials, credentials).unwrap();
        let agent = AgentProgram::Built("agent.exe".into());
        self.open(Access::Profile(name.into()), agent)
    }

    /// The adapter, with a profile of these files.
    pub fn cloud_of_files(&self, files: Files, name: &str) -> AwsCloud {
        self.open_in(
            Access::Profile(name.into()),
            AgentProgram::Built("agent.exe".into()),
            files,
        )
    }

    fn open(&self, access: Access, agent: AgentProgram) -> AwsCloud {
        self.open_in(access, agent, self.files.clone())
    }

    fn open_in(&self, access: Access, agent: AgentProgram, files: Files) -> AwsCloud {
        let options = AwsOptions {
            access,
            region: "eu-central-1".into(),
            agent,
        };
        AwsCloud::open_in(
            options,
            Surroundings {
                endpoint: Some(self.endpoint()),
                who_am_i: self.endpoint(),
                files,
            },
        )
    }

    /// Where it answers.
    pub fn endpoint(&self) -> String {
        format!("http://127.0.0.1:{}", self.port)
    }

    fn await_start(&self) {
        let started = Instant::now();
        while TcpStream::connect(("127.0.0.1", self.port)).is_err() {
            assert!(started.elapsed() < START, "moto_server does not answer");
            std::thread::park_timeout(Duration::from_millis(50));
        }
    }
}

impl Drop for Moto {
    fn drop(&mut self) {
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

fn free_port() -> u16 {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    listener.local_addr().unwrap().port()
}
