//! Orders to the agent: sealed, put as tags on the instance, removed when acknowledged.

use slipway_protocol::order::{self, Act, OrderResult};
use slipway_protocol::sealing::{PublicKey, SealError};
use slipway_protocol::{Kind, Order};

use super::steps::World;
use super::{Errand, Launch, PendingOrder, trust};
use crate::act_waits::{self, ActWait};
use crate::cloud::{PutTags, RemoveTags, Tags};
use crate::error::{Error, ErrorKind, Result};
use crate::poll::{Pauses, Policy};
use crate::secret::{self, Secret};
use crate::{follow, silence, token};

/// How long a server at rest may take to answer; its agent reads orders every two seconds.
const ANSWER_MILLIS: u64 = 30_000;
/// How long it may hold one question back.
const LISTEN_SECONDS: u32 = 2;

/// Adds an order to those that wait. It leaves as soon as the agent's keys are proven.
pub(crate) fn add(launch: &mut Launch, what: Errand) {
    launch.facts.orders += 1;
    launch.facts.pending.push(PendingOrder {
        number: launch.facts.orders,
        what,
        tags: Vec::new(),
    });
}

/// An order to go on is not on the instance yet.
pub(crate) fn is_retry_unsent(launch: &Launch) -> bool {
    let unsent = |order: &PendingOrder| order.tags.is_empty() && matches!(order.what, Errand::Retry { .. });
    launch.facts.pending.iter().any(unsent)
}

/// Puts the waiting orders onto the instance, oldest first.
pub(crate) async fn place(launch: &mut Launch, world: &World) -> Result<()> {
    let identity = launch.facts.identity.clone();
    let Some(identity) = identity.filter(|_| trust::may_act(&launch.facts)) else {
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

/// The agent has dealt with an order: its tags go. Gives what it was about; `None` for a number that nobody waits for.
pub(crate) async fn acknowledged(
    launch: &mut Launch,
    world: &World,
    number: u32,
    result: OrderResult,
) -> Result<Option<Errand>> {
    let Some(at) = launch
        .facts
        .pending
        .iter()
        .position(|order| order.number == number)
    else {
        return Ok(None);
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
    if launch.facts.pending[at].what == Errand::Token {
        change_token(launch, world, result).await?;
    }
    let order = launch.facts.pending.remove(at);
    world.save(launch).await?;
    Ok(Some(order.what))
}

/// The next token takes the place of the one before, which an agent that knows no such order keeps.
async fn change_token(launch: &Launch, world: &World, result: OrderResult) -> Result<()> {
    let next = secret::of_launch(&launch.id, secret::NEXT_TOKEN);
    // After a crash in between it has been put already.
    if let Some(token) = world.secrets.get(&next).await?
        && result == OrderResult::Done
    {
        let name = secret::of_launch(&launch.id, secret::TOKEN);
        world.secrets.put(&name, &token).await?;
    }
    world.secrets.delete(&next).await
}

/// The next token; made at the first call.
async fn next_token(launch: &Launch, world: &World) -> Result<Secret<Vec<u8>>> {
    let name = secret::of_launch(&launch.id, secret::NEXT_TOKEN);
    if let Some(token) = world.secrets.get(&name).await? {
        return Ok(token);
    }
    let token = Secret::new(token::generate()?.expose().clone().into_bytes());
    world.secrets.put(&name, &token).await?;
    Ok(token)
}

/// The order to remove all traces of a finished install from the server, sealed for a header.
pub(crate) async fn to_scrub(launch: &Launch, world: &World) -> Result<Option<String>> {
    let Some(identity) = launch.facts.identity.as_ref() else {
        return Ok(None);
    };
    let agent = PublicKey::from_text(&identity.key).map_err(unsealable)?;
    let order = Order {
        launch: launch.id.clone(),
        number: 0,
        act: Act::Scrub {},
    };
    let text = order::to_text(&order, &world.box_key(launch).await?, &agent).map_err(unsealable)?;
    Ok(Some(text))
}

/// Asks a server at rest until it has answered an order, but not for ever. What it refuses is an error in its own words.
pub(crate) async fn until_answered(launch: &mut Launch, world: &World, number: u32) -> Result<()> {
    let (since, begun) = (launch.facts.acted, world.clock.now());
    let mut pauses = Pauses::new(Policy::RECONNECT);
    let _wait = act_waits::begin(|| {
        let what = format!("Waiting until the server “{}” confirms it.", launch.spec.name);
        ActWait::new(
            what,
            "It counts once the server reads it, also when nobody watches.",
        )
    });
    while launch.facts.pending.iter().any(|order| order.number == number) {
        if world.clock.now().millis_since(begun) > ANSWER_MILLIS {
            return Err(no_answer(launch));
        }
        match listen(launch, world).await {
            Err(error) if silence::is_silence(&error) => pauses.wait().await,
            heard => heard?,
        }
    }
    let refused = Kind::OrderDone {
        order: number,
        result: OrderResult::Refused,
    };
    let news = world.store.notable_messages(&launch.id, since).await?;
    match news.into_iter().find(|message| message.kind == refused) {
        Some(refusal) => Err(Error::new(ErrorKind::AgentRefused, refusal.text)),
        None => Ok(()),
    }
}

/// Asks once for what is new.
async fn listen(launch: &mut Launch, world: &World) -> Result<()> {
    let Some(address) = world.agent_address(launch).await? else {
        return Err(no_answer(launch));
    };
    let after = world.store.cursor(&launch.id).await?.map_or(0, |(_, last)| last);
    let answer = world.agent.messages(&address, after, LISTEN_SECONDS).await?;
    follow::take(launch, world, answer.value).await
}

fn no_answer(launch: &Launch) -> Error {
    let sentence = format!("“{}” has not confirmed it yet.", launch.spec.name);
    Error::new(ErrorKind::AgentSilent, sentence)
        .hint("The order waits on the server and counts once it is read. Ask again in a minute.")
}

async fn sealed(launch: &Launch, world: &World, pending: &PendingOrder, agent: &PublicKey) -> Result<Tags> {
    let act = match &pending.what {
        Errand::Retry { restart } => Act::Retry { restart: *restart },
        Errand::Extend { minutes } => Act::Extend { minutes: *minutes },
        Errand::Token => Act::Token {
            sha256: token::sha256_hex(next_token(launch, world).await?.expose()),
        },
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
