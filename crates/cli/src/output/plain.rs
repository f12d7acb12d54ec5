//! A launch as lines with timestamps, for pipes and files: each change once, in the order it happened.

use std::collections::HashMap;

use slipway_core::view::{LaunchView, LineLevel, LogLine, PieceState, RailPhase, Status};

use super::clean;
use super::text::timestamp;
use super::waiting;
use super::words;

/// A wait that goes on is told again after this time.
const REMINDER_MILLIS: i64 = 60_000;

/// What has been said already.
#[derive(Debug, Default)]
pub struct Plain {
    phases: HashMap<RailPhase, PieceState>,
    titles: HashMap<String, String>,
    status: Option<Status>,
    trouble: Option<&'static str>,
    wait: Option<Wait>,
}

/// A wait that was told.
#[derive(Debug, PartialEq)]
struct Wait {
    words: String,
    sentence: String,
    at: i64,
}

impl Plain {
    /// The lines that a new snapshot adds, each with its time.
    pub fn launch(&mut self, launch: &LaunchView, now: i64) -> Vec<(i64, String)> {
        self.titles = launch
            .steps
            .iter()
            .map(|step| (step.id.clone(), step.title.clone()))
            .collect();
        let mut news = self.phases(launch);
        if self.status.replace(launch.server.status) != Some(launch.server.status) {
            news.push((now, launch.server.status.words().to_owned()));
        }
        let trouble = words::connection(launch);
        if trouble != self.trouble {
            self.trouble = trouble;
            news.push((now, trouble.unwrap_or("The install is followed again").to_owned()));
        }
        news.extend(self.wait(launch, now).map(|text| (now, text)));
        let name = &launch.server.name;
        news.into_iter()
            .map(|(at, text)| (at, said(at, name, &text)))
            .collect()
    }

    /// A wait is told when it begins, when its reason changes, once a minute, and when it is over.
    fn wait(&mut self, launch: &LaunchView, now: i64) -> Option<String> {
        let Some(waiting) = &launch.waiting else {
            let over = self.wait.take()?;
            // The end of a launch says more.
            let goes_on = launch.server.status == Status::Launching;
            return goes_on.then(|| format!("{}: that is over, the launch goes on", over.words));
        };
        let known = self.wait.as_ref();
        let told = known.is_some_and(|known| {
            known.words == waiting.words
                && known.sentence == waiting.error.sentence
                && now - known.at < REMINDER_MILLIS
        });
        if told {
            return None;
        }
        self.wait = Some(Wait {
            words: waiting.words.clone(),
            sentence: waiting.error.sentence.clone(),
            at: now,
        });
        Some(waiting::paragraph(waiting, now))
    }

    /// The line for a line of the log, with its time; `None` where it says nothing to people.
    pub fn line(&self, name: &str, line: &LogLine) -> Option<(i64, String)> {
        let text = words::said(line)?;
        let title = line
            .step
            .as_ref()
            .map(|step| self.titles.get(step).unwrap_or(step).as_str());
        let about = title.map_or_else(String::new, |title| format!("{title}: "));
        let level = match line.level {
            LineLevel::Info => "",
            LineLevel::Warn => "warning: ",
            LineLevel::Error => "error: ",
        };
        Some((line.time, said(line.time, name, &format!("{level}{about}{text}"))))
    }

    fn phases(&mut self, launch: &LaunchView) -> Vec<(i64, String)> {
        let mut news = Vec::new();
        for phase in launch
            .rail
            .iter()
            .filter(|phase| phase.state != PieceState::Waiting)
        {
            let known = self.phases.insert(phase.phase, phase.state);
            if known != Some(phase.state) {
                let at = phase.ended.or(phase.started).unwrap_or_default();
                news.push((at, words::phase(phase.phase, phase.state).to_owned()));
            }
        }
        news
    }
}

fn said(at: i64, name: &str, text: &str) -> String {
    format!("{}  {}  {}", timestamp(at), clean::line(name), clean::line(text))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::sample;

    #[test]
    fn a_snapshot_that_says_nothing_new_adds_no_line() {
        let mut plain = Plain::default();
        let first = plain.launch(&sample::installing(), 0);
        assert!(
            first.iter().any(|(_, line)| line.ends_with("demo  Installing")),
            "{first:?}"
        );
        assert!(plain.launch(&sample::installing(), 0).is_empty());
    }

    #[test]
    fn a_wait_is_told_once_a_minute_and_its_end_too() {
        let mut plain = Plain::default();
        let mut launch = sample::installing();
        plain.launch(&launch, 0);
        launch.waiting = Some(Box::new(sample::waiting()));
        let first = plain.launch(&launch, 73_000);
        let expected = "demo  Waiting for S3 to answer. S3 answered 501. Look at the endpoint. Tried 5 times in 1:03; next try in 17 s.";
        assert!(first.len() == 1 && first[0].1.ends_with(expected), "{first:?}");
        assert!(plain.launch(&launch, 100_000).is_empty());
        assert_eq!(plain.launch(&launch, 133_000).len(), 1);
        launch.waiting = None;
        let over = plain.launch(&launch, 140_000);
        assert!(
            over[0]
                .1
                .ends_with("Waiting for S3 to answer: that is over, the launch goes on"),
            "{over:?}"
        );
    }

    #[test]
    fn a_phase_is_told_as_it_stands() {
        let mut plain = Plain::default();
        let mut launch = sample::installing();
        launch.rail[2].state = PieceState::Running;
        let lines = plain.launch(&launch, 0);
        let told = |text: &str| lines.iter().any(|(_, line)| line.ends_with(text));
        assert!(
            told("demo  Waiting for Windows") && !told("Windows is ready"),
            "{lines:?}"
        );
    }

    #[test]
    fn lines_carry_time_server_and_step() {
        let mut plain = Plain::default();
        plain.launch(&sample::installing(), 0);
        let line = plain.line("demo", &sample::line(5, "CREATE\x1b[31m TABLE"));
        let expected = "1970-01-01T00:00:05Z  demo  Set up the database: CREATE␛[31m TABLE";
        assert_eq!(line, Some((5_000, expected.to_owned())));
        assert_eq!(plain.line("demo", &sample::line(6, "")), None);
    }
}
