//! Points in time as both sides write them down.

use serde::{Deserialize, Serialize};

/// Milliseconds since the Unix epoch, UTC. It labels what happened; order comes from numbers, never from time,
/// because the clocks of the two machines may disagree.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Time(pub i64);

impl Time {
    /// The computer's own clock.
    pub fn now() -> Self {
        let since = std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH);
        Time(since.map_or(0, |elapsed| elapsed.as_millis() as i64))
    }

    /// Milliseconds from `earlier` to this point, or 0 where the clock went backwards.
    pub fn millis_since(self, earlier: Time) -> u64 {
        self.0.saturating_sub(earlier.0).max(0) as u64
    }

    /// This point plus a duration.
    pub fn plus(self, duration: std::time::Duration) -> Time {
        Time(self.0.saturating_add(duration.as_millis() as i64))
    }

    /// In UTC, to the second, such as `2026-11-22T15:04:05Z`.
    pub fn iso(self) -> String {
        self.written('-', 'T')
    }

    /// In UTC, to the second, as EC2Launch writes it on the console: `2026/11/22 15:04:05Z`.
    pub fn console(self) -> String {
        self.written('/', ' ')
    }

    fn written(self, in_date: char, between: char) -> String {
        let seconds = self.0.div_euclid(1000);
        let (year, month, day) = date(seconds.div_euclid(86_400));
        let clock = seconds.rem_euclid(86_400);
        let (hour, minute, second) = (clock / 3600, clock % 3600 / 60, clock % 60);
        format!("{year:04}{in_date}{month:02}{in_date}{day:02}{between}{hour:02}:{minute:02}:{second:02}Z")
    }
}

/// Year, month and day of a number of days since 1970-01-01 (Howard Hinnant, “chrono-Compatible Low-Level Date
/// Algorithms”, `civil_from_days`).
fn date(days: i64) -> (i64, i64, i64) {
    let days = days + 719_468;
    let era = days.div_euclid(146_097);
    let of_era = days.rem_euclid(146_097);
    let year_of_era = (of_era - of_era / 1460 + of_era / 36_524 - of_era / 146_096) / 365;
    let of_year = of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    let shifted = (5 * of_year + 2) / 153;
    let day = of_year - (153 * shifted + 2) / 5 + 1;
    let month = if shifted < 10 { shifted + 3 } else { shifted - 9 };
    (year_of_era + era * 400 + i64::from(month <= 2), month, day)
}

#[cfg(test)]
mod tests {
    use super::Time;

    #[test]
    fn a_time_is_written_by_the_calendar_in_utc() {
        assert_eq!(Time(0).iso(), "1970-01-01T00:00:00Z");
        assert_eq!(Time(951_827_696_789).console(), "2000/02/29 12:34:56Z");
        assert_eq!(Time(1_709_164_800_000).iso(), "2024-02-29T00:00:00Z");
        assert_eq!(Time(1_798_761_599_000).console(), "2026/12/31 23:59:59Z");
    }
}
