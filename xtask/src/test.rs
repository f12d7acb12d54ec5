//! `cargo xtask test`: every part that belongs to this run, then the report.

use std::time::Instant;

use crate::part::{Part, When};
use crate::parts::PARTS;
use crate::report::Report;
use crate::say;
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
        let outcome = part.outcome(workspace);
        report.add(part.name, outcome, begun.elapsed(), strict);
    }
    say::line("");
    for line in report.lines() {
        say::line(&line);
    }
    report.good()
}
