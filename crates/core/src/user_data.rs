//! The user data of an instance: the brief, in a comment that PowerShell ignores.

use slipway_protocol::Brief;

use crate::error::{Error, ErrorKind, Result};

/// EC2 takes at most this many bytes before base64.
pub const MAX_BYTES: usize = 16_384;

/// The text to send. It holds nothing that could not be on a billboard.
pub fn render(brief: &Brief) -> Result<String> {
    let line = brief.to_line().map_err(|error| {
        Error::new(
            ErrorKind::Internal,
            "The plan of this launch can't be written down.",
        )
        .because(&error)
    })?;
    let text = format!("{line}\n");
    if text.len() > MAX_BYTES {
        let sentence = format!(
            "The plan is too large to send: {} of at most {MAX_BYTES} bytes.",
            text.len()
        );
        return Err(
            Error::new(ErrorKind::Input, sentence).hint("Shorten the longest answers, then launch again.")
        );
    }
    Ok(text)
}
