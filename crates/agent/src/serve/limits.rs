//! How much one peer, and all peers together, may ask of a listener.

use std::time::Duration;

/// Limits of one listener. With both at their most, and a file open for each that reads the log, the status service
/// stays below 128 file descriptors.
#[derive(Debug, Clone)]
pub struct Limits {
    /// Connections that have shown the right token.
    pub connections: usize,
    /// The same, from one address.
    pub per_address: usize,
    /// Connections that have not shown it yet. They are cut after seconds, and the one that has been silent longest
    /// makes room for the next: a good client on the same address as a thousand slow ones finds it among these.
    pub strangers: usize,
    /// Both together, and those that have to leave and have not gone yet. Where there are so many, the next one is
    /// accepted when one has gone.
    pub at_once: usize,
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
            connections: 16,
            per_address: 8,
            strangers: 32,
            at_once: 52,
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
            connections: 32,
            per_address: 32,
            at_once: 40,
            body: Duration::from_secs(10),
            ..Limits::public()
        }
    }
}
