//! The log file for people: every message and every action in a line.

use std::fs::File;
use std::io::{self, Write};
use std::path::Path;

use slipway_protocol::message::{Kind, Level};
use slipway_protocol::time::Time;

use super::draft::Draft;
use crate::private;

/// The open log file.
pub struct Log(File);

impl Log {
    /// Opens or makes it.
    pub fn open(path: &Path) -> io::Result<Self> {
        private::append(path).map(Log)
    }

    /// Adds lines. The log explains, it decides nothing: on a full disk it ends, and the install goes on.
    pub fn add(&mut self, lines: &[String]) {
        let _ = self.0.write_all(lines.concat().as_bytes());
    }
}

/// The line of something that is no message.
pub fn note(text: &str) -> String {
    format!("{} {text}\n", Time::now().console())
}

/// The line of a message.
pub fn line(draft: &Draft) -> String {
    let step = draft.step.as_deref().unwrap_or("-");
    let level = match draft.level {
        Level::Warn => " warning:",
        Level::Error => " error:",
        Level::Info | Level::Other => "",
    };
    let what = match &draft.kind {
        Kind::Line => String::new(),
        Kind::StepStarted => " started".to_owned(),
        Kind::StepProgress { done } => format!(" is at {:.0} %", done * 100.0),
        Kind::StepFinished { result, millis } => format!(" ended: {result:?} after {millis} ms"),
        Kind::Secret { name, .. } => format!(" sent the secret {name}, sealed"),
        Kind::Restart => " restarts the machine".to_owned(),
        Kind::OrderDone { order, result } => format!(" order {order}: {result:?}"),
        Kind::End { .. } => format!(" attempt {} is over", draft.attempt),
        Kind::Unknown(_) => " ?".to_owned(),
    };
    format!("{} [{step}]{what}{level} {}\n", draft.time.console(), draft.text)
}
