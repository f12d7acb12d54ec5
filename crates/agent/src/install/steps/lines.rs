//! Cuts a program's output into lines, however it arrives.

use slipway_protocol::routes::MAX_TEXT_BYTES;
use tokio::io::{AsyncRead, AsyncReadExt};

/// What is kept of one line. More than a message holds, so that a secret at the cut is still whole when it is
/// taken out.
const KEPT: usize = 4 * MAX_TEXT_BYTES;

/// Bytes of one read.
const CHUNK: usize = 8192;

/// A line without its end.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Line {
    /// Its text, or the beginning of it.
    pub text: String,
    /// So many bytes more it had.
    pub dropped: usize,
}

/// Reads lines from a stream.
pub struct Lines<R> {
    stream: R,
    buffer: Vec<u8>,
    chunk: Vec<u8>,
    line: Vec<u8>,
    dropped: usize,
}

impl<R: AsyncRead + Unpin> Lines<R> {
    /// Reads from `stream`.
    pub fn new(stream: R) -> Self {
        Lines {
            stream,
            buffer: vec![0; CHUNK],
            chunk: Vec::new(),
            line: Vec::new(),
            dropped: 0,
        }
    }

    /// The next line; bytes that are no UTF-8 are shown as `�`. `None` at the end of the stream.
    pub async fn next(&mut self) -> Option<Line> {
        loop {
            if let Some(end) = self.chunk.iter().position(|byte| *byte == b'\n') {
                let rest = self.chunk.split_off(end + 1);
                let last = std::mem::replace(&mut self.chunk, rest);
                self.keep(&last[..end]);
                return Some(self.take());
            }
            let part = std::mem::take(&mut self.chunk);
            self.keep(&part);
            match self.stream.read(&mut self.buffer).await {
                Ok(read) if read > 0 => self.chunk = self.buffer[..read].to_vec(),
                _ => return (!self.line.is_empty()).then(|| self.take()),
            }
        }
    }

    fn keep(&mut self, bytes: &[u8]) {
        let room = KEPT.saturating_sub(self.line.len()).min(bytes.len());
        self.line.extend_from_slice(&bytes[..room]);
        self.dropped += bytes.len() - room;
    }

    fn take(&mut self) -> Line {
        let line = std::mem::take(&mut self.line);
        let dropped = std::mem::take(&mut self.dropped);
        let text = String::from_utf8_lossy(&line);
        let text = text.trim_end_matches('\r').to_owned();
        Line { text, dropped }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    async fn all(bytes: &[u8]) -> Vec<String> {
        let mut lines = Lines::new(bytes);
        let mut found = Vec::new();
        while let Some(line) = lines.next().await {
            found.push(line.text);
        }
        found
    }

    #[tokio::test]
    async fn lines_lose_their_ends_and_the_last_one_needs_none() {
        assert_eq!(all(b"one\r\n\ntwo\nthree").await, ["one", "", "two", "three"]);
        assert!(all(b"").await.is_empty());
    }

    #[tokio::test]
    async fn bytes_that_are_no_text_are_shown() {
        assert_eq!(all(b"a\xffb\n").await, ["a\u{fffd}b"]);
    }

    #[tokio::test]
    async fn a_line_without_end_takes_little_memory_and_the_next_one_is_whole() {
        let mut bytes = vec![b'x'; 1024 * 1024];
        bytes.extend(b"\nnext\n");
        let mut lines = Lines::new(bytes.as_slice());
        let long = lines.next().await.unwrap();
        assert_eq!((long.text.len(), long.dropped), (KEPT, 1024 * 1024 - KEPT));
        assert_eq!(lines.next().await.unwrap().text, "next");
    }
}
