//! Addresses that a user lets in: one of them, or a range.

use std::net::Ipv4Addr;

use crate::error::{Error, ErrorKind, Result};
use crate::names::shown;

/// The widest range that can be let in, in bits of its prefix: sixteen million addresses. Wider ones, and several that
/// add up to more, let in whole continents.
const WIDEST: u32 = 8;

/// Who can open the site of a launch with these answers, after the word “Site”. Window and terminal say it before a launch.
pub fn site_visitors(public_site: bool, named: &[String]) -> &'static str {
    match (public_site, named.is_empty()) {
        (true, _) => "open to everybody",
        (false, true) => "open to this computer only",
        (false, false) => "open to the same addresses",
    }
}

/// The addresses as a cloud's rules want them, `203.0.113.7/32`; what is empty is left out.
///
/// # Errors
/// [`ErrorKind::Input`] where one is none, or where they let in more than a /8 does, alone or together.
pub(crate) fn ranges(named: &[String]) -> Result<Vec<String>> {
    let named = named.iter().map(|one| one.trim()).filter(|one| !one.is_empty());
    let ranges = named.map(range).collect::<Result<Vec<Range>>>()?;
    if distinct_addresses(&ranges) > size(WIDEST) {
        return Err(refused(
            "The ranges that may connect by Remote Desktop are too wide together.".to_owned(),
        ));
    }
    Ok(ranges.iter().map(Range::text).collect())
}

/// Addresses with the same first bits.
#[derive(Clone, Copy)]
struct Range {
    first: u32,
    bits: u32,
}

impl Range {
    fn text(&self) -> String {
        format!("{}/{}", Ipv4Addr::from_bits(self.first), self.bits)
    }

    /// Two ranges of this kind lie apart, or one lies in the other.
    fn holds(&self, other: &Range) -> bool {
        self.bits <= other.bits && first_of(other.first, self.bits) == self.first
    }
}

/// How many addresses have the same first bits.
fn size(bits: u32) -> u64 {
    1 << (32 - bits)
}

fn first_of(address: u32, bits: u32) -> u32 {
    address & u32::MAX.checked_shl(32 - bits).unwrap_or(0)
}

/// How many addresses are in any of them. What lies in another one, or stands there twice, counts once.
fn distinct_addresses(ranges: &[Range]) -> u64 {
    let mut widest_first = ranges.to_vec();
    widest_first.sort_by_key(|range| range.bits);
    let mut counted: Vec<Range> = Vec::new();
    for range in widest_first {
        if !counted.iter().any(|wider| wider.holds(&range)) {
            counted.push(range);
        }
    }
    counted.iter().map(|range| size(range.bits)).sum()
}

fn range(text: &str) -> Result<Range> {
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
    if bits < WIDEST {
        let millions = size(bits) / 1_000_000;
        return Err(refused(format!(
            "“{text}” would let {millions} million addresses in by Remote Desktop."
        )));
    }
    // EC2 refuses a range whose address has bits beyond it.
    let first = first_of(address.to_bits(), bits);
    Ok(Range { first, bits })
}

fn refused(sentence: String) -> Error {
    Error::new(ErrorKind::Input, sentence)
        .hint("Name single addresses, such as 203.0.113.7, or small ranges, such as 203.0.113.0/24.")
}

#[cfg(test)]
#[path = "addresses_tests.rs"]
mod tests;
