//! Images.

use serde::{Deserialize, Serialize};
use ts_rs::TS;

use super::WaitingView;
use crate::error::Error;

/// An image.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, TS)]
pub struct ImageView {
    /// `ami-…`; empty while it is only asked for.
    pub id: String,
    /// Its name.
    pub name: String,
    /// What is on it.
    pub description: String,
    /// Where it stands.
    pub state: ImageStatus,
    /// From 0 to 100 while it is made.
    pub percent: u8,
    /// Size of its disks in GiB.
    pub size_gib: f64,
    /// When it was made.
    #[ts(type = "number")]
    pub created: i64,
    /// Id of the recipe that it was installed with, where known.
    pub recipe: Option<String>,
    /// Name of the server that it was made of, where known.
    pub server: Option<String>,
    /// What keeping it costs a month; `None` where it is not known, and in the practice world.
    pub usd_per_month: Option<f64>,
    /// Why it failed.
    pub error: Option<Error>,
    /// What the making of it waits for.
    pub waiting: Option<Box<WaitingView>>,
}

/// Where an image stands, for people.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum ImageStatus {
    /// Being made.
    Making,
    /// Can be launched from.
    Available,
    /// Could not be made.
    Failed,
}

/// An image being made of a server.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, TS)]
pub struct ImageJobView {
    /// The image's name.
    pub name: String,
    /// Where the work stands.
    pub phase: ImageJobPhase,
    /// Snapshot progress from 0 to 100.
    pub percent: u8,
    /// When it was asked for.
    #[ts(type = "number")]
    pub started: i64,
    /// Why it failed.
    pub error: Option<Error>,
    /// What it waits for.
    pub waiting: Option<Box<WaitingView>>,
}

/// Where the making of an image stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum ImageJobPhase {
    /// Asked for.
    Requested,
    /// Snapshots are being taken; the server is down for a moment.
    Snapshot,
    /// The server comes back.
    Returning,
    /// Done.
    Done,
    /// Failed.
    Failed,
}
