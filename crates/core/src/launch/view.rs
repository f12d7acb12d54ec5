//! From the journal to what the faces see: pure functions over a launch, its notable messages and what the cloud was
//! last seen to say.

use std::collections::HashMap;

use slipway_protocol::message::StepResult;
use slipway_protocol::{Kind, Message, Time};

use super::{Launch, Phase, Trust};
use crate::cloud::{Instance, InstanceState};
use crate::image::ImageJob;
use crate::password_data;
use crate::recipe::Schedule;
use crate::site;
use crate::view::{
    AccessView, Acts, AdminView, ConnectionState, ConnectionView, FailureView, LaunchView, LogLine,
    ParkedView, PieceState, RailPhase, RailView, ServerView, Status, StepView, VisitView,
};

/// The Windows account that EC2 makes.
pub const ADMINISTRATOR: &str = "Administrator";

/// Everything that a view is made of.
pub(crate) struct Materials<'m> {
    pub launch: &'m Launch,
    pub revision: i64,
    /// Messages that are not lines, in order.
    pub notable: Vec<Message>,
    pub observed: Option<Instance>,
    /// Some process drives it.
    pub driven: bool,
    pub image_job: Option<&'m ImageJob>,
    /// The last lines of the failed step.
    pub last_lines: Vec<LogLine>,
    pub log_lines: i64,
    /// How long the phases of earlier launches like this one took, in milliseconds.
    pub usual: &'m HashMap<RailPhase, i64>,
    pub practice: bool,
}

impl Materials<'_> {
    /// All of it.
    pub fn launch_view(&self) -> LaunchView {
        let launch = self.launch;
        let steps = steps(launch, &self.notable);
        LaunchView {
            server: self.server_view(&steps),
            rail: self.rail(&steps),
            install_started: entered(launch, RailPhase::Installing).map(|(start, _)| start.0),
            attempt: launch.facts.expected_attempt,
            connection: self.connection(),
            parked: launch.parked.as_ref().map(|parked| ParkedView {
                error: parked.error.clone(),
                since: parked.since.0,
                may_trust: launch
                    .facts
                    .identity
                    .as_ref()
                    .is_some_and(|identity| identity.trust == Trust::Seen),
            }),
            failure: self.failure(),
            access: self.access(),
            image_job: self.image_job.map(ImageJob::view),
            leftovers: launch.leftovers.clone(),
            log_lines: self.log_lines,
            steps,
        }
    }

    /// The row on Servers.
    pub fn row(&self) -> ServerView {
        self.server_view(&steps(self.launch, &self.notable))
    }

    fn server_view(&self, steps: &[StepView]) -> ServerView {
        let launch = self.launch;
        let status = status(launch, self.observed.as_ref(), self.image_job);
        let done = steps.iter().filter(|step| step.state == PieceState::Done).count();
        ServerView {
            id: launch.id.clone(),
            name: launch.spec.name.clone(),
            profile: launch.spec.profile.clone(),
            region: launch.spec.region.clone(),
            recipe: launch.spec.recipe_title.clone(),
            image: launch.spec.image.as_ref().map(|image| image.name.clone()),
            instance: launch.facts.instance.clone(),
            size: launch.spec.size.clone(),
            status,
            doing: doing(launch, status, steps, self.image_job),
            steps_done: done as u32,
            steps_total: steps.len() as u32,
            progress: progress(launch, status, steps, self.image_job),
            site_url: self.site_url(),
            created: launch.created.0,
            ended: ended(launch).map(|at| at.0),
            usd_per_hour: launch.spec.usd_per_hour,
            usd_so_far: None,
            practice: self.practice,
            may: acts(launch, status),
            revision: self.revision,
        }
    }

    fn rail(&self, steps: &[StepView]) -> Vec<RailView> {
        let all = [
            RailPhase::Requested,
            RailPhase::Booting,
            RailPhase::WindowsReady,
            RailPhase::Installing,
            RailPhase::SiteUp,
        ];
        let piece = |phase: RailPhase| {
            let times = entered(self.launch, phase);
            let state = rail_state(self.launch, phase, times);
            RailView {
                phase,
                state,
                started: times.map(|(start, _)| start.0),
                ended: times.and_then(|(_, end)| end).map(|end| end.0),
                usual: self.usual.get(&phase).copied().or_else(|| planned(phase, steps)),
                progress: (phase == RailPhase::Installing && state != PieceState::Waiting)
                    .then(|| share_done(steps)),
            }
        };
        all.map(piece).into()
    }

    fn connection(&self) -> ConnectionView {
        let facts = &self.launch.facts;
        let follows = matches!(self.launch.phase, Phase::Installing) && self.launch.ending.is_none();
        let (state, since) = match (follows, self.driven, facts.silent_since) {
            (false, ..) => (ConnectionState::None, None),
            (true, false, _) => (ConnectionState::Paused, facts.last_answer),
            (true, true, Some(since)) => (ConnectionState::Reconnecting, Some(since)),
            (true, true, None) if facts.identity.is_none() => (ConnectionState::None, None),
            (true, true, None) => (ConnectionState::Live, facts.last_answer),
        };
        let trust = facts.identity.as_ref().map(|identity| identity.trust);
        ConnectionView {
            state,
            verified: trust == Some(Trust::Verified),
            trusted: trust == Some(Trust::ByUser),
            since: since.map(|at| at.0),
        }
    }

    fn failure(&self) -> Option<FailureView> {
        let failure = self.launch.failure.as_ref()?;
        let plan = &self.launch.spec.plan;
        let title = |id: &String| {
            plan.steps
                .iter()
                .find(|step| step.id == *id)
                .map(|step| step.title.clone())
        };
        Some(FailureView {
            error: failure.error.clone(),
            step: failure.step.clone(),
            step_title: failure.step.as_ref().and_then(title),
            last_lines: self.last_lines.clone(),
            may_retry: self.launch.phase.may_retry(self.launch.facts.instance.is_some()),
            at: failure.at.0,
        })
    }

    fn site_url(&self) -> Option<String> {
        self.launch.facts.visit?;
        site::url(self.launch, self.observed.as_ref())
    }

    fn access(&self) -> Option<AccessView> {
        let endpoints = self.observed.as_ref()?.endpoints.as_ref()?;
        let facts = &self.launch.facts;
        let known = |name: &str| facts.secrets.iter().any(|secret| secret == name);
        let admin = site::admin(self.launch, self.observed.as_ref()).filter(|_| facts.visit.is_some());
        Some(AccessView {
            host: endpoints.host.clone(),
            rdp_port: endpoints.rdp,
            user: ADMINISTRATOR.into(),
            has_password: password_data::is_known(self.launch),
            site_url: self.site_url(),
            visit: facts.visit.map(|(status, millis)| VisitView { status, millis }),
            admin: admin.map(|(url, admin)| AdminView {
                url,
                has_password: known(&admin.secret),
                user: admin.user,
            }),
            allowed_from: facts.allowed_from.clone(),
        })
    }
}

/// A server's state in one word.
pub(crate) fn status(launch: &Launch, observed: Option<&Instance>, job: Option<&ImageJob>) -> Status {
    if launch.phase == Phase::Terminated {
        return Status::Terminated;
    }
    if launch.ending.is_some() {
        return if launch.parked.is_some() {
            Status::Parked
        } else {
            Status::Terminating
        };
    }
    if job.is_some_and(|job| !job.phase.is_over()) {
        return Status::MakingImage;
    }
    if launch.phase.is_at_work() {
        return if launch.parked.is_some() {
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
pub(crate) fn acts(launch: &Launch, status: Status) -> Acts {
    let has_instance = launch.facts.instance.is_some();
    let reachable = matches!(status, Status::Ready | Status::Failed) && has_instance;
    Acts {
        stop: reachable,
        restart: reachable,
        start: status == Status::Stopped && has_instance,
        retry: status == Status::Failed && launch.phase.may_retry(has_instance),
        image: matches!(status, Status::Ready | Status::Stopped) && launch.phase == Phase::Ready,
        connect: reachable,
        terminate: launch.phase != Phase::Terminated
            && !matches!(status, Status::Terminating | Status::MakingImage),
    }
}

/// Folds the messages into the steps of the plan.
fn steps(launch: &Launch, notable: &[Message]) -> Vec<StepView> {
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

/// The last time that a rail phase was gone through: when it began and, if it did, ended.
fn entered(launch: &Launch, phase: RailPhase) -> Option<(Time, Option<Time>)> {
    let timeline = &launch.timeline;
    let is_in = |at: usize| timeline[at].phase.rail() == Some(phase);
    let last = (0..timeline.len()).rev().find(|&at| is_in(at))?;
    let first = (0..=last).rev().take_while(|&at| is_in(at)).last()?;
    Some((
        timeline[first].at,
        timeline.get(last + 1).map(|entered| entered.at),
    ))
}

fn rail_state(launch: &Launch, phase: RailPhase, times: Option<(Time, Option<Time>)>) -> PieceState {
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
fn planned(phase: RailPhase, steps: &[StepView]) -> Option<i64> {
    let told = phase == RailPhase::Installing && steps.iter().any(|step| step.usual.is_some());
    told.then(|| steps.iter().map(|step| step.planned_end).max())
        .flatten()
}

/// The share of the install that is done, each step weighing what it usually takes.
fn share_done(steps: &[StepView]) -> f32 {
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

fn progress(launch: &Launch, status: Status, steps: &[StepView], job: Option<&ImageJob>) -> Option<f32> {
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

fn doing(launch: &Launch, status: Status, steps: &[StepView], job: Option<&ImageJob>) -> String {
    match status {
        Status::Launching => match launch.phase {
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
        Status::Parked => launch
            .parked
            .as_ref()
            .map(|parked| parked.error.sentence.clone())
            .unwrap_or_default(),
        Status::Failed => launch
            .failure
            .as_ref()
            .map(|failure| failure.error.sentence.clone())
            .unwrap_or_default(),
        Status::MakingImage => job
            .map(|job| format!("Making the image “{}”", job.name))
            .unwrap_or_default(),
        _ => String::new(),
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

fn ended(launch: &Launch) -> Option<Time> {
    let ended = |phase: Phase| matches!(phase, Phase::Ready | Phase::Failed | Phase::Terminated);
    launch
        .timeline
        .iter()
        .rev()
        .find(|entered| ended(entered.phase))
        .map(|entered| entered.at)
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
