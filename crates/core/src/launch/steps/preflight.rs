//! Looks at everything that would stop the launch, before money is spent.

use async_trait::async_trait;

use super::{Step, World};
use crate::cloud::{CheckRequest, Finding, ImageChoice, Verdict};
use crate::error::{Error, ErrorKind, Result};
use crate::launch::Launch;

pub(crate) struct Preflight;

#[async_trait]
impl Step for Preflight {
    async fn ensure(&self, launch: &mut Launch, world: &World) -> Result<()> {
        let findings = world.cloud.checks(&request(launch)).await?;
        match findings
            .into_iter()
            .find(|finding| finding.verdict == Verdict::Blocking)
        {
            Some(finding) => Err(refusal(&finding)),
            None => Ok(()),
        }
    }
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
    Error::new(
        ErrorKind::Unsupported,
        format!("{}: {}", finding.about, finding.text),
    )
    .hint("Nothing was started and nothing costs money.")
}
