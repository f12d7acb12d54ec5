//! Servers.

use serde::{Deserialize, Serialize};
use ts_rs::TS;

/// What a user sees of a server's state, in one word.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum Status {
    /// On its way to ready.
    Launching,
    /// Waits for the user.
    Parked,
    /// The site answered.
    Ready,
    /// The install failed; the server is kept.
    Failed,
    /// Going down.
    Stopping,
    /// Powered off.
    Stopped,
    /// Coming back.
    Starting,
    /// Down for a moment while an image is made of it.
    MakingImage,
    /// Being removed with everything it created.
    Terminating,
    /// Removed.
    Terminated,
}

impl Status {
    /// After “it is”.
    pub fn words(self) -> &'static str {
        match self {
            Status::Launching => "launching",
            Status::Parked => "waiting for you",
            Status::Ready => "ready",
            Status::Failed => "failed",
            Status::Stopping => "stopping",
            Status::Stopped => "stopped",
            Status::Starting => "starting",
            Status::MakingImage => "making an image",
            Status::Terminating => "terminating",
            Status::Terminated => "terminated",
        }
    }
}

/// One server: the row on Servers and the head of every screen about it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, TS)]
pub struct ServerView {
    /// The launch's id.
    pub id: String,
    /// Its name, unique among the live servers of a profile.
    pub name: String,
    /// The profile it was launched with.
    pub profile: String,
    /// The region it runs in.
    pub region: String,
    /// Title of the recipe.
    pub recipe: String,
    /// Name of the image it was launched from.
    pub image: Option<String>,
    /// EC2's id, once there is one.
    pub instance: Option<String>,
    /// Instance type.
    pub size: String,
    /// Its disk, which costs on while it is stopped.
    pub disk_gib: u32,
    /// In one word.
    pub status: Status,
    /// The step at work, or what it is doing; empty where the status says it all.
    pub doing: String,
    /// Steps that have ended well.
    pub steps_done: u32,
    /// All steps.
    pub steps_total: u32,
    /// From 0 to 1 while it launches or an image is made.
    pub progress: Option<f32>,
    /// The site's address, only after it answered.
    pub site_url: Option<String>,
    /// When it was asked for.
    #[ts(type = "number")]
    pub created: i64,
    /// When it became ready or failed.
    #[ts(type = "number | null")]
    pub ended: Option<i64>,
    /// Price an hour while it runs, with its disk and its public address; `None` where it is not known, and in the practice world.
    pub usd_per_hour: Option<f64>,
    /// What it has cost so far; `None` where it is not known, and in the practice world.
    pub usd_so_far: Option<f64>,
    /// When it stops itself, about: its own clock decides. `None` where it does not, or nobody here can tell.
    #[ts(type = "number | null")]
    pub stops_at: Option<i64>,
    /// It is switched off, whatever it waits for: of what it costs an hour, only its disk goes on.
    pub off: bool,
    /// It costs nothing: it runs on this computer.
    pub practice: bool,
    /// What may be done with it now.
    pub may: Acts,
    /// Grows with every change; a smaller one is older.
    #[ts(type = "number")]
    pub revision: i64,
}

/// What may be done with a server in its present state.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize, TS)]
pub struct Acts {
    /// Stop.
    pub stop: bool,
    /// Start.
    pub start: bool,
    /// Restart.
    pub restart: bool,
    /// Go on from the failed step.
    pub retry: bool,
    /// Put off that it stops itself.
    pub extend: bool,
    /// Make an image.
    pub image: bool,
    /// Remote Desktop.
    pub connect: bool,
    /// Terminate.
    pub terminate: bool,
}
