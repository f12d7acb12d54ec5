//! From the journal to what the faces see: pure functions over a launch, its notable messages and what the cloud was
//! last seen to say.

use std::collections::HashMap;

use slipway_protocol::{Message, Time};

use super::rail::{entered, planned, rail_state};
use super::status::{acts, doing, progress, status};
use super::step_views::{share_done, steps};
use super::{Launch, Phase, Trust, stops, trust};
use crate::cloud::{Instance, InstanceState};
use crate::image::ImageJob;
use crate::password_data;
use crate::site;
use crate::view::{
    AccessView, AdminView, ConnectionState, ConnectionView, FailureView, LaunchView, LogLine, ParkedView,
    PieceState, Possible, RailPhase, RailView, ServerView, Status, StepView, VisitView, WaitActionView,
    WaitingView,
};
use crate::wait::WaitAction;

/// The Windows account that EC2 makes.
pub const ADMINISTRATOR: &str = "Administrator";

const HOUR_MILLIS: f64 = 3_600_000.0;

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
    pub now: Time,
}

impl Materials<'_> {
    /// All of it.
    pub fn launch_view(&self) -> LaunchView {
        let launch = self.launch;
        let steps = steps(launch, &self.notable);
        let server = self.server_view(&steps);
        let waiting = self.waiting(server.may.start).map(Box::new);
        LaunchView {
            server,
            rail: self.rail(&steps),
            install_started: entered(launch, RailPhase::Installing).map(|(start, _)| start.0),
            attempt: launch.facts.expected_attempt,
            connection: self.connection(),
            parked: waiting.as_deref().and_then(parked),
            waiting,
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
            disk_gib: launch.spec.disk_gib,
            status,
            doing: doing(launch, status, steps, self.image_job),
            steps_done: done as u32,
            steps_total: steps.len() as u32,
            progress: progress(launch, status, steps, self.image_job),
            site_url: self.site_url(),
            created: launch.created.0,
            ended: ended(launch).map(|at| at.0),
            usd_per_hour: launch.spec.hourly(launch.spec.usd_per_hour),
            usd_so_far: self.usd_so_far(),
            stops_at: self.stops_at(status).map(|at| at.0),
            off: self.is_off(),
            practice: self.practice,
            may: acts(launch, status, self.observed.as_ref()),
            revision: self.revision,
        }
    }

    fn waiting(&self, may_start: bool) -> Option<WaitingView> {
        let launch = self.launch;
        let identity = launch.facts.identity.as_ref();
        let possible = Possible {
            start: may_start,
            allow_current_ip: !self.practice && launch.facts.group.is_some() && launch.ending.is_none(),
            trust: identity.is_some_and(|identity| identity.trust == Trust::Seen),
        };
        let waiting = launch.waiting.as_ref()?;
        Some(WaitingView::of_launch(waiting, launch, possible))
    }

    fn is_off(&self) -> bool {
        let seen = self.observed.as_ref().map(|instance| instance.state);
        seen == Some(InstanceState::Stopped)
    }

    /// The time since it was last started, at the price that was told at its launch. What ran before a stop is not
    /// known here, so the sum of a server that was stopped is not either.
    fn usd_so_far(&self) -> Option<f64> {
        let spec = &self.launch.spec;
        let price = spec.hourly(spec.usd_per_hour).filter(|_| !self.practice)?;
        let instance = self.observed.as_ref()?;
        let asked = stops::asked(self.launch)?;
        let runs = matches!(instance.state, InstanceState::Pending | InstanceState::Running);
        let first_run = !stops::was_stopped(self.launch, instance);
        (runs && first_run).then(|| price * self.now.millis_since(asked) as f64 / HOUR_MILLIS)
    }

    /// The agent's first word is the best sign here of when its clock began.
    fn stops_at(&self, status: Status) -> Option<Time> {
        let first_word = self.notable.first().map(|message| message.time);
        let runs = matches!(
            status,
            Status::Launching | Status::Parked | Status::Ready | Status::Failed
        );
        stops::stops_at(self.launch, self.observed.as_ref().filter(|_| runs)?, first_word)
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
            // It has not answered yet: that is no interruption.
            (true, true, _) if facts.identity.is_none() => (ConnectionState::None, None),
            (true, true, Some(since)) => (ConnectionState::Reconnecting, Some(since)),
            (true, true, None) => (ConnectionState::Live, facts.last_answer),
        };
        let sure = facts.identity.as_ref().map(|identity| identity.trust);
        ConnectionView {
            state,
            verified: sure == Some(Trust::Verified),
            trusted: sure == Some(Trust::ByUser),
            mismatched: trust::is_mismatched(facts),
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
            rdp_thumbprint: facts.rdp_thumbprint.clone(),
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

/// In brief, for readers that know of waits for the user alone.
fn parked(waiting: &WaitingView) -> Option<ParkedView> {
    let may_trust = |offered: &WaitActionView| offered.action == WaitAction::TrustKeys;
    waiting.needs_user.then(|| ParkedView {
        error: waiting.error.clone(),
        since: waiting.since,
        may_trust: waiting.actions.iter().any(may_trust),
        offers: waiting.offers.clone(),
    })
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
