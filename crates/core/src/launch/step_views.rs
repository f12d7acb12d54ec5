//! The steps as the faces see them: the plan, folded with the messages about it.

use slipway_protocol::message::StepResult;
use slipway_protocol::{Kind, Message};

use super::Launch;
use crate::recipe::Schedule;
use crate::view::{PieceState, StepView};

/// Folds the messages into the steps of the plan.
pub(super) fn steps(launch: &Launch, notable: &[Message]) -> Vec<StepView> {
    let plan = &launch.spec.plan.steps;
    let schedule = Schedule::of(plan);
    let bars = plan.iter().zip(&schedule.bars);
    let mut steps: Vec<StepView> = bars
        .map(|(step, bar)| StepView {
            id: step.id.clone(),
            title: step.title.clone(),
            needs: step.needs.clone(),
            state: PieceState::Waiting,
            progress: None,
            started: None,
            ended: None,
            usual: step.usual_seconds.map(|seconds| i64::from(seconds) * 1000),
            planned_start: i64::from(bar.start) * 1000,
            planned_end: i64::from(bar.end) * 1000,
            critical: bar.critical,
            already_done: false,
        })
        .collect();
    for message in notable {
        let step = message
            .step
            .as_ref()
            .and_then(|id| steps.iter_mut().find(|step| step.id == *id));
        if let Some(step) = step {
            fold(step, message);
        }
    }
    steps
}

fn fold(step: &mut StepView, message: &Message) {
    match &message.kind {
        Kind::StepStarted => {
            step.state = PieceState::Running;
            step.started = Some(message.time.0);
            (step.ended, step.progress) = (None, None);
        }
        Kind::StepProgress { done } => step.progress = Some(done.clamp(0.0, 1.0)),
        Kind::StepFinished { result, .. } => {
            step.state = match result {
                StepResult::Done | StepResult::AlreadyDone => PieceState::Done,
                StepResult::Failed | StepResult::Unknown => PieceState::Failed,
            };
            step.already_done = *result == StepResult::AlreadyDone;
            step.started = step.started.or(Some(message.time.0));
            (step.ended, step.progress) = (Some(message.time.0), None);
        }
        Kind::Line | Kind::Secret { .. } | Kind::Restart | Kind::OrderDone { .. } => {}
        Kind::End { .. } | Kind::Unknown(_) => {}
    }
}

/// The share of the install that is done, each step weighing what it usually takes.
pub(super) fn share_done(steps: &[StepView]) -> f32 {
    let weight = |step: &StepView| (step.planned_end - step.planned_start).max(1) as f32;
    let done = |step: &StepView| match step.state {
        PieceState::Done => 1.0,
        PieceState::Running => step.progress.unwrap_or(0.0),
        PieceState::Waiting | PieceState::Failed => 0.0,
    };
    let total: f32 = steps.iter().map(weight).sum();
    let sum: f32 = steps.iter().map(|step| weight(step) * done(step)).sum();
    if total > 0.0 { sum / total } else { 0.0 }
}
