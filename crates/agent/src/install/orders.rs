//! Orders from the app: read from the instance's tags, judged by a pure function.

use std::collections::BTreeMap;
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

/// What came by tags.
pub enum Incoming {
    /// Sealed by the app for this launch.
    Genuine(Order),
    /// Not from the app, or not for this launch: nothing may depend on its number.
    Foreign {
        /// The number on the tag.
        number: u32,
        /// Why it is refused.
        reason: String,
    },
}

/// What to do with a genuine order.
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
    /// Refuse it, for this reason.
    Refuse(String),
    /// It was answered before: say the same again.
    Repeat(OrderResult, String),
}

/// Reads the tags every two seconds and hands over what is new. Ends with the receiver.
pub async fn watch(imds: Arc<Imds>, identity: Identity, incoming: mpsc::Sender<Incoming>) {
    let mut seen = BTreeMap::new();
    loop {
        match imds.tags().await {
            Ok(tags) => {
                for order in unseen(&tags, &mut seen, &identity) {
                    if incoming.send(order).await.is_err() {
                        return;
                    }
                }
            }
            Err(error) => tracing::debug!(%error, "tags can't be read"),
        }
        tokio::time::sleep(PAUSE).await;
    }
}

/// The orders that were not there at the last look, or read differently.
fn unseen(
    tags: &BTreeMap<String, String>,
    seen: &mut BTreeMap<u32, Sealed>,
    identity: &Identity,
) -> Vec<Incoming> {
    let sealed = order::from_tags(tags.iter().map(|(name, value)| (name.as_str(), value.as_str())));
    let new = sealed
        .iter()
        .filter(|(number, sealed)| seen.get(number) != Some(sealed));
    let new = new
        .map(|(number, sealed)| open(*number, sealed, identity))
        .collect();
    *seen = sealed;
    new
}

fn open(number: u32, sealed: &Sealed, identity: &Identity) -> Incoming {
    let foreign = |reason: String| Incoming::Foreign { number, reason };
    match order::open(sealed, &identity.key, &identity.app_key) {
        Err(error) => foreign(format!("The order can't be opened: {error}.")),
        Ok(order) if order.launch != identity.launch => foreign(format!(
            "The order is meant for another launch, {}.",
            order.launch
        )),
        Ok(order) if order.number != number => foreign(format!(
            "The order's own number is {}, not {number}.",
            order.number
        )),
        Ok(order) => Incoming::Genuine(order),
    }
}

/// Decides what becomes of a genuine order.
pub fn judge(order: &Order, state: &State, plan: &Plan) -> Verdict {
    if let Some(answered) = state.orders.get(&order.number) {
        return Verdict::Repeat(answered.result, answered.text.clone());
    }
    if order.number <= state.last_order() {
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
        Act::Unknown(_) => Verdict::Refuse(format!(
            "This agent ({}) does not know such an order. A newer agent is needed.",
            env!("CARGO_PKG_VERSION")
        )),
    }
}

fn awaits(plan: &Plan, name: &str) -> bool {
    let mut secrets = plan.secrets.iter();
    secrets.any(|secret| secret.name == name && secret.origin == SecretOrigin::Sent)
}
