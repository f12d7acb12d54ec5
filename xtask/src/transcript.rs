//! Where the output of started programs goes: to the terminal, or into a file for each part.
//! Of a part that failed, the lines that tell why are shown; the rest would hide them.

use std::cell::RefCell;
use std::fs::File;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

/// Lines shown from where a failure is told.
const TOLD: usize = 40;
/// Lines shown of the end, whatever they say.
const END: usize = 30;

thread_local! {
    static OPEN: RefCell<Option<File>> = const { RefCell::new(None) };
}

/// From here on the output of programs that this thread starts goes into a file in this folder, named after the part.
///
/// # Errors
/// When the file can't be written.
pub fn open(folder: &Path, part: &str) -> Result<PathBuf, String> {
    let path = folder.join(format!("{}.log", part.replace(' ', "-")));
    let file = std::fs::create_dir_all(folder)
        .and_then(|()| File::create(&path))
        .map_err(|e| format!("{} could not be written: {e}", path.display()))?;
    OPEN.replace(Some(file));
    Ok(path)
}

/// From here on it goes to the terminal again.
pub fn close() {
    OPEN.take();
}

/// Sends a command's output to where output goes now.
pub fn take(command: &mut Command) {
    let twice = OPEN.with_borrow(|open| {
        let file = open.as_ref()?;
        Some((file.try_clone().ok()?, file.try_clone().ok()?))
    });
    if let Some((out, err)) = twice {
        command.stdout(Stdio::from(out)).stderr(Stdio::from(err));
    }
}

/// The lines of a failed part's output that tell why: each failed test's own words, each error, and the end.
pub fn telling(output: &str) -> Vec<&str> {
    let lines: Vec<_> = output.lines().collect();
    let end = lines.len().saturating_sub(END);
    let (mut shown, mut until) = (Vec::new(), 0);
    for (at, line) in lines.iter().enumerate() {
        if begins_a_failure(line) {
            until = at + TOLD;
        }
        if at < until || at >= end {
            shown.push(*line);
        }
    }
    shown
}

/// How cargo's test runner, the compiler, vitest and a panic begin.
fn begins_a_failure(line: &str) -> bool {
    let line = line.trim_start();
    (line.starts_with("---- ") && line.ends_with(" stdout ----"))
        || line.starts_with("error")
        || line.starts_with("FAIL ")
        || (line.starts_with("thread '") && line.contains("' panicked at "))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn of_a_long_output_what_failed_and_the_end_are_shown() {
        let mut lines: Vec<_> = (0..500).map(|number| format!("Compiling {number}")).collect();
        lines[100] = "---- ends::a_copy_is_removed stdout ----".to_owned();
        lines[300] = "error[E0425]: cannot find value `x`".to_owned();
        let output = lines.join("\n");
        let shown = telling(&output);
        assert_eq!(shown.len(), TOLD + TOLD + END);
        assert_eq!(shown[0], lines[100]);
        assert_eq!(shown[TOLD], lines[300]);
        assert_eq!(shown.last(), Some(&"Compiling 499"));
    }

    #[test]
    fn a_good_test_says_nothing_of_a_failure() {
        assert!(!begins_a_failure("test errors_are_told ... ok"));
        assert!(!begins_a_failure(
            "test result: ok. 12 passed; 0 failed; 0 ignored"
        ));
    }
}
