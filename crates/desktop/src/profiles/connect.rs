//! From a profile to its cloud: the key is read when the cloud is first asked, so that practice never needs a keychain.

use std::path::PathBuf;
use std::sync::Arc;

use slipway_aws::{Access, AgentProgram, AwsCloud, AwsOptions};
use slipway_core::engine::OpenCloud;
use slipway_core::error::{Error, ErrorKind, Result};
use slipway_core::lazy_cloud::LazyCloud;
use slipway_core::ports::{Cloud, Secrets};

use super::Keys;
use super::kept::{Kept, Key, Profiles, item};
use crate::programs;

/// Opens a cloud for an access key or profile in a region.
pub type Connect = Arc<dyn Fn(Access, &str) -> Result<Arc<dyn Cloud>> + Send + Sync>;

/// The real AWS; what prices were told is kept in a file of `folder`.
pub fn aws(folder: PathBuf) -> Connect {
    Arc::new(move |access, region| {
        let agent = agent_program();
        let options = AwsOptions {
            access,
            region: region.to_owned(),
            agent,
        };
        let prices = folder.join(format!("prices-{region}.json"));
        Ok(Arc::new(AwsCloud::open(options).keep_prices_in(prices)))
    })
}

/// A released build knows where its agent is published; any other brings the one that was built with it.
fn agent_program() -> AgentProgram {
    match (
        option_env!("SLIPWAY_AGENT_URL"),
        option_env!("SLIPWAY_AGENT_SHA256"),
    ) {
        (Some(url), Some(sha256)) => AgentProgram::Released {
            url: url.to_owned(),
            sha256: sha256.to_owned(),
        },
        _ => AgentProgram::Built(programs::windows_agent()),
    }
}

/// Who is behind an access key: its account's number.
pub(super) async fn ask(profiles: &Profiles, access: Access, region: &str) -> Result<String> {
    let cloud = (profiles.connect)(access, region)?;
    Ok(cloud.account().await?.id)
}

/// A cloud in any region that reads its key when it is first asked.
pub(super) fn lazily(profiles: &Profiles, kept: Kept) -> OpenCloud {
    let (keychain, connect) = (Arc::clone(&profiles.keychain), Arc::clone(&profiles.connect));
    Arc::new(move |region| {
        let (keychain, connect) = (Arc::clone(&keychain), Arc::clone(&connect));
        let (kept, region) = (kept.clone(), region.to_owned());
        Arc::new(LazyCloud::new(Box::new(move || {
            let (keychain, connect) = (Arc::clone(&keychain), Arc::clone(&connect));
            let (kept, region) = (kept.clone(), region.clone());
            Box::pin(async move { connect(access(&kept, keychain.as_ref()).await?, &region) })
        })))
    })
}

async fn access(kept: &Kept, keychain: &dyn Secrets) -> Result<Access> {
    if let Key::AwsFiles(name) = &kept.key {
        return Ok(Access::Profile(name.clone()));
    }
    let bytes = keychain.get(&item(&kept.name)).await?;
    let keys = bytes.and_then(|bytes| serde_json::from_slice::<Keys>(bytes.expose()).ok());
    keys.map(|keys| keys.access()).ok_or_else(|| {
        let sentence = format!(
            "The access key of the profile “{}” is not in the keychain.",
            kept.name
        );
        Error::new(ErrorKind::CredentialsInvalid, sentence)
            .hint("Remove the profile and add it again with its key.")
    })
}
