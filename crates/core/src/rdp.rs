//! The text of a Remote Desktop file (.rdp), which every Remote Desktop client opens.
//!
//! The keys are those of Microsoft's "Supported RDP properties". A value ends with its line, so no line end may come
//! into one: it could add keys of its own, such as a program to start.

use std::net::IpAddr;

use crate::error::{Error, ErrorKind, Result};
use crate::names::{is_hidden, shown};

/// Where to connect, and as whom.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RdpTarget {
    /// DNS name, IPv4 or IPv6 address.
    pub host: String,
    /// TCP port; 3389 on EC2.
    pub port: u16,
    /// Windows user name, such as `Administrator`.
    pub user: String,
}

/// What every file says, besides whom to reach: nothing of this computer but the clipboard is shared with the server,
/// and a certificate that can't be checked gives a warning.
const FIXED: [&str; 19] = [
    // The password is not in the file, so the client asks for it, unless the system's vault knows it.
    "prompt for credentials:i:0",
    "authentication level:i:2",
    "enablecredsspsupport:i:1",
    "negotiate security layer:i:1",
    "screen mode id:i:2",
    "smart sizing:i:1",
    "dynamic resolution:i:1",
    "redirectclipboard:i:1",
    "redirectprinters:i:0",
    "redirectcomports:i:0",
    "redirectsmartcards:i:0",
    "redirectwebauthn:i:0",
    "redirectlocation:i:0",
    // Left out, these three mean “all of them”.
    "drivestoredirect:s:",
    "devicestoredirect:s:",
    "camerastoredirect:s:",
    "audiocapturemode:i:0",
    "audiomode:i:2",
    "autoreconnection enabled:i:1",
];

/// The text of the file, ASCII where host and user are. It holds no password.
///
/// Errors: [`ErrorKind::Input`] for a host or user that could not stand in one line.
pub fn file(target: &RdpTarget) -> Result<String> {
    let host = address(&target.host)?;
    check_user(&target.user)?;
    let mut text = format!(
        "full address:s:{host}:{}\r\nusername:s:{}\r\n",
        target.port, target.user
    );
    for line in FIXED {
        text.push_str(line);
        text.push_str("\r\n");
    }
    Ok(text)
}

/// The host as it stands before the port: an IPv6 address in brackets.
fn address(host: &str) -> Result<String> {
    if let Ok(ip) = host.parse::<IpAddr>() {
        return Ok(if ip.is_ipv6() {
            format!("[{ip}]")
        } else {
            ip.to_string()
        });
    }
    let label = |label: &str| {
        let ends = label.starts_with('-') || label.ends_with('-');
        let plain = label
            .chars()
            .all(|c| c.is_ascii_alphanumeric() || c == '-' || c == '_');
        !label.is_empty() && label.len() <= 63 && !ends && plain
    };
    if host.len() <= 253 && host.split('.').all(label) {
        return Ok(host.to_owned());
    }
    let sentence = format!("“{}” is not the address of a server.", shown(host));
    Err(Error::new(ErrorKind::Input, sentence)
        .hint("An address looks like 203.0.113.7 or server.example.com."))
}

fn check_user(user: &str) -> Result<()> {
    // What Windows refuses in account names, but for the backslash and @ that stand before or after a domain.
    let refused = |c: char| is_hidden(c) || "\"/[]:;|=,+*?<>".contains(c);
    if !user.trim().is_empty() && user.chars().count() <= 256 && !user.contains(refused) {
        return Ok(());
    }
    let sentence = format!("“{}” is not the name of a Windows user.", shown(user));
    Err(Error::new(ErrorKind::Input, sentence).hint("Use a name such as Administrator or DOMAIN\\name."))
}

#[cfg(test)]
#[path = "rdp_tests.rs"]
mod tests;
