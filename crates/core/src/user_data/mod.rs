//! The user data of an instance: the brief, in a comment that PowerShell ignores, and in front of it the bootstrap
//! that fetches the agent. Where the world brings the agent along there is no bootstrap.

use slipway_protocol::{AgentSource, Brief, console};

use crate::error::{Error, ErrorKind, Result};

/// EC2 takes at most this many bytes before base64.
pub const MAX_BYTES: usize = 16_384;

const BOOTSTRAP: &str = include_str!("bootstrap.ps1");
/// What the bootstrap asks of the agent's program.
const INSTALL: &str = "install-service";
/// A profile or a prompt would make the bootstrap wait for ever.
const ARGUMENTS: &str =
    "<powershellArguments>-ExecutionPolicy Unrestricted -NoProfile -NonInteractive</powershellArguments>";

/// The text to send. It holds nothing that could not be on a billboard; the signature in the agent's URL is good for a
/// short while, for this one file.
pub fn render(brief: &Brief) -> Result<String> {
    let line = brief.to_line().map_err(|error| {
        Error::new(
            ErrorKind::Internal,
            "The plan of this launch can't be written down.",
        )
        .because(&error)
    })?;
    let text = match &brief.agent {
        None => format!("{line}\n"),
        Some(agent) => {
            let script = bootstrap(&brief.launch, agent)?;
            format!("<powershell>\n{script}{line}\n</powershell>\n{ARGUMENTS}\n")
        }
    };
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

/// INVARIANT: what is put into the script consists of characters that mean nothing to PowerShell inside single
/// quotes, and nothing to EC2Launch, which looks for tags.
fn bootstrap(launch: &str, agent: &AgentSource) -> Result<String> {
    let plain = is_word(launch) && is_sum(&agent.sha256) && is_url(&agent.url);
    if !plain {
        let sentence = "The address of the installer can't be written into the server's start script.";
        return Err(Error::new(ErrorKind::Internal, sentence)
            .hint("Use a plain https address without quotes or spaces."));
    }
    let code = BOOTSTRAP
        .lines()
        .filter(|line| !line.trim_start().starts_with('#'));
    let code: String = code.flat_map(|line| [line.trim_start(), "\n"]).collect();
    Ok(code
        .replace("@mark@", console::MARK)
        .replace("@install@", INSTALL)
        .replace("@launch@", launch)
        .replace("@sha256@", &agent.sha256)
        .replace("@url@", &agent.url))
}

fn is_word(text: &str) -> bool {
    !text.is_empty() && text.chars().all(|c| c.is_ascii_alphanumeric())
}

fn is_sum(text: &str) -> bool {
    text.len() == 64 && text.chars().all(|c| c.is_ascii_hexdigit())
}

/// The characters of a URL (RFC 3986) but the apostrophe. PowerShell takes typographic quotes for quotes, too, so only
/// ASCII may pass.
fn is_url(text: &str) -> bool {
    let may_stand = |c: char| c.is_ascii_alphanumeric() || "-._~:/?#[]@!$&()*+,;=%".contains(c);
    ["https://", "http://"]
        .iter()
        .any(|scheme| text.starts_with(scheme))
        && text.chars().all(may_stand)
}

#[cfg(test)]
mod tests;
