//! Images: the same shape as a launch. A job with a phase, a pure step from one to the next, and a short loop.
//!
//! ```text
//! Requested → Snapshot (percent) → Returning (the server is back and its site answers) → Done
//!      └───────────┴──────────────────────┴──→ Failed
//! ```

pub(crate) mod runner;

use serde::{Deserialize, Serialize};
use slipway_protocol::Time;

use crate::error::{Error, ErrorKind, Result};
use crate::launch::{Launch, Phase};
use crate::view::{ImageJobPhase, ImageJobView, WaitingView};
use crate::wait::Waiting;

/// An image that was asked for.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct ImageJob {
    /// A ULID.
    pub id: String,
    /// Whose account.
    pub profile: String,
    /// The launch whose server it is made of.
    pub launch: String,
    /// Unique in account and region: the idempotency key, together with our tag.
    pub name: String,
    /// What is on it.
    pub description: String,
    /// Where it stands.
    pub phase: ImageJobPhase,
    /// Snapshot progress from 0 to 100.
    pub percent: u8,
    /// `ami-…`, once it is known.
    pub image: Option<String>,
    /// When it was asked for.
    pub started: Time,
    /// Why it failed.
    pub error: Option<Error>,
    /// What it waits for.
    #[serde(default)]
    pub waiting: Option<Waiting>,
}

impl ImageJob {
    /// What the faces see of it.
    pub fn view(&self) -> ImageJobView {
        ImageJobView {
            name: self.name.clone(),
            phase: self.phase,
            percent: self.percent,
            started: self.started.0,
            error: self.error.clone(),
            waiting: self.waiting.as_ref().map(WaitingView::of_image).map(Box::new),
        }
    }
}

impl ImageJobPhase {
    /// The phase after this one has succeeded; `None` at an end.
    pub fn next(self) -> Option<ImageJobPhase> {
        match self {
            ImageJobPhase::Requested => Some(ImageJobPhase::Snapshot),
            ImageJobPhase::Snapshot => Some(ImageJobPhase::Returning),
            ImageJobPhase::Returning => Some(ImageJobPhase::Done),
            ImageJobPhase::Done | ImageJobPhase::Failed => None,
        }
    }

    /// True at an end.
    pub fn is_over(self) -> bool {
        self.next().is_none()
    }
}

/// Whether an image may be made of a server. Refused here, and so in every face.
pub fn check_allowed(launch: &Launch) -> Result<()> {
    let name = &launch.spec.name;
    match launch.phase {
        Phase::Ready if launch.ending.is_none() => Ok(()),
        Phase::Failed => Err(Error::new(
            ErrorKind::FailedServer,
            format!("“{name}” failed to install, so no image can be made of it."),
        )
        .hint("Go on from the failed step; once its site is up, make the image.")),
        _ => Err(Error::new(
            ErrorKind::WrongState,
            format!("“{name}” is not ready, so no image can be made of it."),
        )
        .hint("Wait until its site is up.")),
    }
}
