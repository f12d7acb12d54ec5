//! Loopback ports, chosen once for an instance and kept until it is gone, so that its address stays the same.

use std::collections::BTreeSet;
use std::net::{Ipv4Addr, TcpListener};

use rusqlite::Connection;
use slipway_core::error::{Error, ErrorKind};

use crate::ids;
use crate::trouble::Outcome;

/// Below the ports that Linux, macOS and Windows give to outgoing connections, so that a stopped machine's port is
/// not taken by accident.
const FIRST: u16 = 20_000;
/// Ports of one instance.
const BLOCK: u16 = 4;
const BLOCKS: u16 = 3_000;

/// Where one instance listens.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Ports {
    /// The address of all but instance metadata, which is always on 127.0.0.1.
    pub host: Ipv4Addr,
    /// Instance metadata.
    pub metadata: u16,
    /// The status service.
    pub agent: u16,
    /// The site.
    pub site: u16,
    /// Remote Desktop; reserved, nobody answers there.
    pub rdp: u16,
}

/// Chooses ports that no other instance has and nobody listens on.
///
/// Always a whole block: a machine listens on the first port of its block for as long as it is on, so another practice
/// world on this computer never takes the ports that it opens later.
pub fn choose(ledger: &Connection) -> Outcome<Ports> {
    let taken = taken(ledger)?;
    let start = u16::from_be_bytes(ids::random()?) % BLOCKS;
    let mut blocks = (0..BLOCKS).map(|offset| FIRST + (start + offset) % BLOCKS * BLOCK);
    let free = |first: &u16| (*first..first + BLOCK).all(|port| !taken.contains(&port) && is_free(port));
    let Some(first) = blocks.find(free) else {
        let sentence = "This computer has no free ports for another practice server.";
        let hint = "Terminate a practice server, then try again.";
        return Err(Error::new(ErrorKind::NoCapacity, sentence).hint(hint).into());
    };
    Ok(Ports {
        host: Ipv4Addr::LOCALHOST,
        metadata: first,
        agent: first + 1,
        site: first + 2,
        rdp: first + 3,
    })
}

fn taken(ledger: &Connection) -> Outcome<BTreeSet<u16>> {
    let mut query = ledger.prepare(
        "SELECT metadata_port, agent_port, site_port, rdp_port FROM instances WHERE state <> 'terminated'",
    )?;
    let mut rows = query.query([])?;
    let mut taken = BTreeSet::new();
    while let Some(row) = rows.next()? {
        for column in 0..4 {
            taken.insert(row.get(column)?);
        }
    }
    Ok(taken)
}

fn is_free(port: u16) -> bool {
    TcpListener::bind((Ipv4Addr::LOCALHOST, port)).is_ok()
}
