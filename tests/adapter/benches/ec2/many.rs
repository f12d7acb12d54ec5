//! Whether the call rate grows with the number of servers that are watched.

use std::time::Duration;

use serde_json::{Value, json};
use slipway_test_adapter::cloud::{Cloud, REGION};
use slipway_test_adapter::terminal::Terminal;

use crate::figure;

const MANY: usize = 100;
/// Launches that are begun at once; all of them compete for this computer.
const AT_ONCE: usize = 10;
/// How long requests are counted.
const MINUTE: Duration = Duration::from_secs(60);

/// Counts DescribeInstances of one process that follows one launch, then a hundred.
pub fn watched() {
    let one = rate(1);
    let many = rate(MANY);
    figure(
        &format!("DescribeInstances a minute while {MANY} launches are followed"),
        many,
        "calls",
        "one launch",
        one,
    );
}

/// Requests a minute of a process that follows so many.
fn rate(count: usize) -> f64 {
    let cloud = Cloud::start(&["--paper", "--speed", "1"]);
    cloud.rules(&json!({"vcpus": 1_000.0}));
    let terminal = Terminal::on(&cloud, REGION);
    let names: Vec<String> = (0..count).map(|number| format!("server-{number}")).collect();
    for names in names.chunks(AT_ONCE) {
        std::thread::scope(|scope| {
            for name in names {
                scope.spawn(|| begin(&terminal, name));
            }
        });
    }
    let mut follower = terminal.follow(&["watch", &names[0], "--json"], "");
    // It takes the others up as well; then it goes on like this.
    follower.until(Duration::from_secs(15), |_| false);
    let before = described(&cloud);
    follower.until(MINUTE, |_| false);
    let counted = described(&cloud) - before;
    follower.kill();
    counted as f64
}

fn begin(terminal: &Terminal, name: &str) {
    let launch = [
        "launch", "--recipe", "ec2-site", "--name", name, "--size", "t3.small", "--yes", "--detach",
    ];
    terminal.done(&launch);
}

fn described(cloud: &Cloud) -> u64 {
    let counts: Value = cloud.told("counts");
    counts["ec2:DescribeInstances"].as_u64().unwrap_or(0)
}
