//! A message before it has its number: made here alone, numbered by the queue.

use slipway_protocol::message::{Kind, Level, Message, Outcome};
use slipway_protocol::time::Time;

/// A message before it has its number.
#[derive(Debug, Clone, PartialEq)]
pub struct Draft {
    /// See [`Message::attempt`].
    pub attempt: u32,
    /// When it happened.
    pub time: Time,
    /// See [`Message::step`].
    pub step: Option<String>,
    /// See [`Message::level`].
    pub level: Level,
    /// See [`Message::text`].
    pub text: String,
    /// See [`Message::kind`].
    pub kind: Kind,
}

impl Draft {
    /// Something that happened now, to no step.
    pub fn of(attempt: u32, level: Level, text: &str, kind: Kind) -> Self {
        Draft {
            attempt,
            time: Time::now(),
            step: None,
            level,
            text: text.to_owned(),
            kind,
        }
    }

    /// The end of an attempt.
    pub fn end(attempt: u32, outcome: Outcome) -> Self {
        let (level, text) = match &outcome {
            Outcome::Succeeded { .. } => (Level::Info, "The site is there.".to_owned()),
            Outcome::Failed { reason, .. } => (Level::Error, reason.clone()),
        };
        Draft::of(attempt, level, &text, Kind::End { outcome })
    }

    /// The same, in a step.
    pub fn in_step(self, step: &str) -> Self {
        Draft {
            step: Some(step.to_owned()),
            ..self
        }
    }

    /// True for what must be told even when the disk is nearly full; lines and progress may be left out then.
    pub fn is_essential(&self) -> bool {
        !matches!(self.kind, Kind::Line | Kind::StepProgress { .. })
    }

    /// The message with this number.
    pub fn numbered(self, number: u64) -> Message {
        Message {
            number,
            attempt: self.attempt,
            time: self.time,
            step: self.step,
            level: self.level,
            text: self.text,
            kind: self.kind,
        }
    }
}
