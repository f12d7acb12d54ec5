//! A launch: its phases, its steps, how it stands.

use serde::{Deserialize, Serialize};
use ts_rs::TS;

use super::{AccessView, ImageJobView, LogLine, ServerView, WaitingView};
use crate::error::Error;

/// The five phases of the rail.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum RailPhase {
    /// Checked, key pair, security group, agent and instance asked for.
    Requested,
    /// The instance is being powered on.
    Booting,
    /// Windows configures itself.
    WindowsReady,
    /// The installer works through the steps.
    Installing,
    /// The site is asked from this computer.
    SiteUp,
}

/// One phase of the rail.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, TS)]
pub struct RailView {
    /// Which.
    pub phase: RailPhase,
    /// Where it stands.
    pub state: PieceState,
    /// When it began.
    #[ts(type = "number | null")]
    pub started: Option<i64>,
    /// When it ended.
    #[ts(type = "number | null")]
    pub ended: Option<i64>,
    /// How long it usually takes, in milliseconds, where that is known.
    #[ts(type = "number | null")]
    pub usual: Option<i64>,
    /// From 0 to 1, where it can be told.
    pub progress: Option<f32>,
}

/// Where a phase or step stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum PieceState {
    /// Not begun.
    Waiting,
    /// At work.
    Running,
    /// Ended well.
    Done,
    /// Ended badly.
    Failed,
}

/// A step of the install.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, TS)]
pub struct StepView {
    /// Its id in the recipe.
    pub id: String,
    /// For people.
    pub title: String,
    /// Ids of the steps it waits for.
    pub needs: Vec<String>,
    /// Where it stands.
    pub state: PieceState,
    /// From 0 to 1, where it can be told.
    pub progress: Option<f32>,
    /// When it began, in the current attempt or the one that finished it.
    #[ts(type = "number | null")]
    pub started: Option<i64>,
    /// When it ended.
    #[ts(type = "number | null")]
    pub ended: Option<i64>,
    /// How long it usually takes, in milliseconds.
    #[ts(type = "number | null")]
    pub usual: Option<i64>,
    /// When it would begin and end if everything took its usual time, in milliseconds after the install began.
    #[ts(type = "number")]
    pub planned_start: i64,
    /// See [`StepView::planned_start`].
    #[ts(type = "number")]
    pub planned_end: i64,
    /// On the longest chain of steps: a delay here delays the site.
    pub critical: bool,
    /// Nothing was left to do.
    pub already_done: bool,
}

/// How the app stands with the installer.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum ConnectionState {
    /// Not yet, or no longer needed.
    None,
    /// Messages come in as they happen.
    Live,
    /// It has answered before and does not at the moment.
    Reconnecting,
    /// Nobody follows: no face is open, or another one is about to take over.
    Paused,
}

/// How the app stands with the installer, in full.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, TS)]
pub struct ConnectionView {
    /// In one word.
    pub state: ConnectionState,
    /// The installer's key was found on the server's console.
    pub verified: bool,
    /// The user chose to trust an unverified one.
    pub trusted: bool,
    /// The server's console shows other keys than what answers: nothing it says is acted on.
    pub mismatched: bool,
    /// Since when it is in this state.
    #[ts(type = "number | null")]
    pub since: Option<i64>,
}

/// Why a launch waits for the user, and what would let it go on.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, TS)]
pub struct ParkedView {
    /// What happened and what to do.
    pub error: Error,
    /// Since when.
    #[ts(type = "number")]
    pub since: i64,
    /// “Trust this connection for this launch” may be offered.
    pub may_trust: bool,
    /// Other places and sizes that have room; one is taken only when the user says so, with `take_offer`.
    pub offers: Vec<OfferView>,
}

/// Another zone or size in place of one without room.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, TS)]
pub struct OfferView {
    /// What `take_offer` names it by.
    pub id: String,
    /// The zone, such as `eu-central-1b`.
    pub zone: String,
    /// Instance type.
    pub size: String,
    /// Price an hour with the disk and the public address; `None` where it is not known.
    pub usd_per_hour: Option<f64>,
}

/// Why an install failed.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, TS)]
pub struct FailureView {
    /// What happened and what to do.
    pub error: Error,
    /// The step that failed, if it was one.
    pub step: Option<String>,
    /// Its title.
    pub step_title: Option<String>,
    /// The last lines before it failed, oldest first.
    pub last_lines: Vec<LogLine>,
    /// It can go on from this step.
    pub may_retry: bool,
    /// When it failed.
    #[ts(type = "number")]
    pub at: i64,
}

/// Everything about one launch but its log.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, TS)]
pub struct LaunchView {
    /// The head.
    pub server: ServerView,
    /// The five phases.
    pub rail: Vec<RailView>,
    /// The steps, in the recipe's order.
    pub steps: Vec<StepView>,
    /// When the install began.
    #[ts(type = "number | null")]
    pub install_started: Option<i64>,
    /// The attempt at work, from 1.
    pub attempt: u32,
    /// How the app stands with the installer.
    pub connection: ConnectionView,
    /// What it waits for, by itself or for the user.
    pub waiting: Option<Box<WaitingView>>,
    /// The same where it waits for the user, in brief.
    pub parked: Option<ParkedView>,
    /// Why it failed.
    pub failure: Option<FailureView>,
    /// How to get in, once that is known.
    pub access: Option<AccessView>,
    /// An image being made of it.
    pub image_job: Option<ImageJobView>,
    /// What could not be removed on terminate.
    pub leftovers: Vec<String>,
    /// How many log lines there are.
    #[ts(type = "number")]
    pub log_lines: i64,
}
