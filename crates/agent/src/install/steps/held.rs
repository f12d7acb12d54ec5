//! Lines that are held back for a moment, because the next ones may show that a secret began in them.

use crate::install::redact::{Redacted, Redactor};
use slipway_protocol::secret::SHORTEST;

/// More than this is not held back, in bytes.
const MOST: usize = 64 * 1024;

/// Takes secrets out of lines, those too that a program has broken over several.
pub struct Held {
    redactor: Redactor,
    lines: Vec<String>,
}

impl Held {
    /// With nothing in it.
    pub fn new(redactor: Redactor) -> Self {
        let lines = Vec::new();
        Held { redactor, lines }
    }

    /// True where nothing waits.
    pub fn is_empty(&self) -> bool {
        self.lines.is_empty()
    }

    /// Takes the next line, and gives those that may be told now.
    pub fn push(&mut self, line: String) -> Vec<String> {
        self.lines.push(line);
        let Redacted { text, open } = self.redactor.look(&self.lines.join("\n"));
        let Some(open) = open.filter(|_| text.len() <= MOST) else {
            self.lines.clear();
            return text.split('\n').map(str::to_owned).collect();
        };
        let ready = text[..open].matches('\n').count();
        self.lines.drain(..ready);
        text.split('\n').take(ready).map(str::to_owned).collect()
    }

    /// Gives what waits: nothing more comes soon.
    pub fn flush(&mut self) -> Vec<String> {
        if self.lines.is_empty() {
            return Vec::new();
        }
        let whole = self.lines.join("\n");
        self.lines.clear();
        let Redacted { text, open } = self.redactor.look(&whole);
        let begun = open.map_or(0, |open| text[open..].chars().filter(|c| *c != '\n').count());
        let shown = if begun < SHORTEST {
            text
        } else {
            self.redactor.redact_cut(&whole)
        };
        shown.split('\n').map(str::to_owned).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn held() -> Held {
        let redactor = Redactor::default();
        redactor.hide("correct-horse-battery");
        Held::new(redactor)
    }

    #[test]
    fn a_secret_that_is_broken_over_lines_is_taken_out_of_all_of_them() {
        let mut held = held();
        assert_eq!(held.push("before".into()), ["before"]);
        assert!(held.push("key: corr".into()).is_empty());
        assert!(held.push("ect-horse-b".into()).is_empty());
        assert_eq!(held.push("attery, after".into()), ["key: •••", "", ", after"]);
        assert!(held.is_empty());
    }

    #[test]
    fn what_turns_out_to_be_no_secret_is_told_unchanged_and_in_order() {
        let mut held = held();
        assert!(held.push("a correct".into()).is_empty());
        assert_eq!(held.push("answer".into()), ["a correct", "answer"]);
        assert!(held.push("magic".into()).is_empty());
        assert_eq!(held.flush(), ["magic"]);
        assert!(held.flush().is_empty());
    }

    #[test]
    fn the_beginning_of_a_secret_is_not_told_when_nothing_follows() {
        let mut held = held();
        assert!(held.push("key: correct-ho".into()).is_empty());
        assert_eq!(held.flush(), ["key: •••"]);
    }
}
