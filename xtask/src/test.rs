//! `cargo xtask test`: every part that belongs to this run, then the report.

use std::panic::resume_unwind;
use std::time::{Duration, Instant};

use crate::part::{Lane, Outcome, Part, Times, When};
use crate::parts::{PARTS, WITNESSES};
use crate::report::Report;
use crate::say;
use crate::transcript;
use crate::workspace::{Workspace, nobody_watches};

/// Whether every part passed, or was skipped where that is allowed.
///
/// # Errors
/// When a part is named that there is not.
pub fn test(workspace: &Workspace, only: Option<&str>) -> Result<bool, String> {
    names_are_known(
        only.into_iter()
            .chain(workspace.may_lack.iter().map(String::as_str)),
    )?;
    let wanted = |part: &&Part| {
        let belongs =
            matches!(part.when, When::Always | When::Test) || (workspace.long && part.when == When::Long);
        belongs && only.is_none_or(|text| part.name.contains(text))
    };
    let parts: Vec<_> = PARTS.iter().filter(wanted).collect();
    // Whoever asks for a certain part watches it.
    if only.is_some() && !nobody_watches() {
        return Ok(in_order(
            workspace,
            parts.iter().map(|part| (part.name, || part.outcome(workspace))),
        ));
    }
    Ok(go_through(workspace, &parts))
}

/// A misspelt name would let a machine lack nothing, or run nothing.
fn names_are_known<'a>(mut names: impl Iterator<Item = &'a str>) -> Result<(), String> {
    let known: Vec<_> = PARTS
        .iter()
        .map(|part| part.name)
        .chain(WITNESSES.iter().copied())
        .collect();
    match names.find(|name| !known.iter().any(|part| part.contains(name))) {
        None => Ok(()),
        Some(name) => Err(format!(
            "No part's name contains “{name}”. There are: {}.",
            known.join(", ")
        )),
    }
}

/// Runs the parts in their lanes and prints the report.
pub fn go_through(workspace: &Workspace, parts: &[&Part]) -> bool {
    let begun = Instant::now();
    let ended = in_lanes(parts, |part| quietly(part, workspace));
    reported(workspace, ended, begun.elapsed())
}

/// Does one thing after the other, whatever becomes of those before, and prints the report. Whether nothing failed.
pub fn in_order<'a>(
    workspace: &Workspace,
    things: impl Iterator<Item = (&'a str, impl FnOnce() -> (Outcome, Times))>,
) -> bool {
    let begun = Instant::now();
    let ended = things.map(|(name, run)| told(name, run)).collect();
    reported(workspace, ended, begun.elapsed())
}

/// How something ended, and how long it took.
type Ended<'a> = (&'a str, Outcome, Times);

/// A compiler works on one crate for minutes, alone, and a launch waits for most of its time: what may run beside the
/// others does so. They end in the order given.
fn in_lanes<'a>(parts: &[&'a Part], run: impl Fn(&Part) -> (Outcome, Times) + Sync) -> Vec<Ended<'a>> {
    let lane = |lane: Lane| {
        let parts = parts.iter().filter(move |part| part.lane == lane);
        parts
            .map(|part| told(part.name, || run(part)))
            .collect::<Vec<_>>()
    };
    let lane = &lane;
    let mut ended = std::thread::scope(|scope| {
        let beside = scope.spawn(move || lane(Lane::Beside));
        let mut ended = lane(Lane::Builds);
        let waits = scope.spawn(move || lane(Lane::Waits));
        ended.extend(lane(Lane::Works));
        for other in [waits, beside] {
            ended.extend(other.join().unwrap_or_else(|panic| resume_unwind(panic)));
        }
        ended
    });
    ended.sort_by_key(|(name, ..)| parts.iter().position(|part| part.name == *name));
    ended
}

fn told(name: &str, run: impl FnOnce() -> (Outcome, Times)) -> Ended<'_> {
    say::line(&format!("== {name}"));
    let (outcome, times) = run();
    (name, outcome, times)
}

fn reported(workspace: &Workspace, ended: Vec<Ended<'_>>, took: Duration) -> bool {
    let mut report = Report::default();
    for (name, outcome, times) in ended {
        report.add(
            name,
            outcome,
            times,
            nobody_watches() && !workspace.may_lack(name),
        );
    }
    say::line("");
    for line in report.lines(took) {
        say::line(&line);
    }
    report.good()
}

/// What a part prints goes into a file, and of a failed one the lines that tell why are shown.
fn quietly(part: &Part, workspace: &Workspace) -> (Outcome, Times) {
    let path = match transcript::open(&workspace.target.join("logs"), part.name) {
        Ok(path) => path,
        Err(reason) => return (Outcome::Failed(reason), Times::default()),
    };
    let (outcome, times) = part.outcome(workspace);
    transcript::close();
    if outcome != Outcome::Passed {
        let output = std::fs::read(&path).unwrap_or_default();
        let output = String::from_utf8_lossy(&output);
        // At once: the other lanes may have something to say too.
        say::line(&format!(
            "{}\nAll that “{}” printed is in {}",
            transcript::telling(&output).join("\n"),
            part.name,
            path.display()
        ));
    }
    (outcome, times)
}

#[cfg(test)]
mod tests {
    use std::sync::Mutex;

    use super::*;

    fn part(name: &'static str, lane: Lane) -> Part {
        Part {
            name,
            when: When::Test,
            lane,
            set_up: |_| Ok(()),
            build: |_| Ok(()),
            run: |_| Ok(()),
        }
    }

    #[test]
    fn what_fails_does_not_keep_the_others_from_their_turn() {
        let turns = std::cell::RefCell::new(Vec::new());
        let fails = |name: &'static str| {
            turns.borrow_mut().push(name);
            let outcome = match name {
                "first" => Outcome::Failed("no figure".to_owned()),
                _ => Outcome::Passed,
            };
            (outcome, Times::default())
        };
        let things = ["first", "second"].into_iter();
        let workspace = Workspace::find().unwrap();
        assert!(!in_order(
            &workspace,
            things.map(|name| (name, move || fails(name)))
        ));
        assert_eq!(*turns.borrow(), ["first", "second"]);
    }

    #[test]
    fn nothing_runs_before_all_is_built_but_what_needs_no_build_and_all_end_in_order() {
        let parts = [
            part("tests", Lane::Works),
            part("lints", Lane::Builds),
            part("launches", Lane::Waits),
            part("browser", Lane::Beside),
        ];
        let begun = Mutex::new(Vec::new());
        let run = |part: &Part| {
            begun.lock().unwrap().push(part.name);
            (Outcome::Passed, Times::default())
        };
        let ended = in_lanes(&parts.each_ref(), run);
        let names: Vec<_> = ended.iter().map(|(name, ..)| *name).collect();
        assert_eq!(names, ["tests", "lints", "launches", "browser"]);
        let begun = begun.into_inner().unwrap();
        let at = |name: &str| begun.iter().position(|one| *one == name).unwrap();
        assert!(
            at("lints") < at("tests") && at("lints") < at("launches"),
            "{begun:?}"
        );
    }

    #[test]
    fn a_misspelt_part_is_told() {
        assert_eq!(names_are_known(["wine", "packer"].into_iter()), Ok(()));
        let told = names_are_known(["vine"].into_iter()).unwrap_err();
        assert!(told.contains("“vine”") && told.contains("under wine"), "{told}");
    }
}
