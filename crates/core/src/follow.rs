//! Following: brings the agent's messages into the journal, in order, none twice, and acts on those that ask for it.
//!
//! INVARIANT: nothing is acted on until the agent's keys were found on the instance's console, or the user chose to
//! trust them. Text may be read before.

use std::time::Duration;

use slipway_protocol::message::ADMINISTRATOR_PASSWORD;
use slipway_protocol::order::OrderResult;
use slipway_protocol::routes::{Hello, MAX_WAIT_SECONDS, Page};
use slipway_protocol::sealing::{self, PublicKey};
use slipway_protocol::{Kind, Message, Outcome, Time};

use crate::error::{Error, ErrorKind, Result};
use crate::launch::steps::{World, booting};
use crate::launch::{AgentIdentity, Errand, Launch, Parked, Phase, Trust, orders, runner};
use crate::poll::{Pauses, Policy, pause};
use crate::ports::Answered;
use crate::secret::Secret;
use crate::{admission, found_again, identity, password_data};

/// While something else is waited for besides messages, a long poll is cut short.
const SHORT_WAIT_SECONDS: u32 = 2;
/// While a sign-in is waited for, even shorter: AWS is asked in between, and its answer is to be seen soon.
const SIGN_IN_WAIT_SECONDS: u32 = 1;
/// After this long without an answer the agent is asked less often.
const PATIENCE: Duration = Duration::from_secs(120);
/// How often it is asked during a silence whether this computer has another address.
const ADDRESS: Duration = Duration::from_secs(15);
/// Lines of the console that a long silence shows.
const CONSOLE_LINES: usize = 10;
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
        match round(launch, world, &mut proof, &mut password).await {
            Ok(()) => pauses.reset(),
            Err(error) if is_silence(&error) => {
                found_again::ask_site(launch, world).await?;
                if world.clock.now() >= address_due {
                    admission::notice_move(launch, world).await?;
                    address_due = world.clock.now().plus(ADDRESS);
                }
                proof.look_for_trouble(launch, world).await?;
                note_silence(launch, world, &error).await?;
                wait(launch, world, &mut pauses).await;
                booting::is_still_up(launch, world).await?;
            }
            Err(error) => return Err(error),
        }
    }
}

/// One question to the agent and everything around it.
async fn round(
    launch: &mut Launch,
    world: &World,
    proof: &mut identity::Proof,
    password: &mut password_data::Looks,
) -> Result<()> {
    let Some(address) = world.agent_address(launch).await? else {
        return Err(Error::new(
            ErrorKind::Unreachable,
            "The server has no address at the moment.",
        ));
    };
    if launch.facts.identity.is_none() {
        let hello = world.agent.hello(&address).await?;
        return meet(launch, world, &hello).await;
    }
    let looked = proof.look(launch, world).await;
    let mut refused = set_aside(launch, world, looked).await?;
    act_on_news(launch, world).await?;
    if launch.facts.outcome.is_some() {
        return Ok(());
    }
    let placed = orders::place(launch, world).await;
    refused |= set_aside(launch, world, placed).await?;
    let after = world.store.cursor(&launch.id).await?.map_or(0, |(_, last)| last);
    let answer = tokio::select! {
        answer = world.agent.messages(&address, after, patience(launch)) => answer?,
        () = world.woke.notified() => return Ok(()),
    };
    take(launch, world, answer.value).await?;
    let asks = password.are_due(launch, world);
    if asks {
        let fetched = password.look(launch, world).await;
        refused |= set_aside(launch, world, fetched).await?;
    }
    if !refused && (asks || !needs_the_cloud(launch)) && waits_for_keys(launch) {
        launch.parked = None;
        world.save(launch).await?;
    }
    Ok(())
}

/// The agent speaks without AWS: while a sign-in is missing its messages go on, and the rest waits for the user. True
/// where it does.
async fn set_aside(launch: &mut Launch, world: &World, done: Result<()>) -> Result<bool> {
    let Err(error) = done else {
        return Ok(false);
    };
    if !runner::is_about_keys(error.kind) {
        return Err(error);
    }
    if !waits_for_keys(launch) {
        launch.parked = Some(Parked {
            error,
            since: world.clock.now(),
        });
        world.save(launch).await?;
    }
    Ok(true)
}

fn waits_for_keys(launch: &Launch) -> bool {
    let parked = launch.parked.as_ref();
    parked.is_some_and(|parked| runner::is_about_keys(parked.error.kind))
}

/// The install can't be finished without asking AWS for something.
fn needs_the_cloud(launch: &Launch) -> bool {
    !trusted(launch) || !password_data::is_known(launch) || !launch.facts.pending.is_empty()
}

/// How long the agent may hold the question back.
fn patience(launch: &Launch) -> u32 {
    if waits_for_keys(launch) {
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
    if let Some((stream, _)) = world.store.cursor(&launch.id).await?
        && stream != page.stream
    {
        return Err(replaced(launch));
    }
    let keys_missing = waits_for_keys(launch);
    if launch.facts.silent_since.is_some() || (launch.parked.is_some() && !keys_missing) {
        note_answer(launch, world);
        launch.parked = launch.parked.take().filter(|_| keys_missing);
        world.save(launch).await?;
    }
    launch.facts.last_answer = Some(world.clock.now());
    if !page.messages.is_empty() {
        world
            .store
            .add_messages(&launch.id, &page.stream, page.messages)
            .await?;
    }
    act_on_news(launch, world).await
}

/// Acts on what is stored and was not acted on yet.
async fn act_on_news(launch: &mut Launch, world: &World) -> Result<()> {
    if !trusted(launch) {
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
            let errand = orders::acknowledged(launch, world, *order).await?;
            // An install does not depend on how long its server is kept.
            let concerns_the_install = !matches!(errand, Some(Errand::Extend { .. }));
            if concerns_the_install && *result == OrderResult::Refused {
                let reason = message.text.clone();
                launch.facts.outcome = Some(Outcome::Failed { step: None, reason });
            }
            Ok(())
        }
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
    if let Some(address) = world.agent_address(launch).await? {
        let after = world.store.cursor(&launch.id).await?.map_or(0, |(_, last)| last);
        // Unheard is fine: the agent then stays up until its machine goes, and its messages are stored here anyway.
        let _ = tokio::time::timeout(FAREWELL, world.agent.messages(&address, after, 0)).await;
    }
    launch.facts.end_acknowledged = true;
    world.save(launch).await
}

fn trusted(launch: &Launch) -> bool {
    launch
        .facts
        .identity
        .as_ref()
        .is_some_and(|identity| identity.trust != Trust::Seen)
}

fn note_answer(launch: &mut Launch, world: &World) {
    launch.facts.silent_since = None;
    launch.facts.last_answer = Some(world.clock.now());
}

/// Silence is a state, not a failure: the machine may be restarting, or this computer may be offline.
pub(crate) fn is_silence(error: &Error) -> bool {
    matches!(error.kind, ErrorKind::Unreachable | ErrorKind::CloudTrouble)
}

/// Notes since when nothing was heard, and says so when it lasts.
async fn note_silence(launch: &mut Launch, world: &World, error: &Error) -> Result<()> {
    let now = world.clock.now();
    if launch.facts.silent_since.is_none() {
        launch.facts.silent_since = Some(now);
        world.save(launch).await?;
        world.agent.forget_connections();
    }
    let since = launch.facts.silent_since.unwrap_or(now);
    let limit = Phase::Installing.silence().unwrap_or(Duration::MAX).as_millis() as u64;
    if launch.parked.is_none() && now.millis_since(since) >= limit {
        launch.parked = Some(Parked {
            error: silence(launch, since, now, error, &last_words(launch, world).await),
            since: now,
        });
        world.save(launch).await?;
    }
    Ok(())
}

/// The end of the console: what a silent server said last.
async fn last_words(launch: &Launch, world: &World) -> Vec<String> {
    let Some(instance) = &launch.facts.instance else {
        return Vec::new();
    };
    let text = world.cloud.console(instance).await.unwrap_or_default();
    let lines: Vec<&str> = text.lines().filter(|line| !line.trim().is_empty()).collect();
    let end = lines.len().saturating_sub(CONSOLE_LINES);
    lines[end..]
        .iter()
        .map(|line| format!("Console: {line}"))
        .collect()
}

fn silence(launch: &Launch, since: Time, now: Time, cause: &Error, console: &[String]) -> Error {
    let minutes = now.millis_since(since) / 60_000;
    let sentence = format!(
        "The installer on “{}” has not answered for {minutes} minutes.",
        launch.spec.name
    );
    let mut error = Error::new(ErrorKind::AgentSilent, sentence)
        .hint("It may still be at work. If this computer's address changed, let it in again; otherwise look at the server with Remote Desktop.")
        .because(cause);
    error.causes.extend_from_slice(console);
    error
}

/// Waits before the next try; the instance is looked at in the meantime, because its address may have changed.
async fn wait(launch: &Launch, world: &World, pauses: &mut Pauses) {
    let silent = launch
        .facts
        .silent_since
        .map_or(0, |since| world.clock.now().millis_since(since));
    let next = if Duration::from_millis(silent) > PATIENCE {
        Policy::SILENCE.first
    } else {
        pauses.step()
    };
    tokio::select! {
        () = pause(next) => {}
        () = world.woke.notified() => {}
    }
    // Its failure is told by the next question to the agent.
    let _ = tokio::time::timeout(next.max(Duration::from_secs(1)), world.look(launch)).await;
}

fn replaced(launch: &Launch) -> Error {
    let sentence = format!(
        "The messages of “{}” come from another disk than before.",
        launch.spec.name
    );
    Error::new(ErrorKind::IdentityMismatch, sentence)
        .hint("If you replaced its disk, trust the connection to begin its log anew; otherwise terminate it.")
}
