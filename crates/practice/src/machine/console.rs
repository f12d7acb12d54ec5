//! The serial console: a file that the machine and its agent append to, in the form of EC2Launch v2.

use std::fs::{File, OpenOptions};
use std::io::{self, Read, Seek, SeekFrom, Write};

use slipway_protocol::Time;

use crate::layout::MachineFolder;

/// What GetConsoleOutput keeps (EC2 User Guide, "Instance console output").
const KEPT_BYTES: u64 = 64 * 1024;

/// The newest 64 KB; empty while there is none.
pub fn newest(folder: &MachineFolder) -> io::Result<String> {
    let mut file = match File::open(folder.console()) {
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
    let line = format!("{}: {text}\n", stamp(Time::now()));
    let mut file = OpenOptions::new()
        .create(true)
        .append(true)
        .open(folder.console())?;
    file.write_all(line.as_bytes())
}

/// `yyyy/MM/dd HH:mm:ssZ`.
fn stamp(time: Time) -> String {
    let seconds = time.0.div_euclid(1000);
    let (year, month, day) = date(seconds.div_euclid(86_400));
    let rest = seconds.rem_euclid(86_400);
    let (hour, minute, second) = (rest / 3600, rest / 60 % 60, rest % 60);
    format!("{year:04}/{month:02}/{day:02} {hour:02}:{minute:02}:{second:02}Z")
}

/// Year, month and day of a number of days since 1970, by Howard Hinnant's `civil_from_days`.
fn date(days: i64) -> (i64, i64, i64) {
    let days = days + 719_468;
    let era = days.div_euclid(146_097);
    let day_of_era = days.rem_euclid(146_097);
    let year_of_era = (day_of_era - day_of_era / 1460 + day_of_era / 36_524 - day_of_era / 146_096) / 365;
    let day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    let shifted_month = (5 * day_of_year + 2) / 153;
    let day = day_of_year - (153 * shifted_month + 2) / 5 + 1;
    let month = if shifted_month < 10 {
        shifted_month + 3
    } else {
        shifted_month - 9
    };
    (year_of_era + era * 400 + i64::from(month <= 2), month, day)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_time_is_written_as_ec2launch_writes_it() {
        assert_eq!(stamp(Time(0)), "1970/01/01 00:00:00Z");
        assert_eq!(stamp(Time(1_597_339_693_999)), "2020/08/13 17:28:13Z");
        assert_eq!(stamp(Time(1_709_164_800_000)), "2024/02/29 00:00:00Z");
    }

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
