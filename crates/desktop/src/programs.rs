//! Finds the programs that belong to Slipway: beside the running one, and nowhere else. What lies in the current folder, or
//! in one that others may write to, is never started and never sent to a server.

use std::ffi::OsString;
use std::path::{Path, PathBuf};

use slipway_core::error::Result;

/// Names another agent for Windows than the one beside this program, by its full path.
const WINDOWS_AGENT: &str = "SLIPWAY_WINDOWS_AGENT";
/// The agent that servers on EC2 get. On Windows, `slipway-agent.exe` is the one for practice servers.
const WINDOWS_AGENT_FILE: &str = "slipway-windows-agent.exe";

/// Folders below the one of the programs, in which cargo leaves tests and examples.
const BELOW_PROGRAMS: &[&str] = &["deps", "examples"];

/// Where the program of that name is, or should be where it is missing: whoever starts it says so then.
pub fn place(name: &str) -> Result<PathBuf> {
    let own = own()?;
    let file_name = format!("{name}{}", std::env::consts::EXE_SUFFIX);
    Ok(beside(&own, &file_name).unwrap_or_else(|| own.with_file_name(file_name)))
}

/// Where the agent for Windows has to be. Whoever sends it to a server sees whether it is there, and what it is.
pub fn windows_agent() -> PathBuf {
    windows_agent_for(std::env::var_os(WINDOWS_AGENT), own().ok().as_deref())
}

/// Without a folder of its own, only the name is left: no full path, which is refused like a setting of that kind.
fn windows_agent_for(setting: Option<OsString>, own: Option<&Path>) -> PathBuf {
    let named = setting.filter(|named| !named.is_empty()).map(PathBuf::from);
    named
        .or_else(|| beside(own?, WINDOWS_AGENT_FILE))
        .unwrap_or_else(|| WINDOWS_AGENT_FILE.into())
}

/// This program, past all links: what is beside a link is not beside the program.
fn own() -> Result<PathBuf> {
    let own = std::env::current_exe()?;
    // On Windows that would be a path of a form that not every program takes.
    let past_links = if cfg!(windows) {
        None
    } else {
        own.canonicalize().ok()
    };
    Ok(past_links.unwrap_or(own))
}

fn beside(own: &Path, file_name: &str) -> Option<PathBuf> {
    let folder = own.parent()?;
    let is_below = folder
        .file_name()
        .is_some_and(|name| BELOW_PROGRAMS.iter().any(|below| name == *below));
    let folder = if is_below { folder.parent()? } else { folder };
    Some(folder.join(file_name))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_looked_for_is_beside_the_program_alone() {
        let beside = |own: &str| beside(Path::new(own), "slipway-agent");
        let programs = Some(PathBuf::from("/target/debug/slipway-agent"));
        assert_eq!(beside("/target/debug/slipway"), programs);
        assert_eq!(beside("/target/debug/deps/a_test-0123"), programs);
        assert_eq!(beside("/target/debug/examples/one"), programs);
        assert_eq!(
            beside("/tmp/mine/slipway"),
            Some("/tmp/mine/slipway-agent".into())
        );
    }

    #[test]
    fn the_windows_agent_is_beside_the_program_or_where_the_setting_says() {
        let own = Some(Path::new("/opt/slipway/bin/slipway"));
        let found = |setting: &str| windows_agent_for(Some(setting.into()), own);
        let usual = Path::new("/opt/slipway/bin/slipway-windows-agent.exe");
        assert_eq!(windows_agent_for(None, own), usual);
        assert_eq!(found(""), usual);
        assert_eq!(found("/elsewhere/agent.exe"), Path::new("/elsewhere/agent.exe"));
    }

    #[test]
    fn a_missing_program_has_its_place_beside_this_one() {
        let place = place("slipway-nonsense").unwrap();
        assert!(place.is_absolute() && !place.exists());
        assert_eq!(place.file_stem(), Some("slipway-nonsense".as_ref()));
    }
}
