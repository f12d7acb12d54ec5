//! Orders to the agent: sealed, put as tags on the instance, removed when acknowledged.

use slipway_protocol::Order;
use slipway_protocol::order::{self, Act, OrderResult};
use slipway_protocol::sealing::{PublicKey, SealError};

use super::steps::World;
use super::{Errand, Launch, PendingOrder, Trust};
use crate::cloud::{PutTags, RemoveTags, Tags};
use crate::error::{Error, ErrorKind, Result};

/// Adds an order to those that wait. It leaves as soon as the agent's keys are proven.
pub(crate) fn add(launch: &mut Launch, what: Errand) {
    launch.facts.orders += 1;
    launch.facts.pending.push(PendingOrder {
        number: launch.facts.orders,
        what,
        tags: Vec::new(),
    });
}

/// Puts the waiting orders onto the instance, oldest first.
pub(crate) async fn place(launch: &mut Launch, world: &World) -> Result<()> {
    let Some(identity) = launch
        .facts
        .identity
        .clone()
        .filter(|identity| identity.trust != Trust::Seen)
    else {
        return Ok(());
    };
    let Some(instance) = launch.facts.instance.clone() else {
        return Ok(());
    };
    let agent = PublicKey::from_text(&identity.key).map_err(unsealable)?;
    for at in 0..launch.facts.pending.len() {
        if !launch.facts.pending[at].tags.is_empty() {
            continue;
        }
        let tags = sealed(launch, world, &launch.facts.pending[at], &agent).await?;
        let names: Vec<String> = tags.keys().cloned().collect();
        world
            .ledger
            .perform(PutTags {
                resource: instance.clone(),
                tags,
            })
            .await?;
        launch.facts.pending[at].tags = names;
        world.save(launch).await?;
    }
    Ok(())
}

/// The agent has dealt with an order: its tags go.
pub(crate) async fn acknowledged(
    launch: &mut Launch,
    world: &World,
    number: u32,
    _result: OrderResult,
) -> Result<()> {
    let Some(at) = launch
        .facts
        .pending
        .iter()
        .position(|order| order.number == number)
    else {
        return Ok(());
    };
    if let Some(instance) = launch.facts.instance.clone() {
        let keys = launch.facts.pending[at].tags.clone();
        world
            .ledger
            .perform(RemoveTags {
                resource: instance,
                keys,
            })
            .await?;
    }
    launch.facts.pending.remove(at);
    world.save(launch).await
}

async fn sealed(launch: &Launch, world: &World, pending: &PendingOrder, agent: &PublicKey) -> Result<Tags> {
    let act = match &pending.what {
        Errand::Retry { restart } => Act::Retry { restart: *restart },
        Errand::Extend { minutes } => Act::Extend { minutes: *minutes },
        Errand::Secret(name) => {
            let value = world.secret(launch, name).await?;
            let value = String::from_utf8_lossy(value.expose()).into_owned();
            Act::Secret {
                name: name.clone(),
                value,
            }
        }
    };
    let order = Order {
        launch: launch.id.clone(),
        number: pending.number,
        act,
    };
    order::to_tags(&order, &world.box_key(launch).await?, agent).map_err(unsealable)
}

fn unsealable(error: SealError) -> Error {
    Error::new(ErrorKind::AgentRefused, "An order to the server can't be sealed.").because(&error)
}
