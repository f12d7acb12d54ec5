//! What the faces see: plain values for the window and the terminal, built from the journal. They hold no secret.
//!
//! Times are milliseconds since the Unix epoch, durations are milliseconds, money is US dollars.

pub mod choice;

use serde::{Deserialize, Serialize};
use ts_rs::TS;

use crate::error::Error;

/// What a user sees of a server's state, in one word.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum Status {
    /// On its way to ready.
    Launching,
    /// Waits for the user, see [`ServerView::parked`].
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
    /// Price an hour while it runs; `None` where it is not known, and in the practice world.
    pub usd_per_hour: Option<f64>,
    /// What it has cost so far; `None` where it is not known, and in the practice world.
    pub usd_so_far: Option<f64>,
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
    /// Make an image.
    pub image: bool,
    /// Remote Desktop.
    pub connect: bool,
    /// Terminate.
    pub terminate: bool,
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
    /// Why it waits for the user.
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

/// How to get in.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, TS)]
pub struct AccessView {
    /// DNS name or address.
    pub host: String,
    /// Port of Remote Desktop.
    pub rdp_port: u16,
    /// The Windows user.
    pub user: String,
    /// Its password is known here and can be revealed.
    pub has_password: bool,
    /// The site's address, only after it answered.
    pub site_url: Option<String>,
    /// What the site answered from this computer.
    pub visit: Option<VisitView>,
    /// The login of the site's own administration.
    pub admin: Option<AdminView>,
    /// Addresses that may connect.
    pub allowed_from: Vec<String>,
}

/// What a site answered.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, TS)]
pub struct VisitView {
    /// HTTP status.
    pub status: u16,
    /// Time to its first byte, in milliseconds.
    pub millis: u32,
}

/// The login of the site's own administration.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, TS)]
pub struct AdminView {
    /// Where to log in.
    pub url: String,
    /// User name.
    pub user: String,
    /// Its password is known here and can be revealed.
    pub has_password: bool,
}

/// Which password to reveal.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum PasswordOf {
    /// The Windows Administrator.
    Administrator,
    /// The site's own administration.
    SiteAdmin,
}

/// One line of a launch's log.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, TS)]
pub struct LogLine {
    /// Its number in the stream, from 1.
    #[ts(type = "number")]
    pub number: i64,
    /// The attempt it belongs to.
    pub attempt: u32,
    /// By the instance's clock.
    #[ts(type = "number")]
    pub time: i64,
    /// The step it belongs to.
    pub step: Option<String>,
    /// How much it matters.
    pub level: LineLevel,
    /// What happened: `line`, `step_started`, `step_finished`, `end`, or a kind unknown here.
    pub kind: String,
    /// The text.
    pub text: String,
}

/// How much a line matters.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum LineLevel {
    /// Usual.
    Info,
    /// Worth a look.
    Warn,
    /// Why something failed.
    Error,
}

/// A window of the log.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize, TS)]
#[serde(default)]
pub struct LogQuery {
    /// Only lines after this number, oldest first; `None` gives the newest lines.
    #[ts(type = "number | null")]
    pub after: Option<i64>,
    /// Only lines before this number, the newest of them.
    #[ts(type = "number | null")]
    pub before: Option<i64>,
    /// At most this many, up to 1,000.
    pub limit: u32,
    /// Only of this step.
    pub step: Option<String>,
    /// Only lines that hold this text, without regard to case.
    pub search: Option<String>,
    /// Only warnings and errors.
    pub warnings_only: bool,
}

/// Lines of the log, oldest first.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, TS)]
pub struct LogPage {
    /// The lines.
    pub lines: Vec<LogLine>,
    /// How many lines match the query in all.
    #[ts(type = "number")]
    pub total: i64,
}

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

/// A profile: whose account, which region.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, TS)]
pub struct ProfileView {
    /// Its name.
    pub name: String,
    /// It is the practice world.
    pub practice: bool,
    /// The region it works in.
    pub region: String,
    /// The account number, where known.
    pub account: Option<String>,
    /// It is the one in use.
    pub current: bool,
}
