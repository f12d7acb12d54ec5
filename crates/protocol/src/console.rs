//! Lines that the agent writes to the serial console, where everybody with `ec2:GetConsoleOutput` may read them.
//!
//! They prove the agent's keys to the app, and show how an install goes where a network blocks port 8080. ASCII,
//! one line each, nothing secret.

use std::fmt;

/// Marks the agent's lines among everything else on the console.
pub const MARK: &str = "SLIPWAY1";

/// One line of the agent.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Line {
    /// The launch that the agent works for.
    pub launch: String,
    /// What it says.
    pub news: News,
}

/// What a console line says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum News {
    /// The keys that the status service answers with.
    Keys {
        /// SHA-256 of the TLS certificate (DER), lower-case hex.
        tls_sha256: String,
        /// The X25519 public key, base64.
        key: String,
    },
    /// A step began.
    StepStarted(String),
    /// A step ended well.
    StepDone(String),
    /// A step failed.
    StepFailed(String),
    /// The attempt ended well.
    Succeeded,
    /// The attempt failed.
    Failed,
    /// The bootstrap or the agent could not go on; a short reason.
    Trouble(String),
}

impl fmt::Display for Line {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(out, "{MARK} {} ", self.launch)?;
        match &self.news {
            News::Keys { tls_sha256, key } => write!(out, "keys tls-sha256={tls_sha256} x25519={key}"),
            News::StepStarted(step) => write!(out, "step {step} started"),
            News::StepDone(step) => write!(out, "step {step} done"),
            News::StepFailed(step) => write!(out, "step {step} failed"),
            News::Succeeded => write!(out, "end succeeded"),
            News::Failed => write!(out, "end failed"),
            News::Trouble(reason) => write!(out, "trouble {}", one_line(reason)),
        }
    }
}

/// Finds the agent's lines of one launch in a console text, in order.
pub fn lines(console: &str, launch: &str) -> Vec<Line> {
    console
        .lines()
        .filter_map(parse)
        .filter(|line| line.launch == launch)
        .collect()
}

/// Reads one line. `None` for what the agent did not write, or what the console's ring buffer cut.
pub fn parse(line: &str) -> Option<Line> {
    let (_, rest) = line.split_once(MARK)?;
    let mut words = rest.split_whitespace();
    let launch = words.next()?.to_owned();
    let rest: Vec<&str> = words.collect();
    let news = match rest.as_slice() {
        ["keys", tls, key] => News::Keys {
            tls_sha256: tls
                .strip_prefix("tls-sha256=")
                .filter(|hex| hex.len() == 64)?
                .to_owned(),
            key: key
                .strip_prefix("x25519=")
                .filter(|key| key.len() == 44)?
                .to_owned(),
        },
        ["step", step, "started"] => News::StepStarted((*step).to_owned()),
        ["step", step, "done"] => News::StepDone((*step).to_owned()),
        ["step", step, "failed"] => News::StepFailed((*step).to_owned()),
        ["end", "succeeded"] => News::Succeeded,
        ["end", "failed"] => News::Failed,
        ["trouble", reason @ ..] => News::Trouble(reason.join(" ")),
        _ => return None,
    };
    Some(Line { launch, news })
}

fn one_line(text: &str) -> String {
    text.chars()
        .map(|c| if c.is_ascii_graphic() { c } else { ' ' })
        .take(300)
        .collect()
}
