//! The kill points that a launch and a terminate pass, and `slipway` run so that it dies at one of them.

use std::process::{Command, Output};

/// Changes of a launch whose Administrator password was chosen: it travels to the server as an order, in tags.
pub const LAUNCH: [&str; 7] = [
    "import_key_pair",
    "create_security_group",
    "allow_ingress",
    "stage_agent",
    "run_instance",
    "put_tags",
    "remove_tags",
];
/// Changes of a terminate.
pub const TERMINATE: [&str; 3] = ["terminate_instance", "delete_security_group", "delete_key_pair"];
/// Where a change can be cut off.
pub const POINTS: [&str; 3] = ["before", "sent", "answered"];

/// Every point of these changes.
pub fn points<'c>(changes: impl IntoIterator<Item = &'c &'c str>) -> Vec<String> {
    let every = changes
        .into_iter()
        .flat_map(|change| POINTS.map(|point| format!("{change}.{point}")));
    every.collect()
}

/// Runs `slipway`, which must die at the point.
pub fn killed(mut command: Command, input: &str, point: &str) {
    let mut file = tempfile::tempfile().expect("a file");
    std::io::Write::write_all(&mut file, input.as_bytes()).expect("a written file");
    std::io::Seek::rewind(&mut file).expect("a file that can be read");
    command.env("SLIPWAY_FAILPOINT", point).stdin(file);
    let ended = command.output().expect("slipway starts");
    assert!(
        was_aborted(&ended),
        "{point}: slipway was not killed there (it needs the feature slipway-core/failpoints): {}{}",
        String::from_utf8_lossy(&ended.stdout),
        String::from_utf8_lossy(&ended.stderr)
    );
}

#[cfg(unix)]
fn was_aborted(ended: &Output) -> bool {
    use std::os::unix::process::ExitStatusExt;
    ended.status.signal() == Some(6)
}

#[cfg(not(unix))]
fn was_aborted(ended: &Output) -> bool {
    !ended.status.success()
}
