//! The tasks' own output: plain lines on standard output.

use std::io::Write;

/// Prints one line. A closed pipe is no reason to stop working.
pub fn line(text: &str) {
    let mut out = std::io::stdout().lock();
    let _ = writeln!(out, "{text}").and_then(|()| out.flush());
}
