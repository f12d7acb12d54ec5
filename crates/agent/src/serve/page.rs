//! Pages of messages, read from the file by offset.

use std::fs::File;
use std::io;

use serde::Serialize;
use serde_json::value::RawValue;
use slipway_protocol::routes::MAX_MESSAGES;

use super::record;

/// Most bytes of messages in a page; a single longer message still makes one.
const MAX_PAGE_BYTES: u64 = 1024 * 1024;

/// Where the messages of a page lie in the file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Span {
    start: u64,
    end: u64,
}

/// [`slipway_protocol::routes::Page`] with messages as they were written.
#[derive(Serialize)]
struct RawPage<'a> {
    stream: &'a str,
    messages: Vec<&'a RawValue>,
    last: u64,
}

impl Span {
    /// `ends[n - 1]` is the offset behind message `n`.
    pub fn find(ends: &[u64], after: u64, limit: usize) -> Self {
        let first = usize::try_from(after).unwrap_or(usize::MAX).min(ends.len());
        let start = first.checked_sub(1).map_or(0, |before| ends[before]);
        let wanted = &ends[first..][..limit.min(MAX_MESSAGES).min(ends.len() - first)];
        let fitting = wanted.partition_point(|end| end - start <= MAX_PAGE_BYTES);
        let end = match wanted.len() {
            0 => start,
            _ => wanted[fitting.max(1) - 1],
        };
        Span { start, end }
    }
}

/// The JSON of a page.
pub fn read(file: &File, span: Span, stream: &str, last: u64) -> io::Result<Vec<u8>> {
    let mut lines = vec![0; usize::try_from(span.end - span.start).map_err(io::Error::other)?];
    read_at(file, &mut lines, span.start)?;
    let records = lines.split_inclusive(|byte| *byte == b'\n').map(record::decode);
    let messages: Option<Vec<&RawValue>> = records.map(|record| Some(record?.message)).collect();
    let messages = messages.ok_or_else(|| io::Error::other("the messages file was changed from outside"))?;
    Ok(serde_json::to_vec(&RawPage {
        stream,
        messages,
        last,
    })?)
}

#[cfg(unix)]
fn read_at(file: &File, bytes: &mut [u8], offset: u64) -> io::Result<()> {
    std::os::unix::fs::FileExt::read_exact_at(file, bytes, offset)
}

#[cfg(windows)]
fn read_at(file: &File, mut bytes: &mut [u8], mut offset: u64) -> io::Result<()> {
    while !bytes.is_empty() {
        let read = std::os::windows::fs::FileExt::seek_read(file, bytes, offset)?;
        if read == 0 {
            return Err(io::ErrorKind::UnexpectedEof.into());
        }
        bytes = &mut bytes[read..];
        offset += read as u64;
    }
    Ok(())
}

#[cfg(test)]
#[path = "page_tests.rs"]
mod tests;
