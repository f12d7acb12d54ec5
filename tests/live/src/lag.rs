//! How late AWS shows what an instance wrote to its serial console: only a real account can tell.

use std::time::{Duration, Instant, SystemTime};

use slipway_test_adapter::terminal::Terminal;

/// Each look is a request to AWS.
const LOOK: Duration = Duration::from_secs(5);
/// Longer than a first boot takes.
const LONGEST: Duration = Duration::from_secs(40 * 60);
/// What is waited for, in the order in which it comes.
const LINES: [&str; 2] = ["Windows is Ready to use", "SLIPWAY1"];

/// Seconds from the time in front of a line to the moment when it was first seen, for people.
#[allow(clippy::disallowed_methods, reason = "nothing else runs on this thread")]
pub fn of_the_console(terminal: &Terminal, server: &str) -> Vec<String> {
    let begun = Instant::now();
    let mut told = Vec::new();
    for wanted in LINES {
        while begun.elapsed() < LONGEST {
            let shown = terminal.run(&["console", server]).out;
            if let Some(line) = shown.lines().find(|line| line.contains(wanted)) {
                told.push(match lag(line) {
                    Some(seconds) => {
                        format!("The console showed “{wanted}” {seconds} s after it was written.")
                    }
                    None => format!("The console shows “{wanted}” without a time that can be read."),
                });
                break;
            }
            std::thread::sleep(LOOK);
        }
    }
    told
}

/// By this computer's clock, which `slipway doctor` has compared with AWS's.
fn lag(line: &str) -> Option<i64> {
    let now = SystemTime::now().duration_since(SystemTime::UNIX_EPOCH).ok()?;
    Some(now.as_secs() as i64 - written(line)?)
}

/// Reads the `2026/11/22 10:00:01Z:` in front of a line, as seconds since 1970.
fn written(line: &str) -> Option<i64> {
    let number = |from: usize, to: usize| line.get(from..to)?.parse::<i64>().ok();
    let (year, month, day) = (number(0, 4)?, number(5, 7)?, number(8, 10)?);
    // Days from the civil calendar: years begin in March, so that the leap day is the last.
    let shifted = year - i64::from(month <= 2);
    let (era, of_era) = (shifted.div_euclid(400), shifted.rem_euclid(400));
    let of_year = (153 * ((month + 9) % 12) + 2) / 5 + day - 1;
    let days = era * 146_097 + of_era * 365 + of_era / 4 - of_era / 100 + of_year - 719_468;
    Some(days * 86_400 + number(11, 13)? * 3_600 + number(14, 16)? * 60 + number(17, 19)?)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_time_in_front_of_a_console_line_is_read() {
        assert_eq!(
            written("1994/11/06 08:49:37Z: Windows is Ready"),
            Some(784_111_777)
        );
        assert_eq!(written("2024/02/29 00:00:00Z: x"), Some(1_709_164_800));
        assert_eq!(written("Windows is Ready"), None);
    }
}
