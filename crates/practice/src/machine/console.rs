//! The serial console: a file that the machine and its agent append to, in the form of EC2Launch v2.

use std::fs::OpenOptions;
use std::io::{self, Read, Seek, SeekFrom, Write};

use slipway_core::files;
use slipway_protocol::Time;

use crate::layout::MachineFolder;

/// What GetConsoleOutput keeps (EC2 User Guide, "Instance console output").
const KEPT_BYTES: u64 = 64 * 1024;

/// The newest 64 KB; empty while there is none.
pub fn newest(folder: &MachineFolder) -> io::Result<String> {
    let mut file = match files::open(&folder.console()) {
        Ok(file) => file,
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(String::new()),
        Err(error) => return Err(error),
    };
    let length = file.metadata()?.len();
    file.seek(SeekFrom::Start(length.saturating_sub(KEPT_BYTES)))?;
    let mut bytes = Vec::new();
    file.take(KEPT_BYTES).read_to_end(&mut bytes)?;
    // A character may be cut in two where the buffer begins.
    let broken = bytes
        .iter()
        .take(3)
        .take_while(|byte| **byte & 0xC0 == 0x80)
        .count();
    Ok(String::from_utf8_lossy(&bytes[broken..]).into_owned())
}

/// Appends a line with the time in front of it.
pub fn write(folder: &MachineFolder, text: &str) -> io::Result<()> {
    let line = format!("{}: {text}\n", Time::now().console());
    let mut file = files::open_with(&folder.console(), OpenOptions::new().create(true).append(true))?;
    file.write_all(line.as_bytes())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_the_newest_64_kb_are_kept_and_no_character_is_cut() {
        let home = tempfile::tempdir().expect("a folder");
        let folder = MachineFolder::new(home.path().to_owned());
        assert_eq!(newest(&folder).expect("readable"), "");
        std::fs::write(folder.console(), "é".repeat(40_000) + "!").expect("writable");
        let text = newest(&folder).expect("readable");
        assert!(text.len() <= 64 * 1024 && text.ends_with("é!"));
        assert!(!text.contains('\u{FFFD}'));
    }
}
