//! This computer's clock, compared with the `Date` of an answer.

use slipway_core::cloud::{Finding, Verdict};

use super::{finding, good, unknown};
use crate::error::CLOCK_TOLERANCE_SECONDS;
use crate::session::Session;

const ABOUT: &str = "Clock";

/// Reads the date of the last answer; the check of the sign-in has just had one.
pub(super) async fn check(session: &Session) -> Finding {
    judge(session.clients().await.ahead.seconds())
}

/// The SDK signs with AWS's time, so a wrong clock is a nuisance, not an end.
fn judge(ahead: Option<i64>) -> Finding {
    let Some(ahead) = ahead else {
        return unknown(ABOUT, "AWS's answer has no date.");
    };
    let apart = ahead.unsigned_abs();
    if apart <= CLOCK_TOLERANCE_SECONDS.unsigned_abs() {
        return good(ABOUT, format!("{apart} s apart from AWS's."));
    }
    let direction = if ahead > 0 { "behind" } else { "ahead" };
    let text = format!(
        "This computer's clock is {} minutes {direction} AWS's.",
        apart / 60
    );
    finding(ABOUT, Verdict::Warning, text, "Set the clock to automatic.")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn five_minutes_are_what_aws_tolerates() {
        assert_eq!(judge(Some(-299)).verdict, Verdict::Good);
        assert_eq!(judge(Some(900)).verdict, Verdict::Warning);
        assert_eq!(judge(None).verdict, Verdict::Unknown);
    }

    #[test]
    fn a_clock_is_behind_when_awss_is_ahead() {
        assert!(judge(Some(3600)).text.contains("60 minutes behind"));
        assert!(judge(Some(-3600)).text.contains("60 minutes ahead"));
    }
}
