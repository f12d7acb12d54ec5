//! Follows the agent until its attempt ends.

use async_trait::async_trait;
use slipway_protocol::Outcome;

use super::{Step, World};
use crate::error::{Error, ErrorKind, Result};
use crate::follow;
use crate::launch::Launch;

pub(crate) struct Installing;

#[async_trait]
impl Step for Installing {
    async fn ensure(&self, launch: &mut Launch, world: &World) -> Result<()> {
        match follow::until_end(launch, world).await? {
            Outcome::Succeeded { .. } => Ok(()),
            Outcome::Failed { step, reason } => Err(failed(launch, step.as_deref(), &reason)),
        }
    }
}

fn failed(launch: &Launch, step: Option<&str>, reason: &str) -> Error {
    let title = step
        .and_then(|id| launch.spec.plan.steps.iter().find(|step| step.id == id))
        .map(|step| &step.title);
    let sentence = match title {
        Some(title) => format!("“{title}” failed: {reason}"),
        None => format!("The install could not go on: {reason}"),
    };
    Error::new(ErrorKind::StepFailed, sentence)
        .hint("The server is kept. Go on from this step, look at it with Remote Desktop, or terminate it.")
}
