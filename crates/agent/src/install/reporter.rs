//! Tells what happens: the one way from the installer to log, queue and console. No secret gets past it.

use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};

use slipway_protocol::console::News;
use slipway_protocol::message::{Kind, Level, Outcome, StepResult};
use slipway_protocol::routes::MAX_TEXT_BYTES;

use super::draft::Draft;
use super::outbox::Intake;
use super::redact::Redactor;
use crate::console::Console;

/// Tells what happens. Clones share everything.
#[derive(Clone)]
pub struct Reporter {
    intake: Intake,
    console: Console,
    redactor: Redactor,
    attempt: Arc<AtomicU32>,
}

impl Reporter {
    /// Tells through `intake` and `console`, without what `redactor` hides.
    pub fn new(intake: Intake, console: Console, redactor: Redactor) -> Self {
        Reporter {
            intake,
            console,
            redactor,
            attempt: Arc::new(AtomicU32::new(1)),
        }
    }

    /// From now on lines belong to this attempt.
    pub fn set_attempt(&self, attempt: u32) {
        self.attempt.store(attempt, Ordering::Relaxed);
    }

    /// A message of the current attempt.
    pub fn draft(&self, level: Level, text: &str, kind: Kind) -> Draft {
        Draft::of(self.attempt.load(Ordering::Relaxed), level, text, kind)
    }

    /// Tells a message.
    pub async fn tell(&self, draft: Draft) {
        if let Some(news) = news(&draft) {
            self.console.say(news);
        }
        self.intake.message(self.cleaned(draft)).await;
    }

    /// Tells a line of the installer itself.
    pub async fn line(&self, level: Level, text: &str) {
        self.tell(self.draft(level, text, Kind::Line)).await;
    }

    /// Tells a line of a step.
    pub async fn step_line(&self, step: &str, level: Level, text: &str) {
        self.tell(self.draft(level, text, Kind::Line).in_step(step)).await;
    }

    /// Tells how far a step is, from 0 to 1.
    pub async fn progress(&self, step: &str, done: f32) {
        let kind = Kind::StepProgress {
            done: done.clamp(0.0, 1.0),
        };
        self.tell(self.draft(Level::Info, "", kind).in_step(step)).await;
    }

    /// Writes a line to the log alone.
    pub async fn note(&self, text: &str) {
        self.intake.note(&self.redactor.redact(text)).await;
    }

    /// Returns once everything told so far is durable.
    pub async fn flush(&self) {
        self.intake.flush().await;
    }

    /// Returns once the status service has everything told so far.
    pub async fn delivered(&self) {
        self.intake.delivered().await;
        self.console.flush().await;
    }

    /// What takes secrets out.
    pub fn redactor(&self) -> &Redactor {
        &self.redactor
    }

    fn cleaned(&self, draft: Draft) -> Draft {
        let kind = match draft.kind {
            Kind::End {
                outcome: Outcome::Failed { step, reason },
            } => {
                let reason = self.clean(&reason);
                Kind::End {
                    outcome: Outcome::Failed { step, reason },
                }
            }
            other => other,
        };
        Draft {
            text: self.clean(&draft.text),
            kind,
            ..draft
        }
    }

    fn clean(&self, text: &str) -> String {
        // First the secrets: a cut through one would leave its beginning.
        cut(self.redactor.redact(text))
    }
}

/// Cuts a text to what a message may hold, and says so in it.
fn cut(mut text: String) -> String {
    if text.len() <= MAX_TEXT_BYTES {
        return text;
    }
    let mark = format!(" … (cut; {} bytes in all)", text.len());
    text.truncate(text.floor_char_boundary(MAX_TEXT_BYTES - mark.len()));
    text + &mark
}

fn news(draft: &Draft) -> Option<News> {
    let step = || draft.step.clone();
    match &draft.kind {
        Kind::StepStarted => step().map(News::StepStarted),
        Kind::StepFinished {
            result: StepResult::Failed,
            ..
        } => step().map(News::StepFailed),
        Kind::StepFinished { .. } => step().map(News::StepDone),
        Kind::End {
            outcome: Outcome::Succeeded { .. },
        } => Some(News::Succeeded),
        Kind::End { .. } => Some(News::Failed),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_long_text_is_cut_between_characters_and_says_so() {
        let text = cut("é".repeat(MAX_TEXT_BYTES));
        assert!(text.len() <= MAX_TEXT_BYTES, "{}", text.len());
        assert!(text.ends_with(&format!("(cut; {} bytes in all)", 2 * MAX_TEXT_BYTES)));
    }
}
