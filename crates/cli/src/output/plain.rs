//! A launch as lines with timestamps, for pipes and files: each change once, in the order it happened.

use std::collections::HashMap;

use slipway_core::view::{LaunchView, LineLevel, LogLine, PieceState, RailPhase, Status};

use super::clean;
use super::text::timestamp;
use super::words;

/// What has been said already.
#[derive(Debug, Default)]
pub struct Plain {
    phases: HashMap<RailPhase, PieceState>,
    titles: HashMap<String, String>,
    status: Option<Status>,
    trouble: Option<&'static str>,
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
            news.push((now, words::status(launch.server.status).to_owned()));
        }
        let trouble = words::connection(launch);
        if trouble != self.trouble {
            self.trouble = trouble;
            news.push((now, trouble.unwrap_or("The installer answers again").to_owned()));
        }
        let name = &launch.server.name;
        news.into_iter()
            .map(|(at, text)| (at, said(at, name, &text)))
            .collect()
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
                news.push((
                    at,
                    format!("{} {}", words::phase(phase.phase), words::piece(phase.state)),
                ));
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
            first
                .iter()
                .any(|(_, line)| line.ends_with("demo  Installing begins")),
            "{first:?}"
        );
        assert!(plain.launch(&sample::installing(), 0).is_empty());
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
