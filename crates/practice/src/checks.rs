//! What would stop a practice launch: looked at for real, on this computer.

use std::net::{Ipv4Addr, TcpListener};
use std::path::Path;

use slipway_core::cloud::{CheckRequest, Finding, Verdict};
use slipway_core::error::{Error, ErrorKind};
use sysinfo::Disks;

use crate::account;
use crate::ledger::instances;
use crate::trouble::{Outcome, Trouble};
use crate::world::World;

const MIB: u64 = 1024 * 1024;
/// Less than this and a launch would fill the disk: site, logs, journal and an image of it.
const NEEDED: u64 = 200 * MIB;
const COMFORTABLE: u64 = 1024 * MIB;

/// Every check, in the order in which they are shown.
pub fn all(world: &World, request: &CheckRequest) -> Outcome<Vec<Finding>> {
    let image = world
        .ledger
        .read(|ledger| instances::check_image(ledger, &request.image));
    Ok(vec![
        refusal("Size", account::check_size(&request.size))?,
        refusal("Image", image)?,
        disk(free_space(&world.layout.root().canonicalize()?)),
        program("Machine program", &world.options.machine_program),
        program("Agent", &world.options.agent_program),
        ports(),
    ])
}

fn refusal(about: &str, outcome: Outcome<()>) -> Outcome<Finding> {
    match outcome {
        Ok(()) => Ok(finding(about, Verdict::Good, "Available.")),
        Err(Trouble::Told(Error {
            kind, sentence, hint, ..
        })) => Ok(Finding {
            fix: hint,
            kind: Some(kind),
            ..finding(about, Verdict::Blocking, sentence)
        }),
        Err(other) => Err(other),
    }
}

/// Judges the free space, in bytes; `None` where the system does not tell.
fn disk(free: Option<u64>) -> Finding {
    let about = "Free disk space";
    match free {
        None => finding(
            about,
            Verdict::Unknown,
            "This computer does not tell how much space is free.",
        ),
        Some(free) if free < NEEDED => Finding {
            fix: "Free some space first.".into(),
            kind: Some(ErrorKind::DiskFull),
            ..finding(
                about,
                Verdict::Blocking,
                format!(
                    "Only {} MB are free and a practice server needs {} MB.",
                    free / MIB,
                    NEEDED / MIB
                ),
            )
        },
        Some(free) if free < COMFORTABLE => finding(
            about,
            Verdict::Warning,
            format!(
                "{} MB are free: enough for this server, not for many.",
                free / MIB
            ),
        ),
        Some(free) => finding(
            about,
            Verdict::Good,
            format!("{} GB are free.", free / MIB / 1024),
        ),
    }
}

fn free_space(folder: &Path) -> Option<u64> {
    let disks = Disks::new_with_refreshed_list().ok()?;
    let holding = disks.iter().filter(|disk| folder.starts_with(disk.mount_point()));
    let nearest = holding.max_by_key(|disk| disk.mount_point().components().count())?;
    Some(nearest.available_space())
}

fn program(about: &str, path: &Path) -> Finding {
    if path.is_file() {
        return finding(about, Verdict::Good, "In its place.");
    }
    let text = format!("{} is missing, so no practice server can start.", path.display());
    Finding {
        fix: "Install Slipway again, or build it with `cargo xtask run`.".into(),
        ..finding(about, Verdict::Blocking, text)
    }
}

fn ports() -> Finding {
    match TcpListener::bind((Ipv4Addr::LOCALHOST, 0)) {
        Ok(_) => finding("Local ports", Verdict::Good, "Can be opened."),
        Err(cause) => Finding {
            fix: "Check the firewall of this computer.".into(),
            ..finding(
                "Local ports",
                Verdict::Blocking,
                format!("No port can be opened on 127.0.0.1 ({cause})."),
            )
        },
    }
}

fn finding(about: &str, verdict: Verdict, text: impl Into<String>) -> Finding {
    Finding {
        about: about.into(),
        verdict,
        text: text.into(),
        fix: String::new(),
        kind: None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_full_disk_blocks_a_launch_and_a_narrow_one_warns() {
        assert_eq!(disk(Some(10 * MIB)).verdict, Verdict::Blocking);
        assert_eq!(disk(Some(NEEDED)).verdict, Verdict::Warning);
        assert_eq!(disk(Some(COMFORTABLE)).verdict, Verdict::Good);
        assert_eq!(disk(None).verdict, Verdict::Unknown);
    }
}
