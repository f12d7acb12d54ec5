//! The adapter itself on the test cloud, and the engine of a face on it, in the test's own process.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use slipway_aws::{Access, AgentProgram, AwsCloud, AwsOptions, Files, Surroundings};
use slipway_core::clock::Clock;
use slipway_core::engine::{Engine, LaunchRequest, Options, Profile, Source};
use slipway_core::view::KeysIn;
use slipway_desktop::agent_client::AgentClient;
use slipway_desktop::secret_files::SecretFiles;

use crate::cloud::{Cloud, REGION};
use crate::terminal::RECIPE;

const PROFILE: &str = "work";

/// The adapter, signed in with a key.
pub fn adapter(cloud: &Cloud, key: &str, agent: AgentProgram) -> AwsCloud {
    let none = PathBuf::from("none");
    let options = AwsOptions {
        access: Access::Keys {
            id: key.into(),
            secret: "test".to_owned().into(),
            session: None,
        },
        region: REGION.into(),
        agent,
    };
    let surroundings = Surroundings {
        endpoint: Some(cloud.url.clone()),
        who_am_i: cloud.desk("address"),
        files: Files {
            config: none.clone(),
            credentials: none,
            caches: Vec::new(),
        },
    };
    AwsCloud::open_in(options, surroundings)
}

/// An agent that nobody will fetch.
pub fn released() -> AgentProgram {
    AgentProgram::Released {
        url: "https://example.com/agent.exe".into(),
        sha256: "0".repeat(64),
    }
}

/// The engine of a face on the adapter. Its keychain is a folder of the test's own.
pub async fn engine(aws: AwsCloud, folder: &Path) -> Engine {
    let aws = Arc::new(aws);
    let recipes = folder.join("recipes");
    std::fs::create_dir_all(&recipes).expect("a folder");
    std::fs::write(recipes.join("ec2-site.toml"), RECIPE).expect("a recipe");
    let profile = Profile {
        name: PROFILE.into(),
        region: REGION.into(),
        region_title: slipway_aws::region_title,
        practice: false,
        keys: KeysIn::Keychain,
        cloud: Arc::new(move |_| aws.clone()),
        secrets: Arc::new(SecretFiles::new(folder.join("secrets"))),
    };
    let options = Options {
        journal: folder.join("journal.db"),
        recipes,
        profiles: vec![profile],
        agent: Arc::new(AgentClient::new()),
        clock: Clock::system(),
        notices: slipway_core::notices::Notices::default(),
    };
    Engine::open(options).await.expect("it opens")
}

/// A launch of the tests' recipe by that engine.
pub fn request(name: &str, size: &str) -> LaunchRequest {
    LaunchRequest {
        size: Some(size.into()),
        ..LaunchRequest::new(name, PROFILE, Source::Recipe("ec2-site".into()))
    }
}
