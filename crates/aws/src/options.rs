//! What whoever opens the adapter chooses, and what the adapter takes from its surroundings.

use std::path::PathBuf;

use slipway_core::secret::Secret;

use crate::profiles::Files;

/// Answers with the address that a request came from; AWS runs it for security groups.
const WHO_AM_I: &str = "https://checkip.amazonaws.com";
/// Takes the place of [`WHO_AM_I`], for networks that block it.
const WHO_AM_I_VARIABLE: &str = "SLIPWAY_ADDRESS_URL";

/// Whose credentials are used.
#[derive(Debug, Clone)]
pub enum Access {
    /// An access key, kept in the keychain.
    Keys {
        /// The access key id.
        id: String,
        /// The secret access key.
        secret: Secret<String>,
        /// The session token of temporary keys.
        session: Option<Secret<String>>,
    },
    /// A profile of `~/.aws`, by name.
    Profile(String),
}

/// The agent's program, as the instance will get it.
#[derive(Debug, Clone)]
pub enum AgentProgram {
    /// Built here: it travels by a private bucket of the user's own account.
    Built(PathBuf),
    /// A released one, fetched from its public URL.
    Released {
        /// HTTPS URL.
        url: String,
        /// SHA-256, lower-case hex.
        sha256: String,
    },
}

/// What to open: one account in one region.
#[derive(Debug, Clone)]
pub struct AwsOptions {
    /// Whose credentials.
    pub access: Access,
    /// Region, such as `eu-central-1`.
    pub region: String,
    /// The agent's program.
    pub agent: AgentProgram,
}

/// What the adapter takes from its surroundings. The SDK reads proxies and `AWS_ENDPOINT_URL` itself.
#[derive(Debug, Clone)]
pub struct Surroundings {
    /// Takes the place of every AWS endpoint; `None` leaves it to `AWS_ENDPOINT_URL`, else to AWS's own.
    pub endpoint: Option<String>,
    /// Where to ask for this computer's address.
    pub who_am_i: String,
    /// The files of `~/.aws`.
    pub files: Files,
}

impl Surroundings {
    /// The real ones.
    pub fn from_env() -> Self {
        Surroundings {
            endpoint: None,
            who_am_i: std::env::var(WHO_AM_I_VARIABLE).unwrap_or_else(|_| WHO_AM_I.to_owned()),
            files: Files::from_env(),
        }
    }
}
