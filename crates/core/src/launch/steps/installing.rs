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

fn span(minutes: u32) -> String {
    match (minutes / 60, minutes % 60) {
        (1, 0) => "an hour".into(),
        (hours, 0) => format!("{hours} hours"),
        _ => format!("{minutes} minutes"),
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
    let mut hint = String::from(
        "The server is kept. Go on from this step, look at it with Remote Desktop, or terminate it.",
    );
    if let Some(minutes) = launch.spec.limits.stop_failed_after_minutes {
        // So that a forgotten one stops costing money; its disk stays.
        hint.push_str(&format!(
            " It stops itself after {} unless you put that off.",
            span(minutes)
        ));
    }
    Error::new(ErrorKind::StepFailed, sentence).hint(hint)
}
