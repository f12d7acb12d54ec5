//! `cargo xtask bench`: runs the benches, prints each figure beside what it is compared with, keeps them as JSON.
//!
//! A bench is a `[[bench]]` target with `harness = false`. It prints one JSON object a line for each figure:
//! `{"figure": "catch-up of 100,000 messages", "value": 2.1, "unit": "s", "compared_with": "bar", "other": 6.0}`.
//! Other lines are for people and shown as they are.

use serde_json::Value;

use crate::part::outcome_of;
use crate::test::in_order;
use crate::workspace::Workspace;
use crate::{ec2, invoke, say, whole, window};

/// Packages whose programs benches start.
const PROGRAMS: &[&str] = &[
    "slipway-cli",
    "slipway-agent",
    "slipway-practice",
    "slipway-test-cloud",
];
/// Those that the bench of the window starts.
const WINDOWS: &[&str] = &[
    "slipway-cli",
    "slipway-agent",
    "slipway-practice",
    "slipway-window",
    "slipway-bare-window",
];

/// Runs the benches whose name contains `name`, one after the other, whatever becomes of the others. Whether there was one
/// and none failed.
pub fn bench(workspace: &Workspace, name: Option<&str>) -> bool {
    let mut benches = workspace.targets("bench");
    benches.retain(|(_, bench)| name.is_none_or(|name| bench.contains(name)));
    if benches.is_empty() {
        say::line("There is no such bench.");
        return false;
    }
    let each = benches.iter().map(|(_, bench)| bench.as_str());
    let stages = |bench| {
        outcome_of([&|| set_up(workspace, bench), &|| build(workspace, bench), &|| {
            measure(workspace, bench)
        }])
    };
    in_order(workspace, each.map(|bench| (bench, move || stages(bench))))
}

/// The one that opens windows needs a screen and a driver for them, the one on EC2 moto and its other clients.
fn set_up(workspace: &Workspace, bench: &str) -> Result<(), String> {
    match bench {
        "window" => window::set_up_test(workspace),
        "ec2" => window::set_up(workspace).and_then(|()| ec2::set_up(workspace)),
        _ => window::set_up(workspace),
    }
}

/// Runs a bench and prints its figures, also where it fails in the middle; they are kept only where it came to its end.
fn measure(workspace: &Workspace, bench: &str) -> Result<(), String> {
    let (printed, ended) = invoke::captured(whole::benches(workspace, "bench").args(["--bench", bench]))?;
    let (figures, rest) = sort(&printed);
    let shown: Vec<String> = figures.iter().map(shown).collect();
    rest.iter().chain(&shown).for_each(|line| say::line(line));
    ended?;
    save(workspace, bench, figures)
}

/// The bench, and the programs that it starts.
fn build(workspace: &Workspace, bench: &str) -> Result<(), String> {
    let wanted = if bench == "window" { WINDOWS } else { PROGRAMS };
    let mut build = whole::benches(workspace, "build");
    build.args(["--release", "--bench", bench]);
    for (package, program) in workspace.targets("bin") {
        if wanted.contains(&package.as_str()) {
            build.args(["--bin", &program]);
        }
    }
    invoke::succeed(&mut build)
}

fn sort(printed: &str) -> (Vec<Value>, Vec<String>) {
    let (mut figures, mut rest) = (Vec::new(), Vec::new());
    for line in printed.lines() {
        match serde_json::from_str::<Value>(line) {
            Ok(value) if value["figure"].is_string() => figures.push(value),
            _ => rest.push(line.to_owned()),
        }
    }
    (figures, rest)
}

fn shown(figure: &Value) -> String {
    let text = |key: &str| figure[key].as_str().unwrap_or_default().to_owned();
    let ours = format!("{}: {} {}", text("figure"), figure["value"], text("unit"));
    if figure["compared_with"].is_null() {
        return ours;
    }
    let beside = format!(
        "{ours}; {}: {} {}",
        text("compared_with"),
        figure["other"],
        text("unit")
    );
    match figure["ratio"].as_f64() {
        Some(ratio) => format!("{beside}; {ratio} of it"),
        None => beside,
    }
}

fn save(workspace: &Workspace, bench: &str, figures: Vec<Value>) -> Result<(), String> {
    if figures.is_empty() {
        return Ok(());
    }
    let folder = workspace.root.join("tests/bench");
    let file = folder.join(format!("{bench}.json"));
    let text = format!("{:#}\n", Value::Array(figures));
    std::fs::create_dir_all(&folder)
        .and_then(|()| std::fs::write(&file, text))
        .map_err(|e| format!("{} could not be written: {e}", file.display()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn figures_are_told_from_what_is_for_people() {
        let printed = "warming up\n{\"figure\":\"read\",\"value\":3.5,\"unit\":\"ms\",\"compared_with\":\"bar\",\"other\":10}\n{}";
        let (figures, rest) = sort(printed);
        assert_eq!(rest, ["warming up", "{}"]);
        assert_eq!(shown(&figures[0]), "read: 3.5 ms; bar: 10 ms");
    }
}
