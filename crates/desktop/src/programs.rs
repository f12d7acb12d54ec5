//! Finds the programs that belong to Slipway: beside the running one, or where a build from source put them.

use std::path::{Path, PathBuf};

use slipway_core::error::{Error, ErrorKind, Result};

/// Names another agent for Windows than the one that was built.
const WINDOWS_AGENT: &str = "SLIPWAY_WINDOWS_AGENT";

/// The program of that name, such as `slipway-agent`.
pub fn find(name: &str) -> Result<PathBuf> {
    let own = std::env::current_exe()?;
    beside(&own, &file_name(name)).ok_or_else(|| {
        Error::new(
            ErrorKind::NotFound,
            format!("The program {name} is missing beside {}.", own.display()),
        )
        .hint("Install Slipway again; in a build from source enter “cargo xtask run”.")
    })
}

/// The agent for Windows, where a build from source leaves it. Whoever sends it to a server sees whether it is there.
pub fn windows_agent() -> PathBuf {
    if let Some(given) = std::env::var_os(WINDOWS_AGENT) {
        return given.into();
    }
    let own = std::env::current_exe().unwrap_or_default();
    let built = |folder: &Path| folder.join("x86_64-pc-windows-gnu/agent/slipway-agent.exe");
    let mut beside = own.ancestors().skip(1).take(4).map(built);
    beside
        .find(|file| file.is_file())
        .unwrap_or_else(|| PathBuf::from("slipway-agent.exe"))
}

/// Looks in the folder of `own` and the one above: tests and examples lie one folder below the programs.
fn beside(own: &Path, file_name: &str) -> Option<PathBuf> {
    own.ancestors()
        .skip(1)
        .take(2)
        .map(|folder| folder.join(file_name))
        .find(|file| file.is_file())
}

fn file_name(name: &str) -> String {
    format!("{name}{}", std::env::consts::EXE_SUFFIX)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_program_is_found_beside_and_one_folder_above() {
        let room = tempfile::tempdir().unwrap();
        let folder = room.path().join("debug").join("deps");
        std::fs::create_dir_all(&folder).unwrap();
        let program = room.path().join("debug").join("slipway-agent");
        std::fs::write(&program, "").unwrap();
        assert_eq!(
            beside(&folder.join("a_test"), "slipway-agent"),
            Some(program.clone())
        );
        assert_eq!(
            beside(&room.path().join("debug").join("slipway"), "slipway-agent"),
            Some(program)
        );
        assert_eq!(beside(&room.path().join("slipway"), "slipway-agent"), None);
    }

    #[test]
    fn a_missing_program_is_named() {
        let error = find("slipway-nonsense").unwrap_err();
        assert!(error.sentence.contains("slipway-nonsense"), "{error}");
    }
}
