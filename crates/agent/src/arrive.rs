//! The first thing every part does: wait for instance metadata, read the brief, take on the identity.

use std::time::Duration;

use slipway_protocol::Brief;
use slipway_protocol::brief::{self, BriefError};
use slipway_protocol::console::News;

use crate::config::Config;
use crate::console::Console;
use crate::ec2launch;
use crate::identity::{Identity, IdentityError};
use crate::imds::{Imds, ImdsError};

const FIRST_PAUSE: Duration = Duration::from_millis(200);
const LONGEST_PAUSE: Duration = Duration::from_secs(5);
/// Stands on the console where not even the launch could be read from the user data.
const UNKNOWN_LAUNCH: &str = "unknown";

/// What a part of the agent needs to begin.
pub struct Arrival {
    /// The metadata endpoint.
    pub imds: Imds,
    /// What to do.
    pub brief: Brief,
    /// Who we are.
    pub identity: Identity,
}

/// Why a part can't begin.
#[derive(Debug, thiserror::Error)]
pub enum ArriveError {
    /// No client for the metadata endpoint could be made.
    #[error(transparent)]
    Imds(#[from] ImdsError),
    /// The user data holds no brief that this version can read.
    #[error(transparent)]
    Brief(#[from] BriefError),
    /// There is no identity, or none any more.
    #[error(transparent)]
    Identity(#[from] IdentityError),
}

/// Waits as long as it takes for metadata, because the network comes up after us; gives up on what waiting can't mend.
pub async fn arrive(config: &Config) -> Result<Arrival, ArriveError> {
    let imds = Imds::new(&config.imds)?;
    let mut pause = FIRST_PAUSE;
    loop {
        match begin(config, &imds).await {
            Ok((brief, identity)) => {
                return Ok(Arrival {
                    imds,
                    brief,
                    identity,
                });
            }
            Err(ArriveError::Imds(error) | ArriveError::Identity(IdentityError::Imds(error))) => {
                tracing::info!(%error, "waiting for instance metadata");
            }
            Err(other) => return Err(other),
        }
        tokio::time::sleep(pause).await;
        pause = (pause * 2).min(LONGEST_PAUSE);
    }
}

async fn begin(config: &Config, imds: &Imds) -> Result<(Brief, Identity), ArriveError> {
    let user_data = imds.user_data().await?.unwrap_or_default();
    let brief = Brief::from_user_data(&user_data)?;
    let identity = Identity::ensure(config, imds, &brief).await?;
    Ok((brief, identity))
}

/// Tells on the console why the agent can't go on: the only place where the app can still read it.
pub async fn tell_trouble(config: &Config, trouble: &ArriveError) {
    let Ok(imds) = Imds::new(&config.imds) else {
        return;
    };
    let user_data = imds.user_data().await.ok().flatten().unwrap_or_default();
    let launch = brief::launch_in(&user_data).unwrap_or_else(|| UNKNOWN_LAUNCH.to_owned());
    ec2launch::finished(config).await;
    let console = Console::start(config, &launch);
    console.say(News::Trouble(trouble.to_string()));
    console.flush().await;
}
