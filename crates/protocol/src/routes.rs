//! The status service's routes, and what travels on them.
//!
//! Port 8080 answers GET over TLS with a bearer token. Messages come in by POST on a loopback port only.

use serde::{Deserialize, Serialize};

use crate::message::{Message, Outcome};
use crate::time::Time;

/// The port that the status service listens on, on a real instance.
pub const PORT: u16 = 8080;
/// `GET /v1/messages?after=N&limit=500&wait=25` → [`Page`]; `POST` (loopback only) takes a [`Batch`] → [`Accepted`].
pub const MESSAGES: &str = "/v1/messages";
/// `GET` → [`Steps`], a snapshot.
pub const STEPS: &str = "/v1/steps";
/// `GET` → the whole log file as UTF-8 text.
pub const LOG: &str = "/v1/log";
/// `GET` → [`Hello`].
pub const HELLO: &str = "/v1/hello";
/// Header of a `GET` of [`MESSAGES`] that carries a sealed order, see [`crate::Act::Scrub`]. Without one a `GET` changes
/// nothing on the instance.
pub const ORDER_HEADER: &str = "slipway-order";
/// Most messages in one [`Page`] or [`Batch`].
pub const MAX_MESSAGES: usize = 500;
/// Longest time that a GET of [`MESSAGES`] may wait for something new, in seconds.
pub const MAX_WAIT_SECONDS: u32 = 25;
/// Largest body of a POST, in bytes.
pub const MAX_BODY_BYTES: usize = 1024 * 1024;
/// Longest text of one message, in bytes; the agent cuts longer lines and marks the cut.
pub const MAX_TEXT_BYTES: usize = 16 * 1024;

/// Who answers on port 8080.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Hello {
    /// The newest protocol version that the agent speaks.
    pub protocol: u32,
    /// The agent's own version, for people.
    pub agent: String,
    /// The launch that the agent works for.
    pub launch: String,
    /// The EC2 instance id.
    pub instance: String,
    /// Made once per instance id and data folder; another value means another disk.
    pub stream: String,
    /// The agent's X25519 public key, base64, for orders.
    pub key: String,
    /// The current attempt, from 1.
    pub attempt: u32,
}

/// Messages in order of their numbers. The same question gets the same answer.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Page {
    /// See [`Hello::stream`].
    pub stream: String,
    /// The messages after the number asked for, without a gap.
    pub messages: Vec<Message>,
    /// The newest number there is; 0 when there is none.
    pub last: u64,
}

/// A batch from the installer, written with the sender's own numbers.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Batch {
    /// Names the queue that the numbers belong to; a new queue has a new name.
    pub sender: String,
    /// Messages whose `number` is the sender's own, ascending by one.
    pub messages: Vec<Message>,
}

/// Answer to a [`Batch`], given after the messages are on disk.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Accepted {
    /// The sender's highest number that is stored; everything up to it need not be sent again.
    pub through: u64,
}

/// How far each step is.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Steps {
    /// See [`Hello::stream`].
    pub stream: String,
    /// The current attempt, from 1.
    pub attempt: u32,
    /// The newest message that this snapshot takes into account.
    pub last: u64,
    /// One entry a step that has started, in the order they started.
    pub steps: Vec<StepStatus>,
    /// How the current attempt ended, once it has.
    pub end: Option<Outcome>,
}

/// One step in a [`Steps`] snapshot.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct StepStatus {
    /// The step's id in the plan.
    pub id: String,
    /// Where it stands.
    pub state: StepState,
    /// From 0 to 1, where the step can tell.
    pub progress: Option<f32>,
    /// When it started, in the current attempt.
    pub started: Time,
    /// When it ended.
    pub finished: Option<Time>,
}

/// Where a step stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum StepState {
    /// At work.
    Running,
    /// Ended well.
    Done,
    /// Ended badly.
    Failed,
    /// A state that this version does not know.
    #[serde(other)]
    Unknown,
}

/// Where the installer posts, written by the status service to a file that only SYSTEM and Administrators can read.
#[derive(Clone, Serialize, Deserialize)]
pub struct Inbox {
    /// The loopback port.
    pub port: u16,
    /// Sent as `Authorization: Bearer …`.
    pub secret: String,
}
