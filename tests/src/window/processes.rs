//! The processes of a window: the program itself and those that WebKit starts for it.

use std::path::Path;

/// What WebKit starts for a window, as far as Linux keeps the names.
const WEBKIT: [&str; 2] = ["WebKitNetworkPr", "WebKitWebProces"];

/// One of them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct WindowProcess {
    /// Its id.
    pub pid: u32,
    /// The first 15 bytes of its program's name, as Linux keeps it.
    pub name: String,
}

/// All processes that were started with this home folder, but those of practice servers.
pub fn of_home(home: &Path) -> Vec<WindowProcess> {
    let is_ours = |name: &str| name.ends_with("-window") || WEBKIT.contains(&name);
    begun_in(home).filter(|process| is_ours(&process.name)).collect()
}

/// The Remote Desktop clients that were started with this home folder.
pub fn clients_of_home(home: &Path) -> Vec<WindowProcess> {
    begun_in(home)
        .filter(|process| process.name == "xfreerdp")
        .collect()
}

fn begun_in(home: &Path) -> impl Iterator<Item = WindowProcess> {
    let home = format!("HOME={}", home.display());
    let entries = std::fs::read_dir("/proc").into_iter().flatten().flatten();
    let pids = entries.filter_map(|entry| entry.file_name().to_string_lossy().parse().ok());
    pids.filter(move |pid| began_with(*pid, &home)).filter_map(named)
}

/// The memory of a process that no other one has to pay for (proportional set size), in KiB.
pub fn pss_kib(pid: u32) -> Option<u64> {
    let text = std::fs::read_to_string(format!("/proc/{pid}/smaps_rollup")).ok()?;
    let line = text.lines().find(|line| line.starts_with("Pss:"))?;
    line.split_whitespace().nth(1)?.parse().ok()
}

/// The time a process has had of the processor, in ticks of a hundredth of a second (`proc_pid_stat(5)`).
pub fn cpu_ticks(pid: u32) -> Option<u64> {
    let text = std::fs::read_to_string(format!("/proc/{pid}/stat")).ok()?;
    // The name, in brackets, may hold blanks.
    let after_name = text.rsplit_once(')')?.1;
    let fields: Vec<&str> = after_name.split_whitespace().collect();
    Some(fields.get(11)?.parse::<u64>().ok()? + fields.get(12)?.parse::<u64>().ok()?)
}

fn began_with(pid: u32, variable: &str) -> bool {
    let environment = std::fs::read(format!("/proc/{pid}/environ")).unwrap_or_default();
    environment
        .split(|byte| *byte == 0)
        .any(|entry| entry == variable.as_bytes())
}

fn named(pid: u32) -> Option<WindowProcess> {
    let name = std::fs::read_to_string(format!("/proc/{pid}/comm")).ok()?;
    let name = name.trim().to_owned();
    Some(WindowProcess { pid, name })
}
