//! EC2Launch comes first: while it works, the serial console is its own, and a restart would run user data again.

use std::path::PathBuf;
use std::process::Stdio;
use std::time::Duration;

use tokio::process::Command;
use tokio::time::Instant;

use crate::config::Config;

const PAUSE: Duration = Duration::from_secs(2);
/// How EC2Launch stands with itself: the exit code of `EC2Launch.exe status` ("Configure EC2Launch v2 settings").
const RUNNING: i32 = 2;
const UNKNOWN: [i32; 3] = [3, 4, 5];
/// A first boot takes a quarter of an hour at the worst; user data that hangs should not silence us for ever.
const LONGEST_RUN: Duration = Duration::from_secs(20 * 60);
/// At boot it may begin after us, and after a reset it never knows.
const LONGEST_DOUBT: Duration = Duration::from_secs(3 * 60);

/// Returns once EC2Launch has finished; at once where there is none.
pub async fn finished(config: &Config) {
    let Some(program) = program(config) else {
        return;
    };
    let since = Instant::now();
    while must_wait(status(&program).await, since.elapsed()) {
        tokio::time::sleep(PAUSE).await;
    }
}

fn must_wait(status: Option<i32>, waited: Duration) -> bool {
    match status {
        Some(RUNNING) => waited < LONGEST_RUN,
        Some(code) if UNKNOWN.contains(&code) => waited < LONGEST_DOUBT,
        _ => false,
    }
}

async fn status(program: &PathBuf) -> Option<i32> {
    let mut command = Command::new(program);
    command.arg("status").stdin(Stdio::null());
    let ended = command.stdout(Stdio::null()).stderr(Stdio::null()).status();
    ended.await.ok()?.code()
}

fn program(config: &Config) -> Option<PathBuf> {
    config.system.ec2launch.clone().or_else(installed)
}

#[cfg(windows)]
fn installed() -> Option<PathBuf> {
    let program = crate::known_folder::program_files()?.join(r"Amazon\EC2Launch\EC2Launch.exe");
    program.is_file().then_some(program)
}

#[cfg(not(windows))]
fn installed() -> Option<PathBuf> {
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_works_or_is_in_doubt_is_waited_for_and_not_for_ever() {
        let minutes = |count: u64| Duration::from_secs(count * 60);
        for over in [Some(0), Some(1), None] {
            assert!(!must_wait(over, minutes(0)));
        }
        assert!(must_wait(Some(RUNNING), minutes(19)) && !must_wait(Some(RUNNING), minutes(20)));
        for doubt in UNKNOWN {
            assert!(must_wait(Some(doubt), minutes(2)) && !must_wait(Some(doubt), minutes(3)));
        }
    }
}
