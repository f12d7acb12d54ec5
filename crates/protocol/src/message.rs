//! What the installer tells: one numbered stream of messages a machine. Only the agent constructs them.

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use crate::order::OrderResult;
use crate::sealing::Sealed;
use crate::time::Time;

/// One thing that happened on the instance.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Message {
    /// Position in the stream, from 1, without gaps.
    pub number: u64,
    /// The attempt it belongs to, from 1; a retry begins the next one.
    pub attempt: u32,
    /// When it happened, by the instance's clock. A label only.
    pub time: Time,
    /// The step it belongs to, if any.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub step: Option<String>,
    /// How much it matters.
    #[serde(default)]
    pub level: Level,
    /// A line for people; may hold anything a program printed.
    #[serde(default)]
    pub text: String,
    /// What happened.
    #[serde(flatten)]
    pub kind: Kind,
}

/// How much a message matters.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Level {
    /// Usual output.
    #[default]
    Info,
    /// Worth a look.
    Warn,
    /// Why something failed.
    Error,
    /// A level that this version does not know.
    #[serde(other)]
    Other,
}

/// What happened.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum Kind {
    /// A line of output.
    Line,
    /// A step began.
    StepStarted,
    /// A step tells how far it is.
    StepProgress {
        /// From 0 to 1.
        done: f32,
    },
    /// A step ended.
    StepFinished {
        /// How.
        result: StepResult,
        /// How long it took, in milliseconds, all tries together.
        millis: u64,
    },
    /// A secret that was born on the instance, sealed to the app's key.
    Secret {
        /// Its name in the plan, or [`ADMINISTRATOR_PASSWORD`].
        name: String,
        /// The sealed value.
        sealed: Sealed,
    },
    /// The instance goes down for a restart and comes back.
    Restart,
    /// An order was carried out, or refused with the reason in `text`.
    OrderDone {
        /// The order's number.
        order: u32,
        /// How it went.
        result: OrderResult,
    },
    /// The attempt is over. The stream goes on with the next attempt.
    End {
        /// How it ended.
        outcome: Outcome,
    },
    /// A kind that this version does not know, kept as it came.
    #[serde(untagged)]
    Unknown(Map<String, Value>),
}

/// Name of the Windows Administrator password among the secrets of a machine.
pub const ADMINISTRATOR_PASSWORD: &str = "administrator_password";

/// How a step ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum StepResult {
    /// It did its work.
    Done,
    /// Its check said that there was nothing left to do.
    AlreadyDone,
    /// It failed after its last try; the reason is in the message's text.
    Failed,
    /// A result that this version does not know.
    #[serde(other)]
    Unknown,
}

/// How an attempt ended: the control token of the installer.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(tag = "result", rename_all = "snake_case")]
pub enum Outcome {
    /// The site is there.
    Succeeded {
        /// Where it answers.
        site: Site,
        /// The site's own admin login, if it has one.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        admin: Option<Admin>,
    },
    /// A step failed.
    Failed {
        /// The step's id; absent when the installer itself could not go on.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        step: Option<String>,
        /// Why, in a sentence for people.
        reason: String,
    },
}

/// Where the site answers on its host. The host is the app's to know: the public address changes.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Site {
    /// `http` or `https`.
    pub scheme: String,
    /// TCP port.
    pub port: u16,
    /// Starts with `/`.
    pub path: String,
}

/// The login of the site's own administration.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Admin {
    /// User name.
    pub user: String,
    /// Name of the secret that is the password.
    pub secret: String,
    /// Where to log in, on the site; starts with `/`.
    pub path: String,
}
