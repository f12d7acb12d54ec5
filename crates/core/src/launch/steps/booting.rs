//! Waits until the instance is powered on.

use async_trait::async_trait;

use super::{Step, World};
use crate::cloud::{Instance, InstanceState};
use crate::error::{Error, ErrorKind, Result};
use crate::launch::Launch;

pub(crate) struct Booting;

#[async_trait]
impl Step for Booting {
    async fn ensure(&self, launch: &mut Launch, world: &World) -> Result<()> {
        loop {
            let seen = world.look(launch).await?;
            world.signed_in(launch).await?;
            if seen.is_none() && is_settled(launch, world) {
                return Err(gone(launch, None));
            }
            if let Some(instance) = seen
                && is_up(launch, &instance)?
            {
                return Ok(());
            }
        }
    }
}

/// True when the cloud's reads must know what was created: from then on “not found” means gone.
pub(super) fn is_settled(launch: &Launch, world: &World) -> bool {
    let age = world.clock.now().millis_since(launch.entered());
    std::time::Duration::from_millis(age) > world.cloud.pace().settling
}

/// True when it runs and has an address; an error when it never will by itself.
pub(crate) fn is_up(launch: &Launch, instance: &Instance) -> Result<bool> {
    match instance.state {
        InstanceState::Pending | InstanceState::Stopping => Ok(false),
        InstanceState::Running => Ok(instance.endpoints.is_some()),
        InstanceState::Stopped => Err(stopped(launch, instance.state_reason.as_deref())),
        InstanceState::ShuttingDown | InstanceState::Terminated => {
            Err(gone(launch, instance.state_reason.as_deref()))
        }
    }
}

fn stopped(launch: &Launch, reason: Option<&str>) -> Error {
    let because = reason.map(|reason| format!(" ({reason})")).unwrap_or_default();
    Error::new(
        ErrorKind::AgentSilent,
        format!(
            "“{}” was stopped before its site was up{because}.",
            launch.spec.name
        ),
    )
    .hint("Start it, and the install goes on where it was.")
}

fn gone(launch: &Launch, reason: Option<&str>) -> Error {
    let because = reason.map(|reason| format!(" ({reason})")).unwrap_or_default();
    let sentence = format!("The instance of “{}” is gone{because}.", launch.spec.name);
    Error::new(ErrorKind::InstanceGone, sentence)
        .hint("Terminate it here to remove what is left, then launch again.")
}
