//! Points in time, written for people and files.

use slipway_protocol::Time;

/// A point in time in milliseconds since the Unix epoch, in UTC, such as `2026-11-22T15:04:05Z`.
pub fn timestamp(millis: i64) -> String {
    Time(millis).iso()
}
