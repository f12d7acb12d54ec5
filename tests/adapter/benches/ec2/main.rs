//! One launch on the same cloud by Slipway, awscli, boto3 and packer: how many calls, how soon “running” and the password
//! are seen, what it takes of this computer. Then a hundred at once, and what watching a hundred adds to watching one.
//! Truth: running after 20 s, password after 40 s. The SDKs' waiters wait as they come.

#![allow(clippy::unwrap_used, clippy::print_stdout)] // a bench stops where it can't go on, and prints its figures

mod crowd;
mod many;
mod peers;

use serde_json::json;
use slipway_test_adapter::cloud::Cloud;

fn main() {
    let cloud = Cloud::start(&["--paper", "--speed", "1"]);
    let ours = peers::slipway(&cloud);
    let others = [peers::awscli(&cloud), peers::boto3(&cloud), peers::packer(&cloud)];
    for peer in std::iter::once(&ours).chain(others.iter().flatten()) {
        println!("{}", peer.line());
    }
    for peer in others.iter().flatten() {
        let pairs = [
            (
                "calls while waiting",
                "calls",
                ours.waiting as f64,
                peer.waiting as f64,
            ),
            ("running seen after", "s", ours.running, peer.running),
            ("password seen after", "s", ours.password, peer.password),
            ("processor time", "s", ours.cpu, peer.cpu),
            ("peak memory", "MiB", ours.peak_mib, peer.peak_mib),
        ];
        for (what, unit, value, other) in pairs {
            figure(what, value, unit, peer.name, other);
        }
    }
    drop(cloud);
    crowd::at_once();
    many::watched();
}

/// One line of the bench's output.
pub fn figure(what: &str, value: f64, unit: &str, with: &str, other: f64) {
    let round = |number: f64| (number * 100.0).round() / 100.0;
    let ratio = round(value / other.max(f64::MIN_POSITIVE));
    println!(
        "{}",
        json!({
            "figure": what, "value": round(value), "unit": unit,
            "compared_with": with, "other": round(other), "ratio": ratio
        })
    );
}
