//! The user data of servers whose agents are among the processes of this computer.

use std::collections::BTreeSet;
use std::io::{Read, Write};
use std::net::TcpStream;

use super::places::Seen;

/// The user data of every agent among the processes that were seen, as its metadata endpoint gives it.
pub fn user_data(processes: &Seen) -> Seen {
    let ports = processes.iter().filter_map(|(place, arguments)| {
        let words = String::from_utf8_lossy(arguments).into_owned();
        let mut words = words.split('\0');
        words.find(|word| *word == "--imds")?;
        let port = words.next()?.strip_prefix("http://127.0.0.1:")?.parse().ok()?;
        place.starts_with("arguments").then_some(port)
    });
    let ports: BTreeSet<u16> = ports.collect();
    let told = |port: u16| Some((format!("user data at port {port}"), ask_metadata(port)?));
    ports.into_iter().filter_map(told).collect()
}

fn ask_metadata(port: u16) -> Option<Vec<u8>> {
    let token = http(
        port,
        "PUT /latest/api/token",
        "x-aws-ec2-metadata-token-ttl-seconds: 60",
    )?;
    let token = String::from_utf8(token).ok()?;
    http(
        port,
        "GET /latest/user-data",
        &format!("x-aws-ec2-metadata-token: {token}"),
    )
}

/// The body of the answer, where it is one.
fn http(port: u16, what: &str, header: &str) -> Option<Vec<u8>> {
    let mut stream = TcpStream::connect(("127.0.0.1", port)).ok()?;
    let request = format!(
        "{what} HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\nContent-Length: 0\r\n{header}\r\n\r\n"
    );
    stream.write_all(request.as_bytes()).ok()?;
    let mut answer = Vec::new();
    stream.read_to_end(&mut answer).ok()?;
    let body = memchr::memmem::find(&answer, b"\r\n\r\n")? + 4;
    answer
        .starts_with(b"HTTP/1.1 200")
        .then(|| answer.split_off(body))
}
