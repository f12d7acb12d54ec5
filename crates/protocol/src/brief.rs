//! What user data tells the agent. Everybody may read it, so it holds nothing that could not be on a billboard.

use std::io::{Read, Write};

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD as BASE64;
use flate2::Compression;
use flate2::read::GzDecoder;
use flate2::write::GzEncoder;
use serde::{Deserialize, Serialize};

use crate::plan::Plan;

/// The line of user data that carries the brief starts with this. PowerShell takes it for a comment.
pub const MARK: &str = "# slipway-brief ";
/// A brief that unpacks to more than this is refused, so that a bomb can't fill the memory.
const MAX_BYTES: u64 = 4 * 1024 * 1024;

/// What the agent is to do, for whom, and how it recognises the app.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Brief {
    /// The protocol version of the app that wrote it.
    pub version: u32,
    /// The launch's id.
    pub launch: String,
    /// Where the agent's program comes from; absent where the world brings it along.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub agent: Option<AgentSource>,
    /// SHA-256 of the bearer token, lower-case hex.
    pub token_sha256: String,
    /// The app's X25519 public key, base64.
    pub app_key: String,
    /// What to install.
    pub plan: Plan,
    /// When the machine stops itself.
    #[serde(default, skip_serializing_if = "Limits::is_empty")]
    pub limits: Limits,
}

/// When the machine stops itself, with nobody watching. It shuts down, which EC2 takes for *stop*: the disk stays.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Limits {
    /// The stop timer: so many minutes after the agent's first start on this instance, once, whatever goes on then.
    /// Time for which the instance was stopped does not count.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub stop_after_minutes: Option<u32>,
    /// So many minutes after an attempt has failed; a retry ends the wait, [`crate::Act::Extend`] puts it off.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub stop_failed_after_minutes: Option<u32>,
}

impl Limits {
    /// True where the machine never stops itself.
    pub fn is_empty(&self) -> bool {
        *self == Limits::default()
    }
}

/// The agent's program: where to get it, and what it must be.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct AgentSource {
    /// An HTTPS URL.
    pub url: String,
    /// SHA-256 of the program, lower-case hex.
    pub sha256: String,
}

/// Why a brief could not be read.
#[derive(Debug, thiserror::Error)]
pub enum BriefError {
    /// No line of the user data starts with [`MARK`].
    #[error("the user data holds no brief")]
    Missing,
    /// base64 or gzip is damaged.
    #[error("the brief in the user data is damaged")]
    Damaged,
    /// The JSON does not say what a brief must say.
    #[error("the brief in the user data can't be read: {0}")]
    Json(#[from] serde_json::Error),
}

impl Brief {
    /// The whole comment line, without a line end.
    pub fn to_line(&self) -> Result<String, BriefError> {
        let mut gzip = GzEncoder::new(Vec::new(), Compression::best());
        gzip.write_all(&serde_json::to_vec(self)?)
            .map_err(|_| BriefError::Damaged)?;
        let packed = gzip.finish().map_err(|_| BriefError::Damaged)?;
        Ok(format!("{MARK}{}", BASE64.encode(packed)))
    }

    /// Finds and reads the brief in a user data text.
    pub fn from_user_data(text: &str) -> Result<Self, BriefError> {
        Ok(serde_json::from_slice(&unpack(text)?)?)
    }
}

/// The launch that user data belongs to, even where the rest of the brief can't be read.
pub fn launch_in(user_data: &str) -> Option<String> {
    #[derive(Deserialize)]
    struct OnlyLaunch {
        launch: String,
    }
    let only: OnlyLaunch = serde_json::from_slice(&unpack(user_data).ok()?).ok()?;
    Some(only.launch)
}

/// The JSON of the brief.
fn unpack(text: &str) -> Result<Vec<u8>, BriefError> {
    let packed = text
        .lines()
        .find_map(|line| line.trim().strip_prefix(MARK))
        .ok_or(BriefError::Missing)?;
    let packed = BASE64.decode(packed.trim()).map_err(|_| BriefError::Damaged)?;
    let mut json = Vec::new();
    let mut unpacked = GzDecoder::new(packed.as_slice()).take(MAX_BYTES);
    unpacked.read_to_end(&mut json).map_err(|_| BriefError::Damaged)?;
    Ok(json)
}
