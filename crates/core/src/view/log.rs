//! The log of a launch, in windows.

use serde::{Deserialize, Serialize};
use ts_rs::TS;

/// One line of a launch's log.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, TS)]
pub struct LogLine {
    /// Its number in the stream, from 1.
    #[ts(type = "number")]
    pub number: i64,
    /// The attempt it belongs to.
    pub attempt: u32,
    /// By the instance's clock.
    #[ts(type = "number")]
    pub time: i64,
    /// The step it belongs to.
    pub step: Option<String>,
    /// How much it matters.
    pub level: LineLevel,
    /// What happened: `line`, `step_started`, `step_finished`, `end`, or a kind unknown here.
    pub kind: String,
    /// The text.
    pub text: String,
}

/// How much a line matters.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum LineLevel {
    /// Usual.
    Info,
    /// Worth a look.
    Warn,
    /// Why something failed.
    Error,
}

/// A window of the log.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize, TS)]
#[serde(default)]
pub struct LogQuery {
    /// Only lines after this number, oldest first; `None` gives the newest lines.
    #[ts(type = "number | null")]
    pub after: Option<i64>,
    /// Only lines before this number, the newest of them.
    #[ts(type = "number | null")]
    pub before: Option<i64>,
    /// At most this many, up to 1,000.
    pub limit: u32,
    /// Only of this step.
    pub step: Option<String>,
    /// Only lines that hold this text, without regard to case.
    pub search: Option<String>,
    /// Only warnings and errors.
    pub warnings_only: bool,
}

/// Lines of the log, oldest first.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, TS)]
pub struct LogPage {
    /// The lines.
    pub lines: Vec<LogLine>,
    /// How many lines match the query in all.
    #[ts(type = "number")]
    pub total: i64,
}
