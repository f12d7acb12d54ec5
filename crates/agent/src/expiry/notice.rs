//! Says beforehand that the machine will stop itself: when that is decided, and again as the time comes near.

use std::time::Duration;

use super::clock::Due;

/// Said again when so many minutes are left.
const AGAIN_AT: [u64; 3] = [30, 10, 1];
/// The clock is read a little late now and then; a time that has moved by more was put off.
const TOLERANCE: Duration = Duration::from_secs(90);

/// Remembers what has been said.
#[derive(Debug, Default)]
pub struct Notices {
    said: Option<(Duration, Due)>,
}

impl Notices {
    /// What to say now, where so much time is left.
    pub fn next(&mut self, ahead: Option<(Duration, Due)>) -> Option<String> {
        let Some((left, due)) = ahead else {
            self.said = None;
            return None;
        };
        let is_new = self
            .said
            .is_none_or(|(said, why)| why != due || left > said + TOLERANCE || passes(said, left));
        if !is_new {
            return None;
        }
        self.said = Some((left, due));
        Some(sentence(left, due))
    }
}

/// True where one of the marks lies between what was said and what is left.
fn passes(said: Duration, left: Duration) -> bool {
    let marks = AGAIN_AT.map(|minutes| Duration::from_secs(minutes * 60));
    marks.iter().any(|mark| said > *mark && left <= *mark)
}

fn sentence(left: Duration, due: Due) -> String {
    let time = match left.as_secs().div_ceil(60) {
        0 | 1 => "within a minute".to_owned(),
        minutes @ 2..=119 => format!("in {minutes} minutes"),
        minutes => format!("in {} hours", (minutes + 30) / 60),
    };
    match due {
        Due::Timer => format!("This server stops itself {time}: its stop timer ends then."),
        Due::Failed => format!(
            "This server stops itself {time}, because the install has failed. Retry, or give it more time."
        ),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn said(notices: &mut Notices, minutes: u64) -> bool {
        let left = Duration::from_secs(minutes * 60);
        notices.next(Some((left, Due::Failed))).is_some()
    }

    #[test]
    fn a_stop_is_said_at_once_and_as_it_comes_near() {
        let mut notices = Notices::default();
        let all: Vec<u64> = (0..=120).rev().filter(|left| said(&mut notices, *left)).collect();
        assert_eq!(all, [120, 30, 10, 1]);
    }

    #[test]
    fn a_stop_that_was_put_off_or_has_another_reason_is_said_again() {
        let mut notices = Notices::default();
        assert!(said(&mut notices, 5) && !said(&mut notices, 4) && said(&mut notices, 60));
        let timer = notices.next(Some((Duration::from_secs(3600), Due::Timer)));
        assert_eq!(
            timer.as_deref(),
            Some("This server stops itself in 60 minutes: its stop timer ends then.")
        );
        assert_eq!(notices.next(None), None);
        assert!(said(&mut notices, 60));
    }
}
