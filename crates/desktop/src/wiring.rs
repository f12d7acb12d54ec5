//! The one place where everything is wired together, for both faces.

use std::path::PathBuf;
use std::sync::Arc;

use slipway_core::clock::Clock;
use slipway_core::engine::{self, Engine, Profile};
use slipway_core::error::{Error, ErrorKind, Result};
use slipway_core::notices::Notices;
use slipway_core::view::KeysIn;
use slipway_practice::{PracticeCloud, PracticeOptions};

use crate::agent_client::AgentClient;
use crate::folders::Folders;
use crate::keychain;
use crate::profiles::{self, Profiles};
use crate::programs;
use crate::secret_files::SecretFiles;

/// The environment variable that makes practice faster, such as `50`.
pub const PRACTICE_SPEED: &str = "SLIPWAY_PRACTICE_SPEED";
/// The profile that is always there and needs no account.
pub const PRACTICE: &str = "practice";

/// What a face may choose.
#[derive(Debug, Clone, Default)]
pub struct Options {
    /// The data folder; `None` for the usual one.
    pub data_dir: Option<PathBuf>,
    /// How much faster than life practice runs; `None` for [`PRACTICE_SPEED`], else for what the user has set.
    pub speed: Option<f64>,
}

/// The engine and the folders that it works in.
#[derive(Clone)]
pub struct Desk {
    /// The product.
    pub engine: Engine,
    /// Where its things are.
    pub folders: Folders,
    /// The practice world, for its speed.
    pub(crate) practice: PracticeCloud,
    /// The AWS profiles.
    pub(crate) accounts: Profiles,
}

impl Desk {
    /// Opens the journal and every profile. Must be called on a tokio runtime.
    pub async fn open(options: Options) -> Result<Self> {
        let folders = Folders::open(options.data_dir.as_deref())?;
        let speed = options
            .speed
            .map_or_else(speed_by_environment, |speed| Ok(Some(speed)))?;
        let notices = Notices::default();
        let practice = practice_cloud(&folders, speed.unwrap_or(1.0), notices.clone())?;
        let connect = profiles::aws(folders.data().to_owned());
        let accounts = Profiles::new(
            folders.profiles(),
            keychain::chosen(&folders)?,
            connect,
            notices.clone(),
        );
        let kept = accounts
            .list_or_tell()
            .into_iter()
            .map(|kept| accounts.profile(kept));
        let engine = Engine::open(engine::Options {
            journal: folders.journal(),
            recipes: folders.recipes(),
            profiles: kept.chain([practice_profile(&folders, &practice)]).collect(),
            agent: Arc::new(AgentClient::new()),
            clock: Clock::system(),
            notices,
        })
        .await?;
        if speed.is_none() {
            practice.set_speed(f64::from(engine.preferences().await?.practice_speed));
        }
        Ok(Desk {
            engine,
            folders,
            practice,
            accounts,
        })
    }
}

fn practice_cloud(folders: &Folders, speed: f64, notices: Notices) -> Result<PracticeCloud> {
    PracticeCloud::open(PracticeOptions {
        folder: folders.practice(),
        agent_program: programs::place("slipway-agent")?,
        machine_program: programs::place("slipway-practice-machine")?,
        speed,
        notices,
    })
}

fn practice_profile(folders: &Folders, cloud: &PracticeCloud) -> Profile {
    Profile {
        name: PRACTICE.to_owned(),
        region: PRACTICE.to_owned(),
        region_title: str::to_owned,
        practice: true,
        keys: KeysIn::Nowhere,
        cloud: {
            let cloud = cloud.clone();
            Arc::new(move |_| Arc::new(cloud.clone()))
        },
        secrets: Arc::new(SecretFiles::new(folders.practice_secrets())),
    }
}

fn speed_by_environment() -> Result<Option<f64>> {
    let given = std::env::var(PRACTICE_SPEED).ok();
    given.map(|given| parse_speed(&given)).transpose()
}

fn parse_speed(given: &str) -> Result<f64> {
    given
        .parse()
        .ok()
        .filter(|speed| (0.1..=1000.0).contains(speed))
        .ok_or_else(|| {
            Error::new(
                ErrorKind::Input,
                format!("{PRACTICE_SPEED} is not a number from 0.1 to 1000."),
            )
            .hint("Leave it out, or set it to 50 for a quick practice.")
        })
}

#[cfg(test)]
mod tests {
    use super::parse_speed;

    #[test]
    fn only_a_speed_that_can_be_lived_at_is_taken() {
        assert_eq!(parse_speed("50").unwrap(), 50.0);
        for nonsense in ["", "fast", "0", "-1", "NaN", "inf", "1e9"] {
            assert!(parse_speed(nonsense).is_err(), "{nonsense}");
        }
    }
}
