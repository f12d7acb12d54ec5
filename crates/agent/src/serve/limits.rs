//! How much one peer, and all peers together, may ask of a listener.

use std::time::Duration;

/// Limits of one listener.
#[derive(Debug, Clone)]
pub struct Limits {
    /// Connections that have shown the right token.
    pub connections: usize,
    /// The same, from one address.
    pub per_address: usize,
    /// Connections that have not shown it yet. They cost little and are cut after seconds, so there may be many:
    /// a good client on the same address as a thousand slow ones has to find room among them. Few enough for the
    /// 1,024 file descriptors that a process usually has.
    pub strangers: usize,
    /// From the connect to the end of the TLS handshake.
    pub handshake: Duration,
    /// For the whole header of a request, and for the pause between two requests.
    pub header: Duration,
    /// Longest header, in bytes.
    pub header_bytes: usize,
    /// For the body of a request.
    pub body: Duration,
    /// A connection on which no byte moves for this long is cut, whatever it is doing.
    pub silence: Duration,
    /// Wrong tokens from one address in a minute; more of them are answered 429. The right one always counts.
    pub failures_a_minute: u32,
}

impl Limits {
    /// For port 8080, which anybody may reach whom the security group lets through.
    pub fn public() -> Self {
        Limits {
            connections: 64,
            per_address: 8,
            strangers: 512,
            handshake: Duration::from_secs(5),
            header: Duration::from_secs(5),
            header_bytes: 8 * 1024,
            body: Duration::from_secs(1),
            silence: Duration::from_secs(30),
            failures_a_minute: 20,
        }
    }

    /// For the loopback port, where all peers have one address.
    pub fn inbox() -> Self {
        Limits {
            connections: 256,
            per_address: 256,
            body: Duration::from_secs(10),
            ..Limits::public()
        }
    }
}
