//! The loop: performs the phase of a launch, writes the value down, looks at what the user wishes, and goes on until an
//! end. It can be dropped at any await: what was begun is in the journal, and the next driver goes on from there.

use super::offers::offers;
use super::steps::{self, World};
use super::{Ending, Errand, Failure, Launch, Parked, Phase, Trust, Wish, orders};
use crate::admission;
use crate::error::{Error, ErrorKind, Result, Retry};
use crate::launch::state::{Verdict, judge};
use crate::poll::{Pauses, Policy, pause};
use std::time::Duration;

/// How often a parked launch looks by itself whether the cause went away.
const PARKED: Duration = Duration::from_secs(15);
/// The same before anything was made: all checks are made anew.
const CHECKED: Duration = Duration::from_secs(60);
/// The same where a sign-in is waited for: whoever has just signed in looks at the screen, and should see within five
/// seconds that it helped.
pub(crate) const SIGN_IN: Duration = Duration::from_secs(3);
/// After the journal could not be read.
const UNREADABLE: Duration = Duration::from_secs(1);

/// Drives a launch to an end: ready, failed or terminated.
pub(crate) async fn drive(world: &World, id: &str) -> Result<()> {
    let mut trouble = Pauses::new(Policy::TROUBLE);
    loop {
        let Some((mut launch, _)) = world.store.launch(id).await? else {
            return Ok(());
        };
        if let Some(wish) = world.store.wish(id).await? {
            grant(&mut launch, &wish, world);
            world.store.grant_wish(&launch).await?;
        }
        if launch.ending.is_some() {
            return unwind(world, launch).await;
        }
        if let Some(from) = launch.facts.admit.clone() {
            let Err(error) = admission::admit(&mut launch, world, &from).await else {
                continue;
            };
            not_admitted(&mut launch, world, error, &mut trouble).await?;
            continue;
        }
        let Some(step) = steps::of(launch.phase) else {
            return Ok(());
        };
        let ended = tokio::select! {
            ended = step.ensure(&mut launch, world) => ended,
            () = wished(world, id) => continue,
        };
        match ended {
            Ok(()) => {
                trouble.reset();
                advance(&mut launch, world).await?;
            }
            Err(error) => settle(&mut launch, world, error, &mut trouble).await?,
        }
    }
}

/// Returns when somebody wishes something.
async fn wished(world: &World, id: &str) {
    let mut wishes = world.store.wishes();
    loop {
        wishes.borrow_and_update();
        match world.store.wish(id).await {
            Ok(None) => {
                if wishes.changed().await.is_err() {
                    return;
                }
            }
            Ok(Some(_)) => return,
            Err(_) => pause(UNREADABLE).await,
        }
    }
}

fn grant(launch: &mut Launch, wish: &Wish, world: &World) {
    match wish {
        Wish::End(ending) => launch.ending = Some(*ending),
        Wish::Resume => launch.parked = None,
        Wish::Trust => {
            launch.parked = None;
            if let Some(identity) = &mut launch.facts.identity
                && identity.trust == Trust::Seen
            {
                identity.trust = Trust::ByUser;
            }
        }
        Wish::Retry { restart } => retry(launch, *restart, world),
        Wish::Admit { from } => launch.facts.admit = Some(from.clone()),
        Wish::Take { offer } => take(launch, offer),
    }
}

/// Another place or size: a new request, so it needs a new client token.
fn take(launch: &mut Launch, wanted: &str) {
    let offers = std::mem::take(&mut launch.facts.offers);
    let Some(offer) = offers.into_iter().find(|offer| offer.id() == wanted) else {
        return;
    };
    launch.spec.network = offer.network;
    launch.spec.size = offer.size;
    launch.spec.usd_per_hour = offer.usd_per_hour;
    launch.facts.starts += 1;
    launch.parked = None;
}

/// An address that could not be let in is tried again while that can help; otherwise the rules stay as they are.
async fn not_admitted(launch: &mut Launch, world: &World, error: Error, trouble: &mut Pauses) -> Result<()> {
    if error.kind.retry() != Retry::No {
        return settle(launch, world, error, trouble).await;
    }
    launch.facts.admit = None;
    launch.parked = launch.phase.is_at_work().then(|| Parked {
        error,
        since: world.clock.now(),
    });
    world.save(launch).await
}

/// Failed → Installing: the order travels as soon as following begins.
fn retry(launch: &mut Launch, restart: bool, world: &World) {
    if !launch.phase.may_retry(launch.facts.instance.is_some()) {
        return;
    }
    launch.failure = None;
    launch.facts.outcome = None;
    launch.facts.expected_attempt += 1;
    orders::add(launch, Errand::Retry { restart });
    launch.enter(Phase::Installing, world.clock.now());
}

async fn advance(launch: &mut Launch, world: &World) -> Result<()> {
    if let Some(next) = launch.phase.next() {
        tracing::info!(launch = launch.id, from = ?launch.phase, to = ?next, "Next phase");
        launch.enter(next, world.clock.now());
        if next == Phase::Configuring {
            send_chosen_secrets(launch);
        }
    }
    world.save(launch).await
}

/// Secrets that the agent waits for leave as orders once its keys are proven.
fn send_chosen_secrets(launch: &mut Launch) {
    let sent = slipway_protocol::plan::SecretOrigin::Sent;
    let wanted: Vec<String> = launch
        .spec
        .plan
        .secrets
        .iter()
        .filter(|secret| secret.origin == sent)
        .map(|secret| secret.name.clone())
        .collect();
    let ordered = |name: &str| {
        launch
            .facts
            .pending
            .iter()
            .any(|order| order.what == Errand::Secret(name.to_owned()))
    };
    let new: Vec<String> = wanted.into_iter().filter(|name| !ordered(name)).collect();
    new.into_iter()
        .for_each(|name| orders::add(launch, Errand::Secret(name)));
}

/// What an error means: again after a pause, wait for the user, or the end.
async fn settle(launch: &mut Launch, world: &World, error: Error, trouble: &mut Pauses) -> Result<()> {
    match judge(launch.phase, &error) {
        Verdict::Again => {
            tracing::warn!(launch = launch.id, phase = ?launch.phase, error = error.sentence, "Trying again");
            let pause = world.crowd.pause_after(&error, trouble);
            let _ = tokio::time::timeout(pause, wished(world, &launch.id)).await;
            Ok(())
        }
        Verdict::Park => park(launch, world, error).await,
        Verdict::Fail => fail(launch, world, error).await,
    }
}

async fn park(launch: &mut Launch, world: &World, error: Error) -> Result<()> {
    if launch
        .parked
        .as_ref()
        .is_none_or(|parked| parked.error.kind != error.kind)
    {
        if error.kind == ErrorKind::NoCapacity {
            // Without the list there is still the next try of the same place.
            let catalog = world.cloud.catalog().await;
            launch.facts.offers =
                catalog.map_or_else(|_| Vec::new(), |catalog| offers(&launch.spec, &catalog, &error));
        }
        launch.parked = Some(Parked {
            error,
            since: world.clock.now(),
        });
        world.save(launch).await?;
    }
    let waits_for_keys = launch
        .parked
        .as_ref()
        .is_some_and(|parked| is_about_keys(parked.error.kind));
    let look_again = match launch.phase {
        _ if waits_for_keys => SIGN_IN,
        Phase::Preflight => CHECKED,
        _ => PARKED,
    };
    tokio::select! {
        () = pause(look_again) => {}
        () = wished(world, &launch.id) => {}
    }
    Ok(())
}

/// What a sign-in or an unlocked keychain mends.
pub(crate) fn is_about_keys(kind: ErrorKind) -> bool {
    kind.is_signed_out() || kind == ErrorKind::Keychain
}

async fn fail(launch: &mut Launch, world: &World, error: Error) -> Result<()> {
    let now = world.clock.now();
    let step = launch.facts.outcome.as_ref().and_then(|outcome| match outcome {
        slipway_protocol::Outcome::Failed { step, .. } => step.clone(),
        slipway_protocol::Outcome::Succeeded { .. } => None,
    });
    tracing::warn!(launch = launch.id, phase = ?launch.phase, error = error.sentence, "Launch failed");
    launch.failure = Some(Failure {
        error,
        phase: launch.phase,
        step,
        at: now,
    });
    if launch.facts.instance.is_none() {
        // Nothing runs yet: what was made for it is removed, so that a failed launch leaves nothing behind.
        undo_all(launch, world).await?;
    }
    launch.enter(Phase::Failed, now);
    world.save(launch).await
}

/// Removes everything in reverse order. What can't be removed is listed, and waits for another try.
async fn unwind(world: &World, mut launch: Launch) -> Result<()> {
    loop {
        undo_all(&mut launch, world).await?;
        if launch.leftovers.is_empty() {
            launch.enter(Phase::Terminated, world.clock.now());
            launch.failure = launch
                .failure
                .take()
                .filter(|_| launch.ending == Some(Ending::Cancel));
            return world.save(&launch).await;
        }
        let error = Error::new(
            ErrorKind::PermissionMissing,
            format!(
                "Not everything of “{}” could be removed: {}",
                launch.spec.name,
                launch.leftovers.join("; ")
            ),
        );
        let error = error.hint("See to the cause, then try again: what is gone already is not touched.");
        launch.parked = Some(Parked {
            error,
            since: world.clock.now(),
        });
        world.save(&launch).await?;
        tokio::select! {
            () = pause(PARKED) => {}
            () = wished(world, &launch.id) => world.store.grant_wish(&launch).await?,
        }
    }
}

async fn undo_all(launch: &mut Launch, world: &World) -> Result<()> {
    launch.leftovers.clear();
    for phase in Phase::AT_WORK.into_iter().rev() {
        let Some(step) = steps::of(phase) else { continue };
        let mut trouble = Pauses::new(Policy::TROUBLE);
        loop {
            match step.undo(launch, world).await {
                Ok(()) => break,
                Err(error) if judge(phase, &error) == Verdict::Again => {
                    pause(world.crowd.pause_after(&error, &mut trouble)).await;
                }
                Err(error) => {
                    launch.leftovers.push(error.sentence);
                    break;
                }
            }
        }
    }
    Ok(())
}
