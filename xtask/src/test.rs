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
    let outcome = |part: &'a Part| {
        if nobody_watches() {
            quietly(part, workspace)
        } else {
            part.outcome(workspace)
        }
    };
    in_order(parts.map(|part| (part.name, move || outcome(part))))
}

/// Does one thing after the other, whatever becomes of those before, and prints the report. Whether nothing failed.
pub fn in_order<'a>(things: impl Iterator<Item = (&'a str, impl FnOnce() -> Outcome)>) -> bool {
    let strict = nobody_watches();
    let mut report = Report::default();
    for (name, run) in things {
        say::line(&format!("== {name}"));
        let begun = Instant::now();
        let outcome = run();
        report.add(name, outcome, begun.elapsed(), strict);
    }
    say::line("");
    for line in report.lines() {
        say::line(&line);
    }
    report.good()
}

/// Whether this is continuous integration.
fn nobody_watches() -> bool {
    std::env::var("CI").is_ok_and(|value| !value.is_empty() && value != "false")
}

/// Where nobody watches, what a part prints goes into a file, and of a failed one the lines that tell
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_fails_does_not_keep_the_others_from_their_turn() {
        let turns = std::cell::RefCell::new(Vec::new());
        let fails = |name: &'static str| {
            turns.borrow_mut().push(name);
            match name {
                "first" => Outcome::Failed("no figure".to_owned()),
                _ => Outcome::Passed,
            }
        };
        let things = ["first", "second"].into_iter();
        assert!(!in_order(things.map(|name| (name, move || fails(name)))));
        assert_eq!(*turns.borrow(), ["first", "second"]);
    }
}
