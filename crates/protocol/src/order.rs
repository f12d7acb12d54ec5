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
    /// From 1; each number is carried out once.
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
    /// Accept another bearer token from now on, and no longer the one before.
    Token {
        /// SHA-256 of the new token, lower-case hex.
        sha256: String,
    },
    /// The app has stored the successful end: remove keys, messages and secrets. Travels as the header
    /// [`crate::routes::ORDER_HEADER`], because nobody reads tags once the install has ended well; its number is 0.
    Scrub {},
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
    let text = to_text(order, app, agent)?;
    let parts: Vec<&[u8]> = text.as_bytes().chunks(TAG_VALUE_MAX).collect();
    let name = |part: usize| format!("{TAG_PREFIX}{}.{}of{}", order.number, part + 1, parts.len());
    let value = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
    Ok(parts
        .iter()
        .enumerate()
        .map(|(part, bytes)| (name(part), value(bytes)))
        .collect())
}

/// Collects what may be orders among the tags of an instance, by number: every set of parts that is complete. Whoever
/// may write tags can add sets, so that a number may have several; only [`open`] tells which one is the app's.
pub fn from_tags<'t>(tags: impl IntoIterator<Item = (&'t str, &'t str)>) -> BTreeMap<u32, Vec<Sealed>> {
    // By the number of parts too, so that a stray tag can't make an order incomplete.
    let mut found: BTreeMap<(u32, usize), BTreeMap<usize, &str>> = BTreeMap::new();
    for (name, value) in tags {
        if let Some((number, part, parts)) = parse_tag(name) {
            found.entry((number, parts)).or_default().insert(part, value);
        }
    }
    let mut complete: BTreeMap<u32, Vec<Sealed>> = BTreeMap::new();
    for ((number, parts), values) in found {
        if values.len() == parts {
            let sealed = Sealed(values.into_values().collect());
            complete.entry(number).or_default().push(sealed);
        }
    }
    complete
}

/// Seals an order that travels as one text.
pub fn to_text(order: &Order, app: &Key, agent: &PublicKey) -> Result<String, SealError> {
    let plain = zeroize::Zeroizing::new(serde_json::to_vec(order).map_err(|_| SealError::Plain)?);
    sealing::seal(&plain, app, agent).map(|sealed| sealed.0)
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

/// True for a tag that may carry a part of an order.
pub fn is_tag(name: &str) -> bool {
    parse_tag(name).is_some()
}

/// Number of the order, part, number of parts.
fn parse_tag(name: &str) -> Option<(u32, usize, usize)> {
    let (number, rest) = name.strip_prefix(TAG_PREFIX)?.split_once('.')?;
    let (part, parts) = rest.split_once("of")?;
    let number = digits(number)?.parse().ok()?;
    let (part, parts) = (digits(part)?.parse().ok()?, digits(parts)?.parse().ok()?);
    (1..=parts).contains(&part).then_some((number, part, parts))
}

/// Only the usual form of a number from 1: Rust reads `+1` and `01` too, which would give one part several names.
fn digits(text: &str) -> Option<&str> {
    let usual = !text.starts_with('0') && text.bytes().all(|byte| byte.is_ascii_digit());
    usual.then_some(text)
}
