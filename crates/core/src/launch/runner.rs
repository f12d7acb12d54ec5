//! The loop: performs the phase of a launch, writes the value down, looks at what the user wishes, and goes on until an
//! end. It can be dropped at any await: what was begun is in the journal, and the next driver goes on from there.

use super::offers::offers;
use super::steps::{self, World};
use super::{Ending, Errand, Failure, Launch, Phase, Wish, orders, trust};
use crate::admission;
use crate::cloud::{Instance, InstanceState};
use crate::error::{Error, ErrorKind, Result, Retry};
use crate::launch::state::{Verdict, judge};
use crate::poll::{Pauses, Policy, pause};
use crate::wait::{WaitReason, Waiting};
use std::time::Duration;

/// How often a parked launch looks by itself whether the cause went away.
const PARKED: Duration = Duration::from_secs(15);
/// The same before anything was made: all checks are made anew.
const CHECKED: Duration = Duration::from_secs(60);
/// The same where a sign-in is waited for: whoever has just signed in looks at the screen, and should see within five
/// seconds that it helped.
pub(crate) const SIGN_IN: Duration = Duration::from_secs(3);
/// What helps a launch that is under way: its size is settled.
const MORE_QUOTA: &str = "Stop another server, or ask AWS for more under Service Quotas: the launch then goes on. Its size can't \
     be changed; for a smaller one, cancel it and launch again. Nothing was started and nothing costs money.";
/// After the journal could not be read.
const UNREADABLE: Duration = Duration::from_secs(1);

/// Drives a launch to an end: ready, failed or terminated.
pub(crate) async fn drive(world: &World, id: &str) -> Result<()> {
    let shown = world.retries.told();
    let write = |waiting: Option<Waiting>| world.store.note_waiting(id, waiting);
    tokio::select! {
        ended = drive_on(world, id) => ended,
        () = world.retries.tell(shown, write) => Ok(()),
    }
}

async fn drive_on(world: &World, id: &str) -> Result<()> {
    let mut trouble = Pauses::new(Policy::TROUBLE);
    loop {
        let Some((mut launch, _)) = world.store.launch(id).await? else {
            return Ok(());
        };
        // What is retried is kept apart from the value until it is written, because it is also noted while a step runs.
        launch.waiting.take_if(|waiting| !waiting.needs_user);
        if let Some(wish) = world.store.wish(id).await? {
            world.retries.forget();
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
                world.retries.forget();
                advance(&mut launch, world).await?;
            }
            // Whatever failed: it is another driver's now, and this one is about to be dropped.
            Err(_) if world.store.is_taken_over(id).await? => return Ok(()),
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
        Wish::Resume => launch.waiting = None,
        // Asked again: the keys may have been seen to be others since.
        Wish::Trust => launch.facts.trust_asked = trust::may_trust(launch, world.clock.now()).is_ok(),
        Wish::Retry { restart } => retry(launch, *restart, world),
        Wish::Admit { from } => launch.facts.admit = Some(from.clone()),
        Wish::Take { offer } => take(launch, offer),
    }
}

/// Another place or size: a new request, so it needs a new client token.
fn take(launch: &mut Launch, wanted: &str) {
    let offered = launch.offers().iter().find(|offer| offer.id() == wanted);
    let Some(offer) = offered.cloned() else {
        return;
    };
    launch.spec.network = offer.network;
    launch.spec.size = offer.size;
    launch.spec.usd_per_hour = offer.usd_per_hour;
    launch.facts.starts += 1;
    launch.waiting = None;
}

/// An address that could not be let in is tried again while that can help; otherwise the rules stay as they are.
async fn not_admitted(launch: &mut Launch, world: &World, error: Error, trouble: &mut Pauses) -> Result<()> {
    if error.kind.retry() != Retry::No {
        return settle(launch, world, error, trouble).await;
    }
    launch.facts.admit = None;
    launch.waiting = None;
    if launch.phase.is_at_work() {
        let reason = WaitReason::of(&error).unwrap_or(WaitReason::AddressChanged);
        launch.wait_for_user(reason, error, world.clock.now(), None);
    }
    world.save(launch).await
}

/// Failed → Installing, or Verifying where that is what failed: the order travels as soon as following begins.
fn retry(launch: &mut Launch, restart: bool, world: &World) {
    if !launch.phase.may_retry(launch.facts.instance.is_some()) {
        return;
    }
    launch.failure = None;
    if matches!(
        launch.facts.outcome,
        Some(slipway_protocol::Outcome::Succeeded { .. })
    ) {
        // The install is done, and its installer has left the server: only the site is to be asked again.
        return launch.enter(Phase::Verifying, world.clock.now());
    }
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
pub(crate) fn send_chosen_secrets(launch: &mut Launch) {
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
            world.retries.failed(&error, pause);
            let _ = tokio::time::timeout(pause, wished(world, &launch.id)).await;
            Ok(())
        }
        Verdict::Park => park(launch, world, error).await,
        Verdict::Fail => fail(launch, world, error).await,
    }
}

async fn park(launch: &mut Launch, world: &World, error: Error) -> Result<()> {
    let look_again = match launch.phase {
        _ if is_about_keys(error.kind) => SIGN_IN,
        Phase::Preflight => CHECKED,
        _ => PARKED,
    };
    let reason = reason(launch, world, &error).await?;
    let error = match reason {
        WaitReason::Quota => error.hint(MORE_QUOTA),
        _ => error,
    };
    let now = world.clock.now();
    launch.wait_for_user(reason, error, now, Some(now.plus(look_again)));
    world.save(launch).await?;
    tokio::select! {
        () = pause(look_again) => {}
        () = wished(world, &launch.id) => {}
    }
    Ok(())
}

/// What an error makes the launch wait for.
async fn reason(launch: &Launch, world: &World, error: &Error) -> Result<WaitReason> {
    let off = |instance: Instance| instance.state == InstanceState::Stopped;
    Ok(match WaitReason::of(error) {
        Some(WaitReason::Capacity { .. }) => {
            let known = launch.offers();
            let offers = if known.is_empty() {
                // Without the list there is still the next try of the same place.
                let catalog = world.cloud.catalog().await;
                catalog.map_or_else(|_| Vec::new(), |catalog| offers(&launch.spec, &catalog, error))
            } else {
                known.to_vec()
            };
            WaitReason::Capacity { offers }
        }
        Some(WaitReason::AgentSilent) if world.store.observed(&launch.id).await?.is_some_and(off) => {
            WaitReason::ServerOff
        }
        reason => reason.unwrap_or(WaitReason::AgentSilent),
    })
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
    world.retries.forget();
    launch.enter(Phase::Failed, now);
    world.save(launch).await
}

/// Removes everything in reverse order. What can't be removed is listed, and waits for another try.
async fn unwind(world: &World, mut launch: Launch) -> Result<()> {
    loop {
        let Some(cause) = undo_all(&mut launch, world).await? else {
            world.retries.forget();
            launch.enter(Phase::Terminated, world.clock.now());
            launch.failure = launch
                .failure
                .take()
                .filter(|_| launch.ending == Some(Ending::Cancel));
            return world.save(&launch).await;
        };
        let (now, pause_for) = (
            world.clock.now(),
            if is_about_keys(cause.kind) {
                SIGN_IN
            } else {
                PARKED
            },
        );
        let (reason, error) = not_removed(&launch, cause);
        launch.wait_for_user(reason, error, now, Some(now.plus(pause_for)));
        world.save(&launch).await?;
        tokio::select! {
            () = pause(pause_for) => {}
            () = wished(world, &launch.id) => {
                launch.waiting = None;
                world.store.grant_wish(&launch).await?;
            }
        }
    }
}

/// Why not everything is gone, in one sentence, and what to do about it.
fn not_removed(launch: &Launch, cause: Error) -> (WaitReason, Error) {
    let name = &launch.spec.name;
    let left = launch.leftovers.join("; ");
    let sentence = format!("Not everything of “{name}” could be removed: {left}");
    let hint = "See to the cause, then try again: what is gone already is not touched.";
    let reason = WaitReason::of(&cause).filter(|_| cause.kind.retry() == Retry::AfterUser);
    let kind = match reason {
        Some(_) => cause.kind,
        None => ErrorKind::PermissionMissing,
    };
    let error = Error {
        kind,
        sentence,
        hint: hint.into(),
        ..cause
    };
    (reason.unwrap_or(WaitReason::Leftovers), error)
}

/// Undoes every phase. The first reason why something of the cloud could not be removed, if there is one; what stays is
/// told in the launch's leftovers.
async fn undo_all(launch: &mut Launch, world: &World) -> Result<Option<Error>> {
    launch.leftovers.clear();
    let mut first = None;
    for phase in Phase::AT_WORK.into_iter().rev() {
        let Some(step) = steps::of(phase) else { continue };
        let mut trouble = Pauses::new(Policy::TROUBLE);
        loop {
            match step.undo(launch, world).await {
                Ok(()) => break,
                Err(error) if judge(phase, &error) == Verdict::Again => {
                    let next = world.crowd.pause_after(&error, &mut trouble);
                    world.retries.failed(&error, next);
                    wait_for_wish(launch, world, next).await?;
                }
                Err(error) => {
                    launch.leftovers.push(error.sentence.clone());
                    first.get_or_insert(error);
                    break;
                }
            }
        }
    }
    Ok(first)
}

/// Waits before the next try of an undo. Whoever wants to try again, or wants it gone, does not wait so long.
async fn wait_for_wish(launch: &mut Launch, world: &World, pause: Duration) -> Result<()> {
    let waited = tokio::time::timeout(pause, wished(world, &launch.id)).await;
    if let (Ok(()), Some(wish)) = (waited, world.store.wish(&launch.id).await?) {
        world.retries.forget();
        grant(launch, &wish, world);
        world.store.grant_wish(launch).await?;
    }
    Ok(())
}
