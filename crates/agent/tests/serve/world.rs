//! A machine of its own for each test: a data folder, a metadata endpoint, a brief and the app's token.

use std::collections::BTreeMap;
use std::path::Path;

use slipway_agent::config::Config;
use slipway_agent::identity::Identity;
use slipway_agent::imds::Imds;
use slipway_agent::serve::Service;
use slipway_agent::serve::limits::Limits;
use slipway_protocol::message::{Level, Site};
use slipway_protocol::order;
use slipway_protocol::sealing::Key;
use slipway_protocol::{Act, Brief, Kind, Message, Order, Outcome, Plan, Time};
use tempfile::TempDir;
use tokio_util::sync::CancellationToken;
use tokio_util::sync::DropGuard;

use crate::client::{App, Sender};
use crate::metadata::{Instance, Metadata};

pub const TOKEN: &str = "the right token of 256 bits";

pub struct World {
    _folder: TempDir,
    pub config: Config,
    pub brief: Brief,
    /// The app's own key.
    pub app: Key,
    pub metadata: Metadata,
}

/// A service in this process; it stops when this is dropped.
pub struct Running {
    pub app: App,
    pub sender: Sender,
    pub ended: tokio::task::JoinHandle<Result<slipway_agent::serve::Ended, slipway_agent::serve::ServeError>>,
    stop: DropGuard,
}

impl Running {
    pub async fn stop(self) {
        drop(self.stop);
        self.ended.await.unwrap().unwrap();
    }
}

impl World {
    pub async fn new() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let app = Key::generate();
        let brief = brief(&app);
        let metadata = Metadata::start(Instance {
            id: "i-1".into(),
            user_data: Some(brief.to_line().unwrap()),
            token: "session-1".into(),
            ..Instance::default()
        });
        let metadata = metadata.await;
        let config = config(folder.path(), &metadata.url);
        World {
            _folder: folder,
            config,
            brief,
            app,
            metadata,
        }
    }

    /// An order of the app to this agent, as it travels in a header.
    pub async fn order(&self, act: Act) -> String {
        let order = Order {
            launch: self.brief.launch.clone(),
            number: 0,
            act,
        };
        order::to_text(&order, &self.app, &self.identity().await.key.public()).unwrap()
    }

    pub fn imds(&self) -> Imds {
        Imds::new(&self.metadata.url).unwrap()
    }

    pub async fn identity(&self) -> Identity {
        Identity::ensure(&self.config, &self.imds(), &self.brief)
            .await
            .unwrap()
    }

    pub async fn serve(&self, limits: Limits) -> Running {
        let identity = self.identity().await;
        let service = Service::start(&self.config, &identity, limits).await.unwrap();
        let app = App::new(service.listening, &identity.certificate, TOKEN);
        let sender = Sender::new(&service.inbox, "queue-1");
        let stop = CancellationToken::new();
        let stopped = stop.clone();
        let ended = tokio::spawn(async move { service.run(stopped.cancelled_owned()).await });
        Running {
            app,
            sender,
            ended,
            stop: stop.drop_guard(),
        }
    }
}

pub fn config(folder: &Path, imds: &str) -> Config {
    Config {
        data_dir: folder.join("data"),
        listen: ([127, 0, 0, 1], 0).into(),
        imds: imds.into(),
        console: folder.join("console.log"),
        site_dir: folder.join("site"),
        site_port: 8081,
        restart_with: None,
        set_password_with: None,
        system: slipway_agent::system::System::default(),
    }
}

pub fn brief(app: &Key) -> Brief {
    use sha2::Digest as _;
    let plan = Plan {
        recipe: "practice-site".into(),
        recipe_version: "1".into(),
        inputs: BTreeMap::new(),
        secrets: Vec::new(),
        steps: Vec::new(),
        site: site(),
        admin: None,
        fresh_administrator_password: false,
        fail_at: None,
    };
    Brief {
        version: 1,
        launch: "launch-1".into(),
        agent: None,
        token_sha256: hex::encode(sha2::Sha256::digest(TOKEN)),
        app_key: app.public().to_text(),
        plan,
        limits: slipway_protocol::Limits::default(),
    }
}

pub fn site() -> Site {
    Site {
        scheme: "http".into(),
        port: 80,
        path: "/".into(),
    }
}

pub fn line(number: u64) -> Message {
    message(number, Kind::Line)
}

pub fn success(number: u64) -> Message {
    let (site, admin) = (site(), None);
    message(
        number,
        Kind::End {
            outcome: Outcome::Succeeded { site, admin },
        },
    )
}

pub fn message(number: u64, kind: Kind) -> Message {
    Message {
        number,
        attempt: 1,
        time: Time(1_700_000_000_000),
        step: Some("database".into()),
        level: Level::Info,
        text: format!("line {number} — ‘ü’\u{202e}"),
        kind,
    }
}
