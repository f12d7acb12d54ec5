//! Waits until the instance is powered on.

use std::time::Duration;

use async_trait::async_trait;

use super::{Step, World};
use crate::cloud::{DISK_KEY_REFUSED, Instance, InstanceState};
use crate::error::{Error, ErrorKind, Result};
use crate::launch::Launch;
use crate::poll;

pub(crate) struct Booting;

#[async_trait]
impl Step for Booting {
    async fn ensure(&self, launch: &mut Launch, world: &World) -> Result<()> {
        // The answer to the request said “pending”; asked again at once, EC2 would say no more.
        let age = Duration::from_millis(world.clock.now().millis_since(launch.entered()));
        poll::pause(world.cloud.pace().pending.saturating_sub(age)).await;
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
    Duration::from_millis(age) > world.cloud.pace().settling
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

/// An instance that was stopped or ended from outside will not answer by itself, however long one waits. By what was seen
/// of it last; nothing is asked.
pub(crate) async fn is_still_up(launch: &Launch, world: &World) -> Result<()> {
    match world.store.observed(&launch.id).await? {
        Some(instance) => is_up(launch, &instance).map(drop),
        None => Ok(()),
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
    Error::new(ErrorKind::InstanceGone, sentence).hint(
        disk_key_hint(reason, "terminate it here and launch again")
            .unwrap_or_else(|| "Terminate it here to remove what is left, then launch again.".to_owned()),
    )
}

/// What to do where the key of the disk may not be used, and `then`: doing that alone would end the same way. `None` for any
/// other reason.
pub(crate) fn disk_key_hint(reason: Option<&str>, then: &str) -> Option<String> {
    reason?.starts_with(DISK_KEY_REFUSED).then(|| {
        format!(
            "EC2 could not use the KMS key that encrypts its disk. “slipway doctor” names the key: have its policy allow \
             this AWS user kms:CreateGrant, kms:Decrypt, kms:DescribeKey and kms:GenerateDataKeyWithoutPlaintext, or \
             choose another default key in the AWS console under EC2, EBS encryption. Then {then}."
        )
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_refused_disk_key_is_named_and_launching_again_alone_is_not_the_way_out() {
        let hint = disk_key_hint(
            Some("Client.InternalError: Client error on launch"),
            "launch again",
        )
        .unwrap();
        assert!(
            hint.contains("KMS key")
                && hint.contains("slipway doctor")
                && hint.ends_with("Then launch again."),
            "{hint}"
        );
        assert_eq!(
            disk_key_hint(Some("Server.InternalError: Internal error on launch"), "x"),
            None
        );
        assert_eq!(disk_key_hint(None, "x"), None);
    }
}
