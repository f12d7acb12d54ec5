//! How this cloud behaves, as tests set it.

use std::collections::{BTreeMap, BTreeSet};

use serde::{Deserialize, Serialize};

/// Of a block for documentation (RFC 5737).
const CLIENT: &str = "198.51.100.7";

/// The settings.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(default)]
pub struct Rules {
    /// Actions that nobody may use, as policies name them: `ec2:RunInstances`.
    pub denied: BTreeSet<String>,
    /// Access keys whose session has expired.
    pub expired: BTreeSet<String>,
    /// Access keys whose session expires at the first request of this action, named as policies name it.
    pub expires: BTreeMap<String, String>,
    /// vCPUs of the standard families that an account may run.
    pub vcpus: f64,
    /// For so many seconds after its creation, reads do not know a resource (“Eventual consistency in the Amazon EC2
    /// API”).
    pub unknown_for: f64,
    /// The account's own key for new disks; AWS's own where it is not given.
    pub disk_key: Option<String>,
    /// That key may not be used: instances end at once.
    pub disk_key_refused: bool,
    /// For so many seconds keys of roles and of sign-ins are good from now on.
    pub session_seconds: f64,
    /// The thumbprint of Remote Desktop's certificate that every console tells; empty for one that nobody has.
    pub rdp_thumbprint: String,
    /// Where every client comes from, for whoever asks at `address`.
    pub client: String,
    /// Which keys of agents the consoles show.
    pub console_keys: ConsoleKeys,
}

/// Which keys of agents the consoles show.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ConsoleKeys {
    /// Those that each has.
    #[default]
    Its,
    /// None.
    Nothing,
    /// Those of nobody.
    Others,
}

impl Default for Rules {
    fn default() -> Self {
        Rules {
            denied: BTreeSet::new(),
            expired: BTreeSet::new(),
            expires: BTreeMap::new(),
            vcpus: 64.0,
            unknown_for: 0.0,
            disk_key: None,
            disk_key_refused: false,
            session_seconds: 3600.0,
            rdp_thumbprint: String::new(),
            client: CLIENT.to_owned(),
            console_keys: ConsoleKeys::default(),
        }
    }
}
