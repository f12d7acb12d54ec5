//! `cargo xtask test`: every part that belongs to this run, then the report.

use std::panic::resume_unwind;
use std::time::{Duration, Instant};

use crate::part::{Outcome, Part, When};
use crate::parts::PARTS;
use crate::report::Report;
use crate::say;
use crate::transcript;
use crate::workspace::{Workspace, nobody_watches};

/// Whether every part passed, or was skipped where that is allowed.
pub fn test(workspace: &Workspace, only: Option<&str>) -> bool {
    let wanted = |part: &&Part| {
        let belongs =
            matches!(part.when, When::Always | When::Test) || (workspace.long && part.when == When::Long);
        belongs && only.is_none_or(|text| part.name.contains(text))
    };
    go_through(workspace, PARTS.iter().filter(wanted))
}

/// Runs the parts and prints the report: one after the other, or, where nobody watches, in two lanes.
pub fn go_through<'a>(workspace: &Workspace, parts: impl Iterator<Item = &'a Part>) -> bool {
    if nobody_watches() {
        return reported(in_two_lanes(workspace, &parts.collect::<Vec<_>>()));
    }
    in_order(parts.map(|part| (part.name, move || part.outcome(workspace))))
}

/// Does one thing after the other, whatever becomes of those before, and prints the report. Whether nothing failed.
pub fn in_order<'a>(things: impl Iterator<Item = (&'a str, impl FnOnce() -> Outcome)>) -> bool {
    reported(things.map(|(name, run)| timed(name, run)).collect())
}

/// How something ended, and how long it took.
type Ended<'a> = (&'a str, Outcome, Duration);

/// A compiler works on one crate for minutes, alone: what may run beside the others does so. They end in the order given.
fn in_two_lanes<'a>(workspace: &Workspace, parts: &[&'a Part]) -> Vec<Ended<'a>> {
    let lane = |beside: bool| {
        let parts = parts.iter().filter(move |part| part.beside == beside);
        parts
            .map(|part| timed(part.name, || quietly(part, workspace)))
            .collect::<Vec<_>>()
    };
    let mut ended = std::thread::scope(|scope| {
        let other = scope.spawn(|| lane(true));
        let mut ended = lane(false);
        ended.extend(other.join().unwrap_or_else(|panic| resume_unwind(panic)));
        ended
    });
    ended.sort_by_key(|(name, ..)| parts.iter().position(|part| part.name == *name));
    ended
}

fn timed(name: &str, run: impl FnOnce() -> Outcome) -> Ended<'_> {
    say::line(&format!("== {name}"));
    let begun = Instant::now();
    let outcome = run();
    (name, outcome, begun.elapsed())
}

fn reported(ended: Vec<Ended<'_>>) -> bool {
    let strict = nobody_watches();
    let mut report = Report::default();
    for (name, outcome, took) in ended {
        report.add(name, outcome, took, strict);
    }
    say::line("");
    for line in report.lines() {
        say::line(&line);
    }
    report.good()
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
        let output = String::from_utf8_lossy(&output);
        // At once: the other lane may have something to say too.
        say::line(&format!(
            "{}\nAll that it printed is in {}",
            transcript::telling(&output).join("\n"),
            path.display()
        ));
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
