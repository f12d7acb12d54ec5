//! What to install: a recipe with the user's answers, as it travels in user data. It holds no secret.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use crate::message::{Admin, Site};

/// The steps of an install and what they need. Texts may hold placeholders, see [`crate::template`].
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Plan {
    /// The recipe's id.
    pub recipe: String,
    /// The recipe's version, for people.
    #[serde(default)]
    pub recipe_version: String,
    /// The user's answers, by input id. Secret inputs are not among them: they come as orders.
    #[serde(default)]
    pub inputs: BTreeMap<String, String>,
    /// Secrets that the steps use.
    #[serde(default)]
    pub secrets: Vec<SecretSpec>,
    /// The steps. Each may start when those in its `needs` have ended well.
    pub steps: Vec<Step>,
    /// Where the site answers. The port is replaced by the machine's own site port where that is not the usual one.
    pub site: Site,
    /// The site's own admin login.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub admin: Option<Admin>,
    /// Set on a launch from an image: the agent sets a fresh Administrator password and sends it sealed.
    #[serde(default)]
    pub fresh_administrator_password: bool,
    /// The step that is to fail in the first attempt, so that a failure can be practised.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub fail_at: Option<String>,
}

/// A secret that steps use as `${secret.NAME}`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SecretSpec {
    /// Its name.
    pub name: String,
    /// Where it comes from.
    pub origin: SecretOrigin,
}

/// Where a secret comes from.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum SecretOrigin {
    /// Made on the instance and sent to the app, sealed.
    Born,
    /// Sent by the app as an order; the steps that use it wait for it.
    Sent,
    /// Written by a newer app. The secret never comes, so that the steps that use it fail and say so.
    #[serde(other)]
    Unknown,
}

/// One step of the install.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Step {
    /// Unique in the plan: lower-case letters, digits, `-` and `_`.
    pub id: String,
    /// For people, in the imperative: "Install SQL Server Express".
    pub title: String,
    /// Ids of the steps that must have ended well before.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub needs: Vec<String>,
    /// A resource that only one step may hold at a time, such as `msi` or `windows_features`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub resource: Option<String>,
    /// What it does.
    #[serde(flatten)]
    pub action: Action,
    /// Tells whether there is nothing left to do.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub check: Option<Check>,
    /// Longest time one try may take, in seconds.
    #[serde(default = "default_timeout_seconds")]
    pub timeout_seconds: u32,
    /// How many times to try again after a failed try.
    #[serde(default, skip_serializing_if = "is_zero")]
    pub retries: u32,
    /// How long it usually takes, in seconds.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub usual_seconds: Option<u32>,
}

fn default_timeout_seconds() -> u32 {
    1800
}

fn is_zero(number: &u32) -> bool {
    *number == 0
}

/// What a step does.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum Action {
    /// Runs a program. Its output becomes lines; a line `##progress 0.4` tells how far it is.
    Run {
        /// A path, or a name on the PATH.
        program: String,
        /// Arguments. Placeholders for secrets are not allowed here: other processes can read them.
        #[serde(default, skip_serializing_if = "Vec::is_empty")]
        args: Vec<String>,
        /// Environment variables; may hold secrets.
        #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
        env: BTreeMap<String, String>,
        /// Standard input; may hold secrets.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        stdin: Option<String>,
        /// Exit codes that mean success.
        #[serde(default = "only_zero")]
        success_codes: Vec<i32>,
        /// Exit codes that mean success once the machine has restarted.
        #[serde(default, skip_serializing_if = "Vec::is_empty")]
        restart_codes: Vec<i32>,
        /// Exit codes that mean that the machine is busy with something else, such as another installation: the
        /// program is run again, for up to ten minutes, and no retry is used up.
        #[serde(default, skip_serializing_if = "Vec::is_empty")]
        busy_codes: Vec<i32>,
        /// Exit codes that mean that nothing can be done before the machine has restarted: it restarts, then the step
        /// is run again.
        #[serde(default, skip_serializing_if = "Vec::is_empty")]
        restart_first_codes: Vec<i32>,
    },
    /// Fetches a file over HTTP; goes on where a broken transfer ended.
    Download {
        /// Where from.
        url: String,
        /// SHA-256 of the file, lower-case hex.
        sha256: String,
        /// Where to.
        to: String,
    },
    /// Unpacks a zip archive. Entries that point out of the folder are refused.
    Unzip {
        /// The archive.
        from: String,
        /// The folder; made where it is missing.
        to: String,
    },
    /// Writes a text file; folders are made.
    WriteFile {
        /// Where to.
        to: String,
        /// The text.
        content: String,
    },
    /// Waits until a URL answers.
    WaitHttp {
        /// What to ask.
        url: String,
        /// The expected status.
        #[serde(default = "http_ok")]
        status: u16,
        /// A text that the answer must hold.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        contains: Option<String>,
    },
    /// Restarts the machine and goes on afterwards. It waits until no other step runs.
    Restart {},
    /// A kind that this version does not know; the step fails and says so.
    #[serde(untagged)]
    Unknown(Map<String, Value>),
}

fn only_zero() -> Vec<i32> {
    vec![0]
}

fn http_ok() -> u16 {
    200
}

/// Tells whether a step has nothing left to do.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Check {
    /// A file or folder is there.
    Exists(String),
    /// A file has this content.
    Sha256 {
        /// The file.
        file: String,
        /// Lower-case hex.
        sha256: String,
    },
    /// A program ends with 0.
    Succeeds {
        /// A path, or a name on the PATH.
        program: String,
        /// Arguments.
        #[serde(default)]
        args: Vec<String>,
    },
    /// A check that this version does not know: taken as "not done".
    #[serde(untagged)]
    Unknown(Value),
}
