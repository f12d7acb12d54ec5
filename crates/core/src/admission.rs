//! Who may connect to a server: this computer's address, which changes when its user changes networks, and the status
//! service's port, which is closed once nobody needs it any more.

use std::time::Duration;

use slipway_protocol::routes::PORT;

use crate::cloud::{AllowIngress, Ingress, RevokeIngress};
use crate::error::{Error, ErrorKind, Result};
use crate::launch::steps::{World, access};
use crate::launch::{Launch, Phase};
use crate::wait::WaitReason;

/// How long the status service stays reachable after a launch has ended well.
pub(crate) const STAYS_OPEN: Duration = Duration::from_secs(5 * 60);

/// Lets an address in, then shuts out the one it replaces. Addresses that the user named stay.
pub(crate) async fn admit(launch: &mut Launch, world: &World, from: &str) -> Result<()> {
    let Some(group) = launch.facts.group.clone() else {
        launch.facts.admit = None;
        return world.save(launch).await;
    };
    let before = launch.facts.allowed_from.clone();
    let mut after = launch.spec.allowed_from.clone();
    if !after.iter().any(|allowed| allowed == from) {
        after.push(from.to_owned());
    }
    let (old, new) = (rules(launch, &before), rules(launch, &after));
    let wanted = AllowIngress {
        group: group.clone(),
        rules: new.clone(),
    };
    world.ledger.perform(wanted).await?;
    let rules: Vec<Ingress> = old.into_iter().filter(|rule| !new.contains(rule)).collect();
    if !rules.is_empty() {
        world.ledger.perform(RevokeIngress { group, rules }).await?;
    }
    launch.facts.allowed_from = after;
    launch.facts.admit = None;
    launch.waiting = None;
    world.save(launch).await?;
    world.agent.forget_connections();
    Ok(())
}

fn rules(launch: &Launch, from: &[String]) -> Vec<Ingress> {
    let mut rules = access::rules(from, launch.spec.public_site);
    rules.retain(|rule| rule.port != PORT || !launch.facts.status_closed);
    rules
}

/// True when the status service was open long enough.
pub(crate) fn is_due(launch: &Launch, now: slipway_protocol::Time) -> bool {
    launch.phase == Phase::Ready
        && launch.ending.is_none()
        && launch.facts.group.is_some()
        && !launch.facts.status_closed
        && now.millis_since(launch.entered()) >= STAYS_OPEN.as_millis() as u64
}

/// Closes the status service's port.
pub(crate) async fn close_status(launch: &mut Launch, world: &World) -> Result<()> {
    if let Some(group) = launch.facts.group.clone() {
        let mut rules = access::rules(&launch.facts.allowed_from, launch.spec.public_site);
        rules.retain(|rule| rule.port == PORT);
        world.ledger.perform(RevokeIngress { group, rules }).await?;
    }
    launch.facts.status_closed = true;
    world.save(launch).await
}

/// While a server is silent: tells when this computer's address is no longer the one that its rules let in.
pub(crate) async fn notice_move(launch: &mut Launch, world: &World) -> Result<()> {
    if !launch.spec.allowed_from.is_empty() || launch.needs_user() || launch.facts.group.is_none() {
        return Ok(());
    }
    // Whoever is offline does not learn the address: that silence has another reason.
    let Ok(own) = world.cloud.own_address().await else {
        return Ok(());
    };
    let own = format!("{own}/32");
    if launch.facts.allowed_from.contains(&own) {
        return Ok(());
    }
    let error = moved(launch, &own);
    launch.wait_for_user(WaitReason::AddressChanged, error, world.clock.now(), None);
    world.save(launch).await
}

fn moved(launch: &Launch, own: &str) -> Error {
    let plain = |range: &str| range.trim_end_matches("/32").to_owned();
    let before: Vec<String> = launch
        .facts
        .allowed_from
        .iter()
        .map(|range| plain(range))
        .collect();
    let sentence = format!(
        "This computer's address changed from {} to {}, so “{}” does not let it in any more.",
        before.join(", "),
        plain(own),
        launch.spec.name
    );
    Error::new(ErrorKind::AgentSilent, sentence)
        .hint("Let the new address in: the old one is shut out then. The install goes on meanwhile.")
}
