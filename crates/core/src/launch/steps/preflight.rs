//! Looks at everything that would stop the launch, before money is spent.

use async_trait::async_trait;
use slipway_protocol::plan::SecretOrigin;

use super::{Step, World};
use crate::cloud::{CheckRequest, Finding, ImageChoice};
use crate::error::{Error, ErrorKind, Result};
use crate::launch::Launch;
use crate::secret::of_launch;

pub(crate) struct Preflight;

#[async_trait]
impl Step for Preflight {
    async fn ensure(&self, launch: &mut Launch, world: &World) -> Result<()> {
        has_its_secrets(launch, world).await?;
        let findings = world.reads.checks(&request(launch)).await?;
        match findings.into_iter().find(Finding::blocks) {
            Some(finding) => Err(refusal(&finding)),
            None => Ok(()),
        }
    }
}

/// A crash between writing the launch down and keeping what the user typed: it can't be asked for again here.
async fn has_its_secrets(launch: &Launch, world: &World) -> Result<()> {
    for secret in launch
        .spec
        .plan
        .secrets
        .iter()
        .filter(|secret| secret.origin == SecretOrigin::Sent)
    {
        let kept = world.secrets.get(&of_launch(&launch.id, &secret.name)).await?;
        if kept.is_none() {
            let sentence = format!(
                "The launch of “{}” was interrupted before its passwords were kept.",
                launch.spec.name
            );
            return Err(Error::new(ErrorKind::Keychain, sentence)
                .hint("Nothing was started. Terminate it here, then launch it again."));
        }
    }
    Ok(())
}

fn request(launch: &Launch) -> CheckRequest {
    CheckRequest {
        size: launch.spec.size.clone(),
        image: image_choice(launch),
        network: launch.spec.network.clone(),
        disk_gib: launch.spec.disk_gib,
    }
}

/// What to launch from.
pub(super) fn image_choice(launch: &Launch) -> ImageChoice {
    match &launch.spec.image {
        Some(image) => ImageChoice::Own(image.id.clone()),
        None => ImageChoice::Family(launch.spec.base_family.clone()),
    }
}

fn refusal(finding: &Finding) -> Error {
    let sentence = format!("{}: {}", finding.about, finding.text);
    let hint = format!("{} Nothing was started and nothing costs money.", finding.fix);
    let kind = finding.kind.unwrap_or(ErrorKind::Unsupported);
    Error::new(kind, sentence).hint(hint.trim())
}
