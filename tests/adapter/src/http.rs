//! The plainest HTTP there is, for what answers in one piece: the desk of the test cloud, and installed sites.

use std::io::{Read, Write};
use std::net::TcpStream;
use std::time::Duration;

/// Far longer than any of these answers takes.
const PATIENCE: Duration = Duration::from_secs(60);

/// Asks a `http://` address; the status and the text.
///
/// # Errors
/// When nobody answers.
pub fn get(url: &str) -> std::io::Result<(u16, String)> {
    ask("GET", url, "", "")
}

/// Sends a text to a `http://` address, with whole lines of headers; the status and the text that comes back.
///
/// # Errors
/// When nobody answers.
pub fn post(url: &str, headers: &str, body: &str) -> std::io::Result<(u16, String)> {
    ask("POST", url, headers, body)
}

fn ask(method: &str, url: &str, headers: &str, body: &str) -> std::io::Result<(u16, String)> {
    let rest = url.trim_start_matches("http://");
    let (host, path) = rest.split_once('/').unwrap_or((rest, ""));
    let at = if host.contains(':') {
        host.to_owned()
    } else {
        format!("{host}:80")
    };
    let mut stream = TcpStream::connect(at)?;
    stream.set_read_timeout(Some(PATIENCE))?;
    // HTTP/1.0, so that nobody answers in chunks.
    let length = body.len();
    let head =
        format!("{method} /{path} HTTP/1.0\r\nHost: {host}\r\nContent-Length: {length}\r\n{headers}\r\n");
    stream.write_all(head.as_bytes())?;
    stream.write_all(body.as_bytes())?;
    let mut answer = Vec::new();
    stream.read_to_end(&mut answer)?;
    let answer = String::from_utf8_lossy(&answer);
    let (head, text) = answer.split_once("\r\n\r\n").unwrap_or((&answer, ""));
    let status = head.split_whitespace().nth(1).and_then(|word| word.parse().ok());
    Ok((status.unwrap_or(0), text.to_owned()))
}
