//! One line of the messages file: `["checksum","sender",number at the sender,{message}]`.
//!
//! A line is JSON, so that people can read the file; the checksum tells a line that was cut off by a crash.

use serde_json::value::RawValue;
use slipway_protocol::Message;

/// Length of `["01234567"`: what comes before the part that the checksum covers.
const HEAD: usize = 11;

/// A line that was read back. The message stays text: it goes out as it came in.
pub struct Record<'l> {
    /// The sender's name.
    pub sender: String,
    /// The sender's own number of the message.
    pub sent: u64,
    /// The message with the stream's number.
    pub message: &'l RawValue,
}

/// Writes a line, with its line end, behind `lines`.
pub fn encode(lines: &mut Vec<u8>, sender: &str, sent: u64, message: &Message) -> serde_json::Result<()> {
    let sender = serde_json::to_string(sender)?;
    let message = serde_json::to_string(message)?;
    let rest = format!(",{sender},{sent},{message}]");
    let sum = crc32fast::hash(rest.as_bytes());
    lines.extend(format!("[\"{sum:08x}\"{rest}\n").into_bytes());
    Ok(())
}

/// Reads a line with its line end; `None` for one that is damaged or cut off.
pub fn decode(line: &[u8]) -> Option<Record<'_>> {
    let line = line.strip_suffix(b"\n")?;
    let (sum, sender, sent, message): (String, String, u64, &RawValue) = serde_json::from_slice(line).ok()?;
    let rest = line.get(HEAD..)?;
    let whole = sum == format!("{:08x}", crc32fast::hash(rest));
    whole.then_some(Record {
        sender,
        sent,
        message,
    })
}

#[cfg(test)]
#[path = "record_tests.rs"]
mod tests;
