//! Orders from the app: read from the instance's tags, judged by a pure function.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;
use std::time::Duration;

use slipway_protocol::message::{ADMINISTRATOR_PASSWORD, Outcome};
use slipway_protocol::order::{self, Act, Order, OrderResult};
use slipway_protocol::plan::{Plan, SecretOrigin};
use slipway_protocol::sealing::Sealed;
use tokio::sync::mpsc;

use super::journal::Begin;
use super::state::State;
use crate::identity::Identity;
use crate::imds::Imds;

/// How often the tags are read. Metadata is served by the host itself, so that a question costs next to nothing.
const PAUSE: Duration = Duration::from_secs(2);
/// So many stray tags are told in the life of a process: whoever writes them could fill the log.
const MOST_TOLD: usize = 20;

/// What comes of the tags.
pub enum Incoming {
    /// Sealed by the app for this launch.
    Order(Order),
    /// Tags that look like an order were passed over: a sentence for the log.
    Ignored(String),
}

/// What to do with an order of the app's.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Verdict {
    /// Begin an attempt.
    Begin(Begin),
    /// Keep a secret of the plan.
    Keep,
    /// Set the Administrator password.
    SetPassword,
    /// Put off, by so many minutes from now, what stops the machine.
    Extend(u32),
    /// Accept the token with this SHA-256.
    NewToken(String),
    /// Refuse it, for this reason.
    Refuse(String),
    /// It was answered before: say the same again.
    Repeat(OrderResult, String),
}

/// Reads the tags every two seconds and hands over what is new. Ends with the receiver.
pub async fn watch(imds: Arc<Imds>, identity: Identity, incoming: mpsc::Sender<Incoming>) {
    let mut seen = Seen::default();
    loop {
        match imds.tags(order::is_tag).await {
            Ok(tags) => {
                for new in seen.look(&tags, &identity) {
                    if incoming.send(new).await.is_err() {
                        return;
                    }
                }
            }
            Err(error) => tracing::debug!(%error, "tags can't be read"),
        }
        tokio::time::sleep(PAUSE).await;
    }
}

/// What the last look at the tags found.
#[derive(Default)]
struct Seen {
    sets: BTreeSet<(u32, String)>,
    told: usize,
}

impl Seen {
    /// The orders that were not there at the last look, or read differently. Whoever may write tags can add others,
    /// so what was not sealed by the app for this launch is passed over: nothing may depend on it, and the app is not
    /// answered about a number that it may not have given.
    fn look(&mut self, tags: &BTreeMap<String, String>, identity: &Identity) -> Vec<Incoming> {
        let found = order::from_tags(tags.iter().map(|(name, value)| (name.as_str(), value.as_str())));
        let sets = found
            .into_iter()
            .flat_map(|(number, sets)| sets.into_iter().map(move |Sealed(text)| (number, text)));
        let before = std::mem::replace(&mut self.sets, sets.collect());
        let new = self.sets.difference(&before);
        let mut incoming = Vec::new();
        for (number, text) in new {
            match open(*number, text, identity) {
                Ok(order) => incoming.push(Incoming::Order(order)),
                Err(why) if self.told < MOST_TOLD => {
                    self.told += 1;
                    let text = format!("Passed over a tag that looks like order {number}: {why}.");
                    incoming.push(Incoming::Ignored(text));
                }
                Err(_) => {}
            }
        }
        incoming
    }
}

fn open(number: u32, text: &str, identity: &Identity) -> Result<Order, String> {
    let order = order::open(&Sealed(text.to_owned()), &identity.key, &identity.app_key)
        .map_err(|error| error.to_string())?;
    if order.launch != identity.launch {
        return Err(format!("it is meant for another launch, {}", order.launch));
    }
    if order.number != number {
        return Err(format!("its own number is {}", order.number));
    }
    Ok(order)
}

/// Decides what becomes of a genuine order.
pub fn judge(order: &Order, state: &State, plan: &Plan) -> Verdict {
    if let Some(answered) = state.orders.get(&order.number) {
        return Verdict::Repeat(answered.result, answered.text.clone());
    }
    // Tags may show up in another order than they were put; a secret can't be too late, since it has one value only.
    let is_late = order.number <= state.last_order();
    if is_late && !matches!(&order.act, Act::Secret { name, .. } if awaits(plan, name)) {
        let text = "A later order was carried out before this one came.";
        return Verdict::Repeat(OrderResult::Refused, text.to_owned());
    }
    match &order.act {
        Act::Retry { restart } => match state.ended {
            Some(Outcome::Failed { .. }) => Verdict::Begin(Begin {
                attempt: state.attempt + 1,
                restart: *restart,
            }),
            Some(_) => Verdict::Refuse("The install has ended well; there is nothing to retry.".to_owned()),
            None => {
                Verdict::Refuse("The install is still at work; only a failed one can be retried.".to_owned())
            }
        },
        Act::Secret { name, .. } if name == ADMINISTRATOR_PASSWORD => Verdict::SetPassword,
        Act::Secret { name, .. } if awaits(plan, name) => Verdict::Keep,
        Act::Secret { name, .. } => Verdict::Refuse(format!("The plan expects no secret “{name}”.")),
        Act::Extend { minutes } => Verdict::Extend(*minutes),
        Act::Token { sha256 } => Verdict::NewToken(sha256.clone()),
        Act::Scrub {} => Verdict::Refuse("Only a finished install is removed from its server.".to_owned()),
        Act::Unknown(_) => Verdict::Refuse(format!(
            "This agent ({}) does not know such an order. A newer agent is needed.",
            env!("CARGO_PKG_VERSION")
        )),
    }
}

fn awaits(plan: &Plan, name: &str) -> bool {
    let mut secrets = plan.secrets.iter();
    // The Administrator password may be sent more than once.
    let has_one_value = name != ADMINISTRATOR_PASSWORD;
    has_one_value && secrets.any(|secret| secret.name == name && secret.origin == SecretOrigin::Sent)
}
