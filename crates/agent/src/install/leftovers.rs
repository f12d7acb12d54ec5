//! Stops programs that a killed installer left running, so that no step runs twice at the same time.
//!
//! On Windows the job object has ended them with the installer. On Linux they are found by the variables that every
//! step's program and its children carry. macOS shows nobody's variables; there the step's check has to do.

use std::path::Path;

/// Stops the programs of steps that are not done. Returns how many there were.
#[cfg(target_os = "linux")]
pub fn stop(work: &Path, is_done: impl Fn(&str) -> bool) -> usize {
    use nix::sys::signal::{Signal, kill};
    use nix::unistd::Pid;

    let processes = std::fs::read_dir("/proc").into_iter().flatten().flatten();
    let numbers = processes.filter_map(|entry| entry.file_name().to_str()?.parse::<i32>().ok());
    let ours = numbers.filter(|number| {
        let variables = std::fs::read(format!("/proc/{number}/environ")).unwrap_or_default();
        step_of(&variables, work).is_some_and(|step| !is_done(&step))
    });
    ours.filter(|number| kill(Pid::from_raw(*number), Signal::SIGKILL).is_ok())
        .count()
}

/// Nothing to do, see above.
#[cfg(not(target_os = "linux"))]
pub fn stop(_work: &Path, _is_done: impl Fn(&str) -> bool) -> usize {
    0
}

/// The step that a process belongs to, where it is one of this data folder.
#[cfg(target_os = "linux")]
fn step_of(variables: &[u8], work: &Path) -> Option<String> {
    let text = String::from_utf8_lossy(variables);
    let value = |name: &str| {
        text.split('\0')
            .find_map(|pair| pair.strip_prefix(name)?.strip_prefix('='))
    };
    (value("SLIPWAY_WORK")? == work.to_string_lossy()).then(|| value("SLIPWAY_STEP").map(str::to_owned))?
}
