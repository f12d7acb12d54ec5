//! The table of steps: what each phase does, and how it is undone. Every `ensure` is safe to repeat.

pub(crate) mod access;
pub(crate) mod booting;
mod configuring;
mod installing;
mod preflight;
mod staging;
mod starting;
mod verifying;

use std::sync::Arc;

use async_trait::async_trait;
use slipway_protocol::sealing;
use tokio::sync::Notify;

use super::{Launch, Phase};
use crate::clock::Clock;
use crate::cloud::{Instance, InstanceFilter};
use crate::error::{Error, ErrorKind, Result};
use crate::ledger::Ledger;
use crate::poll::Crowd;
use crate::ports::{Agent, AgentAddress, Cloud, Secrets};
use crate::reads::Reads;
use crate::retries::{Retries, Side};
use crate::secret::{self, Secret};
use crate::store::Store;
use crate::wait::WaitReason;

/// What one phase does.
#[async_trait]
pub(crate) trait Step: Send + Sync {
    /// Does it, or sees that it is done. Records what it made before the next await.
    async fn ensure(&self, launch: &mut Launch, world: &World) -> Result<()>;

    /// Removes what it made, as far as it made it. Safe to repeat.
    async fn undo(&self, _launch: &mut Launch, _world: &World) -> Result<()> {
        Ok(())
    }
}

/// The step of a phase; `None` at an end.
pub(crate) fn of(phase: Phase) -> Option<&'static dyn Step> {
    match phase {
        Phase::Preflight => Some(&preflight::Preflight),
        Phase::Access => Some(&access::Access),
        Phase::Staging => Some(&staging::Staging),
        Phase::Starting => Some(&starting::Starting),
        Phase::Booting => Some(&booting::Booting),
        Phase::Configuring => Some(&configuring::Configuring),
        Phase::Installing => Some(&installing::Installing),
        Phase::Verifying => Some(&verifying::Verifying),
        Phase::Ready | Phase::Failed | Phase::Terminated => None,
    }
}

/// Everything a step may use.
#[derive(Clone)]
pub(crate) struct World {
    pub cloud: Arc<dyn Cloud>,
    pub agent: Arc<dyn Agent>,
    pub secrets: Arc<dyn Secrets>,
    pub store: Store,
    pub clock: Clock,
    pub ledger: Ledger,
    pub reads: Reads,
    /// All who use this account in this region.
    pub crowd: Arc<Crowd>,
    /// What is being retried for this launch or image job.
    pub retries: Retries,
    /// Rings when the computer woke up or its network changed.
    pub woke: Arc<Notify>,
}

impl World {
    /// Writes the launch down, and what is being retried for it.
    pub async fn save(&self, launch: &Launch) -> Result<()> {
        let retried = self.retries.told().filter(|_| launch.waiting.is_none());
        self.store.save_launch_waiting(launch, retried).await
    }

    /// A secret of the launch that must be there.
    pub async fn secret(&self, launch: &Launch, what: &str) -> Result<Secret<Vec<u8>>> {
        let found = self.secrets.get(&secret::of_launch(&launch.id, what)).await?;
        found.ok_or_else(|| {
            Error::new(
                ErrorKind::Keychain,
                format!(
                    "The keys of “{}” are no longer in the keychain.",
                    launch.spec.name
                ),
            )
            .hint("Without them its status can't be read; its site and Remote Desktop are not affected.")
        })
    }

    /// Stores a secret of the launch and notes its name.
    pub async fn keep(&self, launch: &mut Launch, what: &str, value: &Secret<Vec<u8>>) -> Result<()> {
        self.secrets
            .put(&secret::of_launch(&launch.id, what), value)
            .await?;
        if !launch.facts.secrets.iter().any(|name| name == what) {
            launch.facts.secrets.push(what.to_owned());
            self.save(launch).await?;
        }
        Ok(())
    }

    /// The app's key towards this launch's agent.
    pub async fn box_key(&self, launch: &Launch) -> Result<sealing::Key> {
        let bytes = self.secret(launch, secret::BOX_KEY).await?;
        sealing::Key::from_bytes(bytes.expose()).map_err(|error| {
            Error::new(ErrorKind::Keychain, "A key in the keychain is damaged.").because(&error)
        })
    }

    /// The launch's instance as the cloud sees it now; waits for the next shared look. `None` where the cloud does
    /// not know it (yet).
    pub async fn look(&self, launch: &Launch) -> Result<Option<Instance>> {
        let Some(id) = &launch.facts.instance else {
            return Ok(None);
        };
        self.reads.instance(&launch.id, id).await
    }

    /// The cloud has answered: a launch that waited for that, or for a sign-in, waits no more.
    pub async fn signed_in(&self, launch: &mut Launch) -> Result<()> {
        self.retries.answered(Side::Cloud);
        let waits = launch
            .waiting
            .take_if(|waiting| waiting.reason == WaitReason::SignIn);
        match waits {
            Some(_) => self.save(launch).await,
            None => Ok(()),
        }
    }

    /// Where the status service should answer. `None` while the instance has no address.
    pub async fn agent_address(&self, launch: &Launch) -> Result<Option<AgentAddress>> {
        let Some(instance) = self.store.observed(&launch.id).await? else {
            return Ok(None);
        };
        let Some(at) = instance.endpoints else {
            return Ok(None);
        };
        let token = self.secret(launch, secret::TOKEN).await?;
        let token = Secret::new(String::from_utf8_lossy(token.expose()).into_owned());
        let pin = launch
            .facts
            .identity
            .as_ref()
            .map(|identity| identity.tls_sha256.clone());
        Ok(Some(AgentAddress {
            host: at.host,
            port: at.agent,
            token,
            pin,
        }))
    }

    /// All instances that carry the launch's tag.
    pub async fn tagged(&self, launch: &Launch) -> Result<Vec<Instance>> {
        self.cloud
            .instances(&InstanceFilter::Launch(launch.id.clone()))
            .await
    }
}
