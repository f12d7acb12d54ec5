//! How to get in.

use serde::{Deserialize, Serialize};
use ts_rs::TS;

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
    /// SHA-1 thumbprint of the certificate that Remote Desktop shows, as the server's console told it: 40 hex digits.
    pub rdp_thumbprint: Option<String>,
    /// The site's address, only after it answered.
    pub site_url: Option<String>,
    /// What the site answered from this computer.
    pub visit: Option<VisitView>,
    /// The login of the site's own administration.
    pub admin: Option<AdminView>,
    /// Addresses that may connect.
    pub allowed_from: Vec<String>,
}

/// Whether Remote Desktop shows the certificate that the server's console told of.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum RdpCertificate {
    /// The very same, and whoever shows it has its key.
    Same,
    /// Another one: somebody else may answer at this address.
    Other,
    /// It could not be asked: the console has told of none, or nobody answers.
    Unseen,
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
