//! The end of a run of tests: every part with its time, every reason, one closing line.

use std::time::Duration;

use crate::part::Outcome;

/// How the parts ended.
#[derive(Default)]
pub struct Report {
    ended: Vec<(String, Outcome, Duration)>,
}

impl Report {
    /// Adds a part. Where `strict`, what could not run counts as failed: nobody reads a skip there.
    pub fn add(&mut self, name: &str, outcome: Outcome, took: Duration, strict: bool) {
        let outcome = match outcome {
            Outcome::Skipped(reason) if strict => Outcome::Failed(format!("could not run here: {reason}")),
            other => other,
        };
        self.ended.push((name.to_owned(), outcome, took));
    }

    /// Whether nothing failed.
    pub fn good(&self) -> bool {
        !self
            .ended
            .iter()
            .any(|(_, outcome, _)| matches!(outcome, Outcome::Failed(_)))
    }

    /// One line a part, then the closing line `N passed, N failed, N skipped`.
    pub fn lines(&self) -> Vec<String> {
        let width = self.ended.iter().map(|(name, ..)| name.len()).max().unwrap_or(0);
        let mut lines: Vec<_> = self.ended.iter().map(|ended| part_line(ended, width)).collect();
        lines.push(self.closing_line());
        lines
    }

    fn closing_line(&self) -> String {
        let count = |wanted: fn(&Outcome) -> bool| {
            self.ended
                .iter()
                .filter(|(_, outcome, _)| wanted(outcome))
                .count()
        };
        format!(
            "{} passed, {} failed, {} skipped",
            count(|outcome| matches!(outcome, Outcome::Passed)),
            count(|outcome| matches!(outcome, Outcome::Failed(_))),
            count(|outcome| matches!(outcome, Outcome::Skipped(_))),
        )
    }
}

fn part_line((name, outcome, took): &(String, Outcome, Duration), width: usize) -> String {
    let (word, reason) = match outcome {
        Outcome::Passed => ("passed", String::new()),
        Outcome::Failed(reason) => ("failed", format!("  {reason}")),
        Outcome::Skipped(reason) => ("skipped", format!("  {reason}")),
    };
    format!("{name:width$}  {word:7}  {:6.1} s{reason}", took.as_secs_f64())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn report(strict: bool) -> Report {
        let mut report = Report::default();
        report.add("format", Outcome::Passed, Duration::from_millis(1500), strict);
        report.add(
            "wine",
            Outcome::Skipped("no wine".to_owned()),
            Duration::ZERO,
            strict,
        );
        report
    }

    #[test]
    fn the_closing_line_stands_alone_and_counts_every_part() {
        let mut report = report(false);
        report.add(
            "tests",
            Outcome::Failed("one test".to_owned()),
            Duration::ZERO,
            false,
        );
        assert_eq!(report.lines().last().unwrap(), "1 passed, 1 failed, 1 skipped");
        assert!(!report.good());
    }

    #[test]
    fn a_skipped_part_is_named_with_its_reason() {
        let report = report(false);
        assert!(report.good());
        assert_eq!(report.lines()[1], "wine    skipped     0.0 s  no wine");
    }

    #[test]
    fn in_continuous_integration_a_skip_is_a_failure() {
        let report = report(true);
        assert!(!report.good());
        assert_eq!(report.lines().last().unwrap(), "1 passed, 1 failed, 0 skipped");
    }
}
