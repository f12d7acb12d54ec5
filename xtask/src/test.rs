//! `cargo xtask test`: every part that belongs to this run, then the report.

use std::time::Instant;

use crate::part::{Outcome, Part, When};
use crate::parts::PARTS;
use crate::report::Report;
use crate::say;
use crate::transcript;
use crate::workspace::Workspace;

/// Whether every part passed, or was skipped where that is allowed.
pub fn test(workspace: &Workspace, only: Option<&str>) -> bool {
    let wanted = |part: &&Part| {
        let belongs =
            matches!(part.when, When::Always | When::Test) || (workspace.long && part.when == When::Long);
        belongs && only.is_none_or(|text| part.name.contains(text))
    };
    go_through(workspace, PARTS.iter().filter(wanted))
}

/// Runs the parts one after the other and prints the report.
pub fn go_through<'a>(workspace: &Workspace, parts: impl Iterator<Item = &'a Part>) -> bool {
    let strict = std::env::var("CI").is_ok_and(|value| !value.is_empty() && value != "false");
    let mut report = Report::default();
    for part in parts {
        say::line(&format!("== {}", part.name));
        let begun = Instant::now();
        let outcome = if strict {
            quietly(part, workspace)
        } else {
            part.outcome(workspace)
        };
        report.add(part.name, outcome, begun.elapsed(), strict);
    }
    say::line("");
    for line in report.lines() {
        say::line(&line);
    }
    report.good()
}

/// Nobody watches continuous integration: what a part prints goes into a file, and of a failed one the lines that tell
/// why are shown.
fn quietly(part: &Part, workspace: &Workspace) -> Outcome {
    let path = match transcript::open(&workspace.target.join("logs"), part.name) {
        Ok(path) => path,
        Err(reason) => return Outcome::Failed(reason),
    };
    let outcome = part.outcome(workspace);
    transcript::close();
    if outcome != Outcome::Passed {
        let output = std::fs::read(&path).unwrap_or_default();
        transcript::telling(&String::from_utf8_lossy(&output))
            .into_iter()
            .for_each(say::line);
        say::line(&format!("All that it printed is in {}", path.display()));
    }
    outcome
}
