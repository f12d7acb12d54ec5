//! Following: brings the agent's messages into the journal, in order, none twice, and acts on those that ask for it.
//!
//! INVARIANT: nothing is acted on until the agent's keys were found on the instance's console, or the user chose to
//! trust them. Text may be read before.

use std::time::Duration;

use slipway_protocol::message::ADMINISTRATOR_PASSWORD;
use slipway_protocol::order::OrderResult;
use slipway_protocol::routes::{Hello, MAX_WAIT_SECONDS, Page};
use slipway_protocol::sealing::{self, PublicKey};
use slipway_protocol::{Kind, Message, Outcome};

use crate::error::{Error, ErrorKind, Result};
use crate::launch::steps::{World, booting};
use crate::launch::{AgentIdentity, Errand, Launch, Trust, orders, runner, trust};
use crate::poll::{Pauses, Policy};
use crate::ports::Answered;
use crate::retries::Side;
use crate::secret::Secret;
use crate::silence::{self, is_silence};
use crate::wait::WaitReason;
use crate::{admission, found_again, identity, password_data};

/// While something else is waited for besides messages, a long poll is cut short.
const SHORT_WAIT_SECONDS: u32 = 2;
/// While a sign-in is waited for, even shorter: AWS is asked in between, and its answer is to be seen soon.
const SIGN_IN_WAIT_SECONDS: u32 = 1;
/// Until AWS is asked again that could not be reached, while messages go on.
const AGAIN: Duration = Duration::from_secs(5);
/// How often it is asked during a silence whether this computer has another address.
const ADDRESS: Duration = Duration::from_secs(15);
/// The agent is told that its end was seen; it may go down before it can answer.
const FAREWELL: Duration = Duration::from_secs(5);

/// Follows until the expected attempt ends.
pub(crate) async fn until_end(launch: &mut Launch, world: &World) -> Result<Outcome> {
    let mut pauses = Pauses::new(Policy::RECONNECT);
    let mut proof = identity::Proof::new(world.clock.now());
    let mut password = password_data::Looks::new(world);
    let mut address_due = world.clock.now();
    loop {
        if let Some(outcome) = launch.facts.outcome.clone() {
            acknowledge(launch, world, &outcome).await?;
            return Ok(outcome);
        }
        let ended = round(launch, world, &mut proof, &mut password).await;
        let Some(error) = contested(launch, world, ended).await? else {
            world.retries.answered(Side::Server);
            pauses.reset();
            continue;
        };
        found_again::ask_site(launch, world).await?;
        if world.clock.now() >= address_due {
            admission::notice_move(launch, world).await?;
            address_due = world.clock.now().plus(ADDRESS);
        }
        proof.look_for_trouble(launch, world).await?;
        let next = silence::note_silence(launch, world, &error, &mut pauses).await?;
        silence::wait(launch, world, next).await;
        booting::is_still_up(launch, world).await?;
    }
}

/// One question to the agent and everything around it. `Some` where the agent does not answer, with the reason.
async fn round(
    launch: &mut Launch,
    world: &World,
    proof: &mut identity::Proof,
    password: &mut password_data::Looks,
) -> Result<Option<Error>> {
    let Some(address) = world.agent_address(launch).await? else {
        let no_address = "The server has no address at the moment.";
        return Ok(Some(Error::new(ErrorKind::Unreachable, no_address)));
    };
    if launch.facts.identity.is_none() {
        return match world.agent.hello(&address).await {
            Err(error) if is_silence(&error) => Ok(Some(error)),
            hello => meet(launch, world, &hello?).await.map(|()| None),
        };
    }
    if trust::is_mismatched(&launch.facts) {
        return identity::meet_again(launch, world, &address).await.map(|()| None);
    }
    let looked = proof.look(launch, world).await;
    let mut refused = set_aside(launch, world, looked).await?;
    if proof.has_compared(launch) {
        act_on_news(launch, world).await?;
        if launch.facts.outcome.is_some() {
            return Ok(None);
        }
        let placed = orders::place(launch, world).await;
        refused |= set_aside(launch, world, placed).await?;
    }
    let after = world.store.cursor(&launch.id).await?.map_or(0, |(_, last)| last);
    let answer = tokio::select! {
        answer = world.agent.messages(&address, after, patience(launch)) => answer,
        () = world.woke.notified() => return Ok(None),
    };
    match answer {
        Err(error) if is_silence(&error) => return Ok(Some(error)),
        answer => keep(launch, world, answer?.value).await?,
    }
    if proof.has_compared(launch) {
        act_on_news(launch, world).await?;
    }
    let asks = password.are_due(launch, world);
    if asks {
        let fetched = password.look(launch, world).await;
        refused |= set_aside(launch, world, fetched).await?;
    }
    if !refused && (asks || !needs_the_cloud(launch)) && launch.waits_for_keys() {
        launch.waiting = None;
        world.save(launch).await?;
    }
    Ok(None)
}

/// The agent speaks without AWS: while a sign-in is missing, or AWS can't be reached, its messages go on, and the rest waits.
/// True where it does.
async fn set_aside(launch: &mut Launch, world: &World, done: Result<()>) -> Result<bool> {
    let Err(error) = done else {
        return Ok(false);
    };
    if is_silence(&error) {
        world.retries.failed(&error, AGAIN);
        return Ok(true);
    }
    match WaitReason::of(&error) {
        Some(reason) if runner::is_about_keys(error.kind) => {
            let now = world.clock.now();
            launch.wait_for_user(reason, error, now, Some(now.plus(runner::SIGN_IN)));
            world.save(launch).await?;
            Ok(true)
        }
        _ => Err(error),
    }
}

/// Keeps in mind that another one answered than before, for as long as the console does not tell which one is the installer.
async fn contested<T>(launch: &mut Launch, world: &World, ended: Result<T>) -> Result<T> {
    let mismatch = |error: &Error| error.kind == ErrorKind::IdentityMismatch;
    if ended.as_ref().is_err_and(mismatch) && trust::contest(&mut launch.facts) {
        world.save(launch).await?;
    }
    ended
}

/// The install can't be finished without asking AWS for something.
fn needs_the_cloud(launch: &Launch) -> bool {
    !trust::may_act(&launch.facts) || !password_data::is_known(launch) || !launch.facts.pending.is_empty()
}

/// How long the agent may hold the question back.
fn patience(launch: &Launch) -> u32 {
    if launch.waits_for_keys() {
        SIGN_IN_WAIT_SECONDS
    } else if needs_the_cloud(launch) {
        SHORT_WAIT_SECONDS
    } else {
        MAX_WAIT_SECONDS
    }
}

/// Notes who answered. The first keys that are seen are kept; others are refused by the connection itself.
pub(crate) async fn meet(launch: &mut Launch, world: &World, hello: &Answered<Hello>) -> Result<()> {
    if hello.value.launch != launch.id {
        launch.facts.token_seen = true;
        world.save(launch).await?;
        return Err(identity::mismatch(launch, "it works for another launch"));
    }
    if launch.facts.identity.is_none() {
        let (tls_sha256, key) = (hello.tls_sha256.clone(), hello.value.key.clone());
        launch.facts.identity = Some(AgentIdentity {
            tls_sha256,
            key,
            trust: Trust::Seen,
        });
        note_answer(launch, world);
        world.save(launch).await?;
    }
    Ok(())
}

/// Stores a page, then acts on it.
pub(crate) async fn take(launch: &mut Launch, world: &World, page: Page) -> Result<()> {
    keep(launch, world, page).await?;
    act_on_news(launch, world).await
}

async fn keep(launch: &mut Launch, world: &World, page: Page) -> Result<()> {
    if let Some((stream, _)) = world.store.cursor(&launch.id).await?
        && stream != page.stream
    {
        return Err(replaced(launch));
    }
    let over = launch
        .waiting
        .take_if(|waiting| waiting.reason.ends_with_an_answer());
    if launch.facts.silent_since.is_some() || over.is_some() {
        note_answer(launch, world);
        world.save(launch).await?;
    }
    launch.facts.last_answer = Some(world.clock.now());
    if !page.messages.is_empty() {
        world
            .store
            .add_messages(&launch.id, &page.stream, page.messages)
            .await?;
    }
    Ok(())
}

/// Acts on what is stored and was not acted on yet.
async fn act_on_news(launch: &mut Launch, world: &World) -> Result<()> {
    if !trust::may_act(&launch.facts) {
        return Ok(());
    }
    // A failed server at rest has its outcome; what else it says is acted on all the same.
    let at_rest = launch.facts.outcome.is_some();
    for message in world
        .store
        .notable_messages(&launch.id, launch.facts.acted)
        .await?
    {
        act(launch, world, &message).await?;
        launch.facts.acted = message.number;
        world.save(launch).await?;
        if !at_rest && launch.facts.outcome.is_some() {
            break;
        }
    }
    Ok(())
}

async fn act(launch: &mut Launch, world: &World, message: &Message) -> Result<()> {
    match &message.kind {
        Kind::Secret { name, sealed } => unseal(launch, world, name, sealed).await,
        Kind::OrderDone { order, result } => {
            let errand = orders::acknowledged(launch, world, *order, *result).await?;
            // An install does not depend on how long its server is kept, nor on who may read along; and a number that
            // nobody waits for may be somebody else's tag.
            let concerns_the_install = matches!(errand, Some(Errand::Retry { .. } | Errand::Secret(_)));
            if concerns_the_install && *result == OrderResult::Refused && !has_ended_well(launch) {
                let reason = message.text.clone();
                launch.facts.outcome = Some(Outcome::Failed { step: None, reason });
            }
            Ok(())
        }
        Kind::End { .. } if has_ended_well(launch) => Ok(()),
        Kind::End { outcome } if message.attempt >= launch.facts.expected_attempt => {
            launch.facts.expected_attempt = message.attempt;
            launch.facts.outcome = Some(outcome.clone());
            Ok(())
        }
        Kind::End { .. } | Kind::Line | Kind::StepStarted | Kind::StepProgress { .. } => Ok(()),
        Kind::StepFinished { .. } | Kind::Restart | Kind::Unknown(_) => Ok(()),
    }
}

/// Opens a secret that was born on the instance and keeps it.
async fn unseal(launch: &mut Launch, world: &World, name: &str, sealed: &sealing::Sealed) -> Result<()> {
    let known = |wanted: &str| {
        launch
            .spec
            .plan
            .secrets
            .iter()
            .any(|secret| secret.name == wanted)
    };
    if name != ADMINISTRATOR_PASSWORD && !known(name) {
        return Ok(());
    }
    let Some(identity) = launch.facts.identity.clone() else {
        return Ok(());
    };
    let damaged = |error: sealing::SealError| {
        Error::new(
            ErrorKind::AgentRefused,
            "A password from the server can't be opened.",
        )
        .because(&error)
    };
    let sender = PublicKey::from_text(&identity.key).map_err(damaged)?;
    let plain = sealing::open(sealed, &world.box_key(launch).await?, &sender).map_err(damaged)?;
    world.keep(launch, name, &Secret::new(plain.to_vec())).await
}

/// Tells the agent that its end was seen, so that it can scrub itself. Secrets are in the keychain by now.
async fn acknowledge(launch: &mut Launch, world: &World, outcome: &Outcome) -> Result<()> {
    if launch.facts.end_acknowledged || matches!(outcome, Outcome::Failed { .. }) {
        return Ok(());
    }
    if let Some(address) = world.agent_address(launch).await?
        && let Some(order) = orders::to_scrub(launch, world).await?
    {
        let after = world.store.cursor(&launch.id).await?.map_or(0, |(_, last)| last);
        // Unheard is fine: the agent then stays up until its machine goes, and its messages are stored here anyway.
        let _ = tokio::time::timeout(FAREWELL, world.agent.finish(&address, after, &order)).await;
    }
    launch.facts.end_acknowledged = true;
    world.save(launch).await
}

/// An install that has ended well stays so until the user asks for it to be tried again.
fn has_ended_well(launch: &Launch) -> bool {
    matches!(launch.facts.outcome, Some(Outcome::Succeeded { .. }))
}

fn note_answer(launch: &mut Launch, world: &World) {
    launch.facts.silent_since = None;
    launch.facts.last_answer = Some(world.clock.now());
}

fn replaced(launch: &Launch) -> Error {
    let sentence = format!(
        "The messages of “{}” come from another disk than before.",
        launch.spec.name
    );
    Error::new(ErrorKind::IdentityMismatch, sentence)
        .hint("Nothing they say is acted on. If you did not replace its disk, somebody else may answer: terminate it.")
}
