//! The five phases of the rail, read from the launch's timeline.

use std::collections::HashMap;

use slipway_protocol::Time;

use super::{Launch, Phase};
use crate::view::{PieceState, RailPhase, StepView};

/// The last time that a rail phase was gone through: when it began and, if it did, ended.
pub(super) fn entered(launch: &Launch, phase: RailPhase) -> Option<(Time, Option<Time>)> {
    let timeline = &launch.timeline;
    let is_in = |at: usize| timeline[at].phase.rail() == Some(phase);
    let last = (0..timeline.len()).rev().find(|&at| is_in(at))?;
    let first = (0..=last).rev().take_while(|&at| is_in(at)).last()?;
    Some((
        timeline[first].at,
        timeline.get(last + 1).map(|entered| entered.at),
    ))
}

pub(super) fn rail_state(
    launch: &Launch,
    phase: RailPhase,
    times: Option<(Time, Option<Time>)>,
) -> PieceState {
    let failed_here = launch
        .failure
        .as_ref()
        .is_some_and(|failure| failure.phase.rail() == Some(phase));
    match times {
        None => PieceState::Waiting,
        Some(_) if failed_here => PieceState::Failed,
        Some((_, None)) => PieceState::Running,
        Some((_, Some(_))) if launch.phase.rail() == Some(phase) => PieceState::Running,
        Some((_, Some(_))) => PieceState::Done,
    }
}

/// What the recipe says of the install as a whole.
pub(super) fn planned(phase: RailPhase, steps: &[StepView]) -> Option<i64> {
    let told = phase == RailPhase::Installing && steps.iter().any(|step| step.usual.is_some());
    told.then(|| steps.iter().map(|step| step.planned_end).max())
        .flatten()
}

/// The median time of each phase over earlier launches that became ready, in milliseconds. Empty before the first.
pub(crate) fn usual_times<'l>(launches: impl Iterator<Item = &'l Launch>) -> HashMap<RailPhase, i64> {
    let mut times: HashMap<RailPhase, Vec<i64>> = HashMap::new();
    for launch in launches.filter(|launch| launch.phase == Phase::Ready || launch.facts.visit.is_some()) {
        for phase in [
            RailPhase::Requested,
            RailPhase::Booting,
            RailPhase::WindowsReady,
            RailPhase::Installing,
            RailPhase::SiteUp,
        ] {
            if let Some((start, Some(end))) = entered(launch, phase) {
                times
                    .entry(phase)
                    .or_default()
                    .push(end.millis_since(start) as i64);
            }
        }
    }
    let median = |mut list: Vec<i64>| {
        list.sort_unstable();
        list[list.len() / 2]
    };
    times
        .into_iter()
        .map(|(phase, list)| (phase, median(list)))
        .collect()
}
