//! A cloud for one test, as a program of its own, and the adapter on it.

use std::path::PathBuf;

use serde_json::{Value, json};
use slipway_aws::{AgentProgram, AwsCloud};
use slipway_core::cloud::{
    CreateSecurityGroup, ImageChoice, ImportKeyPair, RunInstance, SecurityGroup, Tags, tag,
};
use slipway_core::ports::Cloud as _;
use slipway_core::secret::Secret;
use slipway_test_adapter::aws::{adapter, released};
use slipway_test_adapter::cloud::{Cloud, REGION};

pub use slipway_test_adapter::cloud::KEY;

/// A cloud with the adapter.
pub struct World {
    pub aws: AwsCloud,
    pub cloud: Cloud,
}

impl World {
    /// Instances on paper, hundreds of times quicker than life.
    pub fn on_paper() -> Self {
        Self::of(Cloud::on_paper())
    }

    /// Instances as processes.
    pub fn with_processes() -> Self {
        Self::of(Cloud::with_processes())
    }

    fn of(cloud: Cloud) -> Self {
        World {
            aws: adapter(&cloud, KEY, released()),
            cloud,
        }
    }

    /// The adapter with another key.
    pub fn signed_in_as(&self, key: &str) -> AwsCloud {
        adapter(&self.cloud, key, released())
    }

    /// The adapter with an agent that was built here, so that it travels by a bucket.
    pub fn with_agent(&self, program: PathBuf) -> AwsCloud {
        adapter(&self.cloud, KEY, AgentProgram::Built(program))
    }

    /// What there is of a kind, by moto's word.
    pub fn there(&self, kind: &str) -> Vec<String> {
        self.cloud.there(kind, REGION)
    }

    /// Key pair and group; the private key.
    pub async fn ready(&self) -> (Secret<Vec<u8>>, SecurityGroup) {
        let private = slipway_core::key_pair::generate().expect("a key pair");
        let import = import(&private);
        self.aws.import_key_pair(&import).await.expect("imported");
        let group = self.aws.create_security_group(&group()).await.expect("created");
        (private, group)
    }
}

/// An error with a code of AWS, for as long as nobody takes it back.
pub fn error(action: &str, code: &str, status: u16, percent: u8) -> Value {
    let effect = json!({"error": {"code": code, "status": status, "message": "A test asked for this."}});
    json!({"action": action, "effect": effect, "percent": percent})
}

pub fn tags() -> Tags {
    Tags::from([
        (tag::LAUNCH.to_owned(), "01TEST".to_owned()),
        (tag::CREATED_BY.to_owned(), tag::US.to_owned()),
    ])
}

pub fn import(private: &Secret<Vec<u8>>) -> ImportKeyPair {
    let public_key = slipway_core::key_pair::openssh_public_key(private, "slipway-test");
    ImportKeyPair {
        name: "slipway-test".into(),
        public_key: public_key.expect("a public key"),
        tags: tags(),
    }
}

pub fn group() -> CreateSecurityGroup {
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
