//! Addresses that a user lets in: one of them, or a range.

use std::net::Ipv4Addr;

use crate::error::{Error, ErrorKind, Result};
use crate::names::shown;

/// The addresses as a cloud's rules want them, `203.0.113.7/32`; what is empty is left out.
///
/// # Errors
/// [`ErrorKind::Input`] where one is none, or would let everybody in.
pub(crate) fn ranges(named: &[String]) -> Result<Vec<String>> {
    let named = named.iter().map(|one| one.trim()).filter(|one| !one.is_empty());
    named.map(range).collect()
}

fn range(text: &str) -> Result<String> {
    let (address, bits) = text.split_once('/').unwrap_or((text, "32"));
    let bits = bits.parse::<u32>().ok().filter(|bits| *bits <= 32);
    let (Ok(address), Some(bits)) = (address.parse::<Ipv4Addr>(), bits) else {
        return Err(refused(format!(
            "“{}” is no address that can be let in.",
            shown(text)
        )));
    };
    if bits == 0 {
        return Err(refused(format!(
            "“{text}” would let everybody in by Remote Desktop."
        )));
    }
    // EC2 refuses a range whose address has bits beyond it.
    let mask = u32::MAX << (32 - bits);
    Ok(format!(
        "{}/{bits}",
        Ipv4Addr::from_bits(address.to_bits() & mask)
    ))
}

fn refused(sentence: String) -> Error {
    Error::new(ErrorKind::Input, sentence)
        .hint("Name single addresses, such as 203.0.113.7, or small ranges, such as 203.0.113.0/24.")
}

#[cfg(test)]
#[path = "addresses_tests.rs"]
mod tests;
