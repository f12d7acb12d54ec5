//! What the app asks of the agent: orders, carried by instance tags.
//!
//! An order is sealed from the app's key to the agent's, so that somebody who may only write tags can neither read
//! nor forge one. It is acknowledged by a message ([`crate::Kind::OrderDone`]), then the app removes the tags.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::sealing::{self, Key, PublicKey, SealError, Sealed};

/// An order, before it is sealed.
#[derive(Clone, PartialEq, Serialize, Deserialize)]
pub struct Order {
    /// The launch it is meant for; an order for another one is refused.
    pub launch: String,
    /// Ascending from 1; a number at or below the last one carried out is not carried out again.
    pub number: u32,
    /// What to do.
    pub act: Act,
}

/// What to do.
#[derive(Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Act {
    /// Go on from the failed step.
    Retry {
        /// Restart the instance first.
        restart: bool,
    },
    /// Here is a secret that the plan waits for, or the Administrator password that the user chose.
    Secret {
        /// Its name in the plan, or [`crate::message::ADMINISTRATOR_PASSWORD`].
        name: String,
        /// The value.
        value: String,
    },
    /// Don't stop by yourself within so many minutes from now; a later time that was agreed on before stays.
    /// It holds for both times of [`crate::Limits`].
    Extend {
        /// From the moment in which the order is carried out.
        minutes: u32,
    },
    /// An act that this version does not know; it is refused.
    #[serde(untagged)]
    Unknown(serde_json::Value),
}

/// What became of an order.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum OrderResult {
    /// Carried out.
    Done,
    /// Not carried out; the message's text says why.
    Refused,
    /// A result that this version does not know.
    #[serde(other)]
    Unknown,
}

/// Every order tag starts with this.
pub const TAG_PREFIX: &str = "slipway-order-";
/// Longest value of an EC2 tag, in characters (EC2 User Guide, "Tag restrictions").
pub const TAG_VALUE_MAX: usize = 256;

/// Seals an order and cuts it into tags: `slipway-order-<number>.<part>of<parts>`.
pub fn to_tags(order: &Order, app: &Key, agent: &PublicKey) -> Result<BTreeMap<String, String>, SealError> {
    let plain = zeroize::Zeroizing::new(serde_json::to_vec(order).map_err(|_| SealError::Plain)?);
    let Sealed(text) = sealing::seal(&plain, app, agent)?;
    let parts: Vec<&[u8]> = text.as_bytes().chunks(TAG_VALUE_MAX).collect();
    let name = |part: usize| format!("{TAG_PREFIX}{}.{}of{}", order.number, part + 1, parts.len());
    let value = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
    Ok(parts
        .iter()
        .enumerate()
        .map(|(part, bytes)| (name(part), value(bytes)))
        .collect())
}

/// Collects the sealed orders that are complete among the tags of an instance, by number.
pub fn from_tags<'t>(tags: impl IntoIterator<Item = (&'t str, &'t str)>) -> BTreeMap<u32, Sealed> {
    // By the number of parts too, so that a stray tag can't make an order incomplete.
    let mut found: BTreeMap<(u32, usize), BTreeMap<usize, &str>> = BTreeMap::new();
    for (name, value) in tags {
        if let Some((number, part, parts)) = parse_tag(name) {
            found.entry((number, parts)).or_default().insert(part, value);
        }
    }
    let complete = found
        .into_iter()
        .filter(|((_, parts), values)| values.len() == *parts);
    complete
        .map(|((number, _), values)| (number, Sealed(values.into_values().collect())))
        .collect()
}

/// Opens a sealed order. Fails where it was not sealed by the app's key, or not for this agent.
pub fn open(sealed: &Sealed, agent: &Key, app: &PublicKey) -> Result<Order, SealError> {
    let plain = sealing::open(sealed, agent, app)?;
    serde_json::from_slice(&plain).map_err(|_| SealError::Plain)
}

/// True for a tag that carries this order.
pub fn is_tag_of(name: &str, number: u32) -> bool {
    parse_tag(name).is_some_and(|(found, _, _)| found == number)
}

/// Number of the order, part, number of parts.
fn parse_tag(name: &str) -> Option<(u32, usize, usize)> {
    let (number, rest) = name.strip_prefix(TAG_PREFIX)?.split_once('.')?;
    let (part, parts) = rest.split_once("of")?;
    let number = digits(number)?.parse().ok()?;
    let (part, parts) = (digits(part)?.parse().ok()?, digits(parts)?.parse().ok()?);
    (1..=parts).contains(&part).then_some((number, part, parts))
}

/// Rust reads `+1` as a number too, which would give one order two names.
fn digits(text: &str) -> Option<&str> {
    text.bytes().all(|byte| byte.is_ascii_digit()).then_some(text)
}
