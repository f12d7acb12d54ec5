//! The end of a run of tests: every part with its time, every reason, one closing line.

use std::time::Duration;

use crate::part::{Outcome, Times};

/// How the parts ended.
#[derive(Default)]
pub struct Report {
    ended: Vec<(String, Outcome, Times)>,
}

impl Report {
    /// Adds a part. Where `strict`, what could not run counts as failed: nobody reads a skip there.
    pub fn add(&mut self, name: &str, outcome: Outcome, times: Times, strict: bool) {
        let outcome = match outcome {
            Outcome::Skipped(reason) if strict => Outcome::Failed(format!("could not run here: {reason}")),
            other => other,
        };
        self.ended.push((name.to_owned(), outcome, times));
    }

    /// Whether nothing failed.
    pub fn good(&self) -> bool {
        !self
            .ended
            .iter()
            .any(|(_, outcome, _)| matches!(outcome, Outcome::Failed(_)))
    }

    /// One line a part with where its time went, what all of them took of this run, then the closing line
    /// `N passed, N failed, N skipped`.
    pub fn lines(&self, took: Duration) -> Vec<String> {
        let names = self.ended.iter().map(|(name, ..)| name.len());
        let width = names.chain(["in this time".len()]).max().unwrap_or(0);
        let head = format!(
            "{:width$}  {:7}{}",
            "",
            "",
            columns(["total", "set-up", "build", "tests"])
        );
        let mut lines = vec![head];
        lines.extend(self.ended.iter().map(|ended| part_line(ended, width)));
        let all = self
            .ended
            .iter()
            .fold(Times::default(), |sum, (_, _, times)| Times {
                set_up: sum.set_up + times.set_up,
                build: sum.build + times.build,
                run: sum.run + times.run,
            });
        lines.push(format!("{:width$}  {:7}{}", "all parts", "", times(all)));
        lines.push(format!(
            "{:width$}  {:7}{}",
            "in this time",
            "",
            columns([&seconds(took), "", "", ""]).trim_end()
        ));
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

fn part_line((name, outcome, took): &(String, Outcome, Times), width: usize) -> String {
    let (word, reason) = match outcome {
        Outcome::Passed => ("passed", String::new()),
        Outcome::Failed(reason) => ("failed", format!("  {reason}")),
        Outcome::Skipped(reason) => ("skipped", format!("  {reason}")),
    };
    format!("{name:width$}  {word:7}{}{reason}", times(*took))
}

fn times(times: Times) -> String {
    columns([times.total(), times.set_up, times.build, times.run].map(seconds))
}

fn columns(texts: [impl std::fmt::Display; 4]) -> String {
    texts.map(|text| format!("  {text:>8}")).concat()
}

fn seconds(took: Duration) -> String {
    format!("{:.1} s", took.as_secs_f64())
}

/// A longer time, for a sentence.
pub fn minutes(took: Duration) -> String {
    match (took.as_secs() / 60, took.as_secs() % 60) {
        (0, seconds) => format!("{seconds} s"),
        (minutes, seconds) => format!("{minutes} min {seconds} s"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn skipped() -> Outcome {
        Outcome::Skipped("no wine".to_owned())
    }

    fn report(strict: bool) -> Report {
        let mut report = Report::default();
        let times = Times {
            set_up: Duration::from_millis(500),
            build: Duration::from_secs(61),
            run: Duration::from_millis(1500),
        };
        report.add("format", Outcome::Passed, times, strict);
        report.add("wine", skipped(), Times::default(), strict);
        report
    }

    #[test]
    fn the_closing_line_stands_alone_and_counts_every_part() {
        let mut report = report(false);
        report.add(
            "tests",
            Outcome::Failed("one test".to_owned()),
            Times::default(),
            false,
        );
        let lines = report.lines(Duration::ZERO);
        assert_eq!(lines.last().unwrap(), "1 passed, 1 failed, 1 skipped");
        assert!(!report.good());
    }

    #[test]
    fn every_part_says_where_its_time_went_and_a_skipped_one_why() {
        let report = report(false);
        assert!(report.good());
        assert_eq!(
            report.lines(Duration::from_secs(40)),
            [
                "                          total    set-up     build     tests",
                "format        passed     63.0 s     0.5 s    61.0 s     1.5 s",
                "wine          skipped     0.0 s     0.0 s     0.0 s     0.0 s  no wine",
                "all parts                63.0 s     0.5 s    61.0 s     1.5 s",
                "in this time             40.0 s",
                "1 passed, 0 failed, 1 skipped"
            ]
        );
    }

    #[test]
    fn where_it_is_asked_for_a_skip_is_a_failure() {
        let report = report(true);
        assert!(!report.good());
        let lines = report.lines(Duration::ZERO);
        assert_eq!(lines.last().unwrap(), "1 passed, 1 failed, 0 skipped");
    }

    #[test]
    fn a_long_time_is_told_in_minutes() {
        assert_eq!(minutes(Duration::from_secs(59)), "59 s");
        assert_eq!(minutes(Duration::from_secs(358)), "5 min 58 s");
    }
}
