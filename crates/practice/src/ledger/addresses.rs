//! Loopback addresses of instances that have one of their own. All others listen on 127.0.0.1.

use std::net::Ipv4Addr;

use rusqlite::{Connection, params};

use crate::trouble::Outcome;

/// Gives an instance an address, from its next boot on.
pub fn give(ledger: &Connection, instance: &str, address: Ipv4Addr) -> Outcome<()> {
    let insert = "INSERT OR REPLACE INTO addresses (instance, address) VALUES (?, ?)";
    ledger.execute(insert, params![instance, address.to_string()])?;
    Ok(())
}
