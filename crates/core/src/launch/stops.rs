//! When a server stops itself. Its own clock decides, which counts running time; here it is told from what is known.

use slipway_protocol::Time;

use super::{Launch, Phase, trust};
use crate::cloud::{Instance, InstanceState};

/// A start that is later than this after the request is not the first one.
const FIRST_START_MILLIS: u64 = 10 * 60 * 1000;

/// When the instance was asked for.
pub(super) fn asked(launch: &Launch) -> Option<Time> {
    let booting = |phase: Phase| phase == Phase::Booting;
    let found = launch.timeline.iter().find(|entered| booting(entered.phase));
    found.map(|entered| entered.at)
}

/// It was off in between, for a time that is not known here.
pub(super) fn was_stopped(launch: &Launch, instance: &Instance) -> bool {
    asked(launch).is_some_and(|asked| instance.started.millis_since(asked) > FIRST_START_MILLIS)
}

/// When it stops itself; `None` where it does not, or where that is not known.
pub(super) fn stops_at(launch: &Launch, instance: &Instance, first_word: Option<Time>) -> Option<Time> {
    if instance.state != InstanceState::Running || launch.ending.is_some() {
        return None;
    }
    let limits = launch.spec.limits;
    // The timer is up once; a server that was off since may have it behind it.
    let began = first_word.filter(|_| !was_stopped(launch, instance));
    let timer = began.zip(limits.stop_after_minutes);
    // Whoever starts a failed one again finds it with new time.
    let failure = launch.failure.as_ref().filter(|_| launch.phase == Phase::Failed);
    let failed = failure.map(|failure| failure.at.max(instance.started));
    let stops = [timer, failed.zip(limits.stop_failed_after_minutes)];
    let first = stops
        .into_iter()
        .flatten()
        .map(|(since, minutes)| after(since, minutes))
        .min()?;
    Some(launch.facts.kept_until.map_or(first, |kept| kept.max(first)))
}

/// A failed server that listens can be told to wait longer.
pub(super) fn may_put_off(launch: &Launch) -> bool {
    let limits = launch.spec.limits;
    let stops = limits.stop_failed_after_minutes.or(limits.stop_after_minutes);
    stops.is_some() && listens(launch)
}

/// It failed, and its agent is known well enough to take orders.
pub(crate) fn listens(launch: &Launch) -> bool {
    launch.phase == Phase::Failed && trust::may_act(&launch.facts)
}

/// So many minutes later.
pub(crate) fn after(time: Time, minutes: u32) -> Time {
    Time(time.0.saturating_add(i64::from(minutes) * 60_000))
}
