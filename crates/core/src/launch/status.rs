//! A server's state in one word, what it is doing, and what may be done with it.

use super::step_views::share_done;
use super::{Launch, Phase, stops};
use crate::cloud::{Instance, InstanceState};
use crate::image::ImageJob;
use crate::password_data;
use crate::view::{Acts, PieceState, Status, StepView};

/// A server's state in one word.
pub(crate) fn status(launch: &Launch, observed: Option<&Instance>, job: Option<&ImageJob>) -> Status {
    if launch.phase == Phase::Terminated {
        return Status::Terminated;
    }
    if launch.ending.is_some() {
        return if launch.needs_user() {
            Status::Parked
        } else {
            Status::Terminating
        };
    }
    if job.is_some_and(|job| !job.phase.is_over()) {
        return Status::MakingImage;
    }
    if launch.phase.is_at_work() {
        return if launch.needs_user() {
            Status::Parked
        } else {
            Status::Launching
        };
    }
    let at_rest = if launch.phase == Phase::Ready {
        Status::Ready
    } else {
        Status::Failed
    };
    match observed.map(|instance| instance.state) {
        Some(InstanceState::Pending) => Status::Starting,
        Some(InstanceState::Stopping) => Status::Stopping,
        Some(InstanceState::Stopped) => Status::Stopped,
        Some(InstanceState::ShuttingDown | InstanceState::Terminated) => Status::Terminated,
        Some(InstanceState::Running) | None => at_rest,
    }
}

/// What may be done in a state. The engine refuses everything else, so every face does.
pub(crate) fn acts(launch: &Launch, status: Status, observed: Option<&Instance>) -> Acts {
    let has_instance = launch.facts.instance.is_some();
    // A launch that waits because its instance was stopped goes on once it is started.
    let is_off = observed.is_some_and(|instance| instance.state == InstanceState::Stopped);
    let reachable = matches!(status, Status::Ready | Status::Failed) && has_instance;
    Acts {
        stop: reachable,
        restart: reachable,
        start: has_instance && is_off && matches!(status, Status::Stopped | Status::Parked),
        retry: status == Status::Failed && launch.phase.may_retry(has_instance),
        extend: status == Status::Failed && stops::may_put_off(launch),
        image: matches!(status, Status::Ready | Status::Stopped) && launch.phase == Phase::Ready,
        connect: reachable || has_desktop(launch, status, observed),
        terminate: launch.phase != Phase::Terminated
            && !matches!(status, Status::Terminating | Status::MakingImage),
    }
}

/// Before its end a launch can be looked at by Remote Desktop as soon as Windows has told its password.
fn has_desktop(launch: &Launch, status: Status, observed: Option<&Instance>) -> bool {
    let runs = observed.is_some_and(|instance| instance.state == InstanceState::Running);
    runs && matches!(status, Status::Launching | Status::Parked) && password_data::is_known(launch)
}

pub(super) fn progress(
    launch: &Launch,
    status: Status,
    steps: &[StepView],
    job: Option<&ImageJob>,
) -> Option<f32> {
    match status {
        Status::Launching | Status::Parked if launch.ending.is_none() => {
            // The phases before the install have no measure of their own, so the bar is the install's.
            Some(if launch.phase == Phase::Verifying {
                1.0
            } else {
                share_done(steps)
            })
        }
        Status::MakingImage => job.map(|job| f32::from(job.percent) / 100.0),
        _ => None,
    }
}

pub(super) fn doing(launch: &Launch, status: Status, steps: &[StepView], job: Option<&ImageJob>) -> String {
    match (status, &launch.waiting) {
        (Status::Launching | Status::Terminating, Some(waiting)) => {
            format!("Waiting for {}", waiting.reason.words())
        }
        (Status::Launching, None) => match launch.phase {
            Phase::Preflight => "Checking".into(),
            Phase::Access => "Making keys and firewall".into(),
            Phase::Staging => "Preparing the installer".into(),
            Phase::Starting => "Asking for the server".into(),
            Phase::Booting => "Booting".into(),
            Phase::Configuring => "Windows is being configured".into(),
            Phase::Installing => running_titles(steps),
            Phase::Verifying => "Asking the site".into(),
            Phase::Ready | Phase::Failed | Phase::Terminated => String::new(),
        },
        (Status::Parked, Some(waiting)) => waiting.retrying.error.sentence.clone(),
        (Status::Failed, _) => launch
            .failure
            .as_ref()
            .map(|failure| failure.error.sentence.clone())
            .unwrap_or_default(),
        (Status::MakingImage, _) => job.map(making).unwrap_or_default(),
        _ => String::new(),
    }
}

fn making(job: &ImageJob) -> String {
    match &job.waiting {
        Some(waiting) => format!("Waiting for {}", waiting.reason.words()),
        None => format!("Making the image “{}”", job.name),
    }
}

fn running_titles(steps: &[StepView]) -> String {
    let running: Vec<&str> = steps
        .iter()
        .filter(|step| step.state == PieceState::Running)
        .map(|step| step.title.as_str())
        .collect();
    if running.is_empty() {
        "Waiting for the installer".into()
    } else {
        running.join(", ")
    }
}
