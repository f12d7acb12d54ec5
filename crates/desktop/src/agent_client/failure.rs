//! What each way of failing means: nothing there, somebody else there, or the installer refusing.

use std::error::Error as StdError;
use std::io;

use reqwest::StatusCode;
use slipway_core::error::{Error, ErrorKind};
use slipway_core::ports::AgentAddress;

/// The question got no answer at all.
pub(super) fn no_answer(at: &AgentAddress, error: reqwest::Error) -> Error {
    let error = error.without_url();
    match tls_failure(&error) {
        Some(rustls::Error::InvalidCertificate(_)) => other_server(at),
        Some(rustls::Error::PeerMisbehaved(_)) => other_server(at),
        Some(_) => foreign(at),
        None => Error::new(ErrorKind::Unreachable, format!("{} does not answer.", place(at)))
            .hint("Check this computer's network; a firewall or proxy may block the port."),
    }
    .because(&error)
}

fn other_server(at: &AgentAddress) -> Error {
    Error::new(
        ErrorKind::IdentityMismatch,
        format!("{} is answered by another server than the one that was launched.", place(at)),
    )
    .hint("Nothing was sent to it. If no proxy of your network opens encrypted connections, terminate the server.")
}

fn foreign(at: &AgentAddress) -> Error {
    Error::new(
        ErrorKind::Unreachable,
        format!(
            "What answers at {} does not speak TLS as the installer does.",
            place(at)
        ),
    )
    .hint("A proxy or another program may be in between.")
}

/// The installer, or what stands in its place, answered with a refusal.
pub(super) fn from_status(at: &AgentAddress, status: StatusCode) -> Error {
    if matches!(status, StatusCode::UNAUTHORIZED | StatusCode::FORBIDDEN) {
        return Error::new(
            ErrorKind::AgentRefused,
            format!("The installer at {} refuses this app's token.", place(at)),
        )
        .hint("The server was launched by another Slipway, or its disk was replaced.");
    }
    Error::new(
        ErrorKind::Unreachable,
        format!("The installer at {} answered with “{status}”.", place(at)),
    )
}

pub(super) fn too_slow(at: &AgentAddress) -> Error {
    Error::new(
        ErrorKind::Unreachable,
        format!("{} does not answer in time.", place(at)),
    )
    .hint("Check this computer's network.")
}

/// An answer that ended early or can't be read.
pub(super) fn broken_off(at: &AgentAddress, error: &(dyn StdError + 'static)) -> Error {
    Error::new(
        ErrorKind::Unreachable,
        format!("The answer of {} was cut off or garbled.", place(at)),
    )
    .because(error)
}

pub(super) fn too_large(at: &AgentAddress, limit: usize) -> Error {
    let mebibytes = limit / (1024 * 1024);
    Error::new(
        ErrorKind::Internal,
        format!(
            "The answer of {} is larger than {mebibytes} MiB and was dropped.",
            place(at)
        ),
    )
}

/// The host comes from the cloud, so it may be shown.
fn place(at: &AgentAddress) -> String {
    format!("{}:{}", at.host, at.port)
}

/// Finds what the TLS layer said; an `io::Error` does not list what it carries among its sources.
fn tls_failure(error: &reqwest::Error) -> Option<&rustls::Error> {
    let mut next: Option<&(dyn StdError + 'static)> = Some(error);
    while let Some(cause) = next {
        if let Some(found) = cause.downcast_ref::<rustls::Error>() {
            return Some(found);
        }
        next = match cause.downcast_ref::<io::Error>().and_then(io::Error::get_ref) {
            Some(carried) => Some(carried),
            None => cause.source(),
        };
    }
    None
}
