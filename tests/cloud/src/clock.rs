//! What time it is at AWS. A test may set it apart from this computer's time.

use std::sync::atomic::{AtomicI64, Ordering};
use std::time::{Duration, SystemTime};

use crate::answer::Refusal;
use crate::call::Call;

/// How far a signature's time may be off.
const TOLERANCE: Duration = Duration::from_secs(300);
const DAYS: [&str; 7] = ["Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"];
const MONTHS: [&str; 12] = [
    "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec",
];

/// A clock that may run ahead or behind.
#[derive(Default)]
pub struct Clock(AtomicI64);

impl Clock {
    /// Sets it this many seconds ahead of this computer; negative is behind.
    pub fn set_ahead(&self, seconds: i64) {
        self.0.store(seconds, Ordering::Relaxed);
    }

    /// Seconds ahead.
    pub fn ahead(&self) -> i64 {
        self.0.load(Ordering::Relaxed)
    }

    /// The time for a `Date` header.
    pub fn date(&self) -> String {
        httpdate::fmt_http_date(self.now())
    }

    /// The time as EC2 writes it: `2026-11-22T19:00:00.000Z`.
    pub fn stamp(&self) -> String {
        stamp(self.now()).replace('Z', ".000Z")
    }

    /// Refuses a request that was signed at another time (EC2 says the same of an expired session).
    pub fn check(&self, call: &Call) -> Result<(), Refusal> {
        if let Some(url) = call.head.uri.query().and_then(SignedUrl::read) {
            return url.check(self.now());
        }
        let Some(signed) = signed_at(call.header("x-amz-date")) else {
            return Ok(());
        };
        let now = self.now();
        let apart = now.duration_since(signed).or_else(|_| signed.duration_since(now));
        if apart.is_ok_and(|apart| apart <= TOLERANCE) {
            return Ok(());
        }
        Err(match call.service.as_str() {
            "ec2" => Refusal::new("RequestExpired", "Request has expired."),
            "s3" => Refusal {
                status: 403,
                ..Refusal::new(
                    "RequestTimeTooSkewed",
                    "The difference between the request time and the current time is too large.",
                )
            },
            "sts" | "iam" => Refusal {
                status: 403,
                ..Refusal::new("SignatureDoesNotMatch", "Signature expired")
            },
            _ => Refusal::new("InvalidSignatureException", "Signature expired"),
        })
    }

    fn now(&self) -> SystemTime {
        let ahead = self.ahead();
        let by = Duration::from_secs(ahead.unsigned_abs());
        let now = SystemTime::now();
        if ahead < 0 { now - by } else { now + by }
    }
}

/// A URL that carries its signature (“Authenticating Requests: Using Query Parameters”, Amazon S3).
struct SignedUrl {
    signed: SystemTime,
    good_for: Duration,
}

impl SignedUrl {
    fn read(query: &str) -> Option<Self> {
        let value = |name: &str| {
            let mut pairs = url::form_urlencoded::parse(query.as_bytes());
            pairs.find(|(key, _)| key == name).map(|(_, value)| value)
        };
        Some(SignedUrl {
            signed: signed_at(&value("X-Amz-Date")?)?,
            good_for: Duration::from_secs(value("X-Amz-Expires")?.parse().ok()?),
        })
    }

    fn check(&self, now: SystemTime) -> Result<(), Refusal> {
        let message = if self.signed > now + TOLERANCE {
            "Request is not yet valid"
        } else if self.signed + self.good_for < now {
            "Request has expired"
        } else {
            return Ok(());
        };
        Err(Refusal {
            status: 403,
            ..Refusal::new("AccessDenied", message)
        })
    }
}

/// A time as AWS's newer services write it: `2026-11-22T19:00:00Z`.
pub fn stamp(time: SystemTime) -> String {
    let date = httpdate::fmt_http_date(time);
    let words: Vec<&str> = date.split_whitespace().collect();
    let [_, day, month, year, time, _] = words[..] else {
        return date;
    };
    let month = MONTHS.iter().position(|name| *name == month).unwrap_or(0) + 1;
    format!("{year}-{month:02}-{day}T{time}Z")
}

/// Reads `20261122T190000Z`.
fn signed_at(stamp: &str) -> Option<SystemTime> {
    let digits = |range: std::ops::Range<usize>| stamp.get(range);
    let month: usize = digits(4..6)?.parse().ok()?;
    let date = format!(
        "{} {} {} {}:{}:{} GMT",
        digits(6..8)?,
        MONTHS.get(month.checked_sub(1)?)?,
        digits(0..4)?,
        digits(9..11)?,
        digits(11..13)?,
        digits(13..15)?
    );
    // Only the right day of the week is accepted, and the signature does not tell it.
    let mut days = DAYS.iter();
    days.find_map(|day| httpdate::parse_http_date(&format!("{day}, {date}")).ok())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_are_read_and_written_as_aws_does() {
        let at = |seconds| SystemTime::UNIX_EPOCH + Duration::from_secs(seconds);
        assert_eq!(signed_at("19941106T084937Z"), Some(at(784_111_777)));
        assert_eq!(signed_at("20240229T000000Z"), Some(at(1_709_164_800)));
        assert_eq!(signed_at("today"), None);
        assert_eq!(Clock::default().stamp().len(), "2026-11-22T19:00:00.000Z".len());
    }

    #[test]
    fn a_signed_url_is_good_from_its_date_to_its_end() {
        let url = SignedUrl::read("X-Amz-Date=19941106T084937Z&X-Amz-Expires=7200").unwrap();
        let check = |later: i64| {
            let now = SystemTime::UNIX_EPOCH + Duration::from_secs((784_111_777 + later) as u64);
            url.check(now).map_err(|refusal| refusal.message)
        };
        assert_eq!((check(0), check(7_200), check(-300)), (Ok(()), Ok(()), Ok(())));
        assert_eq!(check(-301), Err("Request is not yet valid".into()));
        assert_eq!(check(7_201), Err("Request has expired".into()));
    }
}
