//! System packages: what a part of the tests needs beside Rust, installed where that is possible without asking.

use std::path::Path;
use std::process::Command;
use std::sync::{Mutex, PoisonError};

use crate::{invoke, program, say};

/// apt refuses to work twice at once.
static TURN: Mutex<()> = Mutex::new(());

/// Something that the platform's package manager provides.
pub struct SystemPackage {
    /// What it is for, to end the sentence "Installing … for …".
    pub purpose: &'static str,
    /// Programs, by name or full path: one of them there means that the package is.
    pub programs: &'static [&'static str],
    /// Names of the packages on Debian and Ubuntu.
    pub debian: &'static [&'static str],
}

impl SystemPackage {
    fn is_there(&self) -> bool {
        self.programs
            .iter()
            .any(|name| Path::new(name).is_file() || program::find(name).is_some())
    }
}

/// Installs those that are missing.
///
/// # Errors
/// What is missing and how to get it, when it can't be installed from here.
pub fn provide(packages: &[SystemPackage]) -> Result<(), String> {
    let missing: Vec<_> = packages.iter().filter(|package| !package.is_there()).collect();
    install_all(&missing)?;
    match missing.iter().find(|package| !package.is_there()) {
        Some(package) => Err(format!(
            "{} is installed, but {} is still missing",
            package.debian.join(" "),
            package.programs[0]
        )),
        None => Ok(()),
    }
}

/// Installs packages, whether they are there or not.
///
/// # Errors
/// What is needed and how to get it, when it can't be installed from here.
pub fn install_all(missing: &[&SystemPackage]) -> Result<(), String> {
    if missing.is_empty() {
        return Ok(());
    }
    let names: Vec<_> = missing
        .iter()
        .flat_map(|package| package.debian)
        .copied()
        .collect();
    let Some(rights) = rights() else {
        return Err(format!(
            "needs the system packages {} (Debian's names); install them yourself",
            names.join(" ")
        ));
    };
    for package in missing {
        say::line(&format!(
            "Installing {} for {}",
            package.debian.join(" "),
            package.purpose
        ));
    }
    install(rights, &names)
}

fn install(rights: &[&str], names: &[&str]) -> Result<(), String> {
    let _turn = TURN.lock().unwrap_or_else(PoisonError::into_inner);
    // Lists that are missing or old name packages that the mirror no longer has. Without a network the old ones may do.
    let updated = invoke::succeed(&mut apt(rights, &["update", "-qq"]));
    let words = [&["install", "-y", "-qq", "--no-install-recommends"], names].concat();
    invoke::succeed(&mut apt(rights, &words)).map_err(|reason| match updated {
        Ok(()) => reason,
        Err(first) => format!("{first}; {reason}"),
    })
}

fn apt(rights: &[&str], words: &[&str]) -> Command {
    let line = [
        rights,
        &["env", "DEBIAN_FRONTEND=noninteractive", "apt-get"],
        words,
    ]
    .concat();
    let mut command = Command::new(line[0]);
    command.args(&line[1..]);
    command
}

/// What to put before `apt-get`, where it can be run without asking for a password.
fn rights() -> Option<&'static [&'static str]> {
    program::find("apt-get")?;
    let user = invoke::output(Command::new("id").arg("-u")).ok()?;
    if user.trim() == "0" {
        return Some(&[]);
    }
    invoke::works(Command::new("sudo").args(["-n", "true"])).then_some(&["sudo", "-n"])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_there_is_not_installed_again() {
        let rust = SystemPackage {
            purpose: "this test",
            programs: &["no-such-program", "rustc"],
            debian: &["no-such-package"],
        };
        assert_eq!(provide(&[rust]), Ok(()));
    }

    #[test]
    fn apt_runs_with_the_rights_that_were_found() {
        let command = apt(&["sudo", "-n"], &["update"]);
        assert_eq!(command.get_program(), "sudo");
        assert!(
            command
                .get_args()
                .eq(["-n", "env", "DEBIAN_FRONTEND=noninteractive", "apt-get", "update"])
        );
    }
}
