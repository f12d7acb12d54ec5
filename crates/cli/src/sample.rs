//! A launch in the middle of its install, for tests of what is shown.

use slipway_core::error::{Error, ErrorKind, Unreached};
use slipway_core::view::{
    Acts, ConnectionState, ConnectionView, LaunchView, LineLevel, LogLine, PieceState, RailPhase, RailView,
    ServerView, Status, StepView, WaitActionView, WaitingView,
};
use slipway_core::wait::{WaitAction, WaitReason};

pub fn installing() -> LaunchView {
    LaunchView {
        server: server(),
        rail: rail(),
        steps: vec![
            step("files", "Fetch the files", PieceState::Done, None),
            step("database", "Set up the database", PieceState::Running, Some(0.5)),
            step("warm", "Warm up", PieceState::Waiting, None),
        ],
        install_started: Some(60_000),
        attempt: 1,
        connection: ConnectionView {
            state: ConnectionState::Live,
            verified: true,
            trusted: false,
            mismatched: false,
            since: Some(60_000),
        },
        waiting: None,
        parked: None,
        failure: None,
        access: None,
        image_job: None,
        leftovers: Vec::new(),
        log_lines: 3,
    }
}

/// A wait for S3 since 0:10, to be tried at 1:30.
pub fn waiting() -> WaitingView {
    let what = Unreached::S3;
    let error = Error::new(ErrorKind::CloudTrouble, "S3 answered 501.").hint("Look at the endpoint.");
    let offered = |action: WaitAction| WaitActionView {
        action,
        label: action.label().to_owned(),
    };
    WaitingView {
        reason: WaitReason::Network { what },
        words: "Waiting for S3 to answer".to_owned(),
        error: error.unreached(what),
        since: 10_000,
        tries: 5,
        next: Some(90_000),
        needs_user: false,
        ends_by_itself: true,
        actions: vec![offered(WaitAction::TryAgain), offered(WaitAction::GiveUp)],
        offers: Vec::new(),
    }
}

pub fn line(number: i64, text: &str) -> LogLine {
    LogLine {
        number,
        attempt: 1,
        time: 1_000 * number,
        step: Some("database".to_owned()),
        level: LineLevel::Info,
        kind: "line".to_owned(),
        text: text.to_owned(),
    }
}

fn server() -> ServerView {
    ServerView {
        id: "01J".to_owned(),
        name: "demo".to_owned(),
        profile: "practice".to_owned(),
        region: "here".to_owned(),
        recipe: "Practice site".to_owned(),
        image: None,
        instance: Some("i-1".to_owned()),
        size: "small".to_owned(),
        disk_gib: 30,
        status: Status::Launching,
        doing: "Set up the database".to_owned(),
        steps_done: 1,
        steps_total: 3,
        progress: Some(0.4),
        site_url: None,
        created: 0,
        ended: None,
        usd_per_hour: None,
        usd_so_far: None,
        stops_at: None,
        off: false,
        practice: true,
        may: Acts::default(),
        revision: 1,
    }
}

fn rail() -> Vec<RailView> {
    let phase = |phase, state| RailView {
        phase,
        state,
        started: Some(0),
        ended: (state == PieceState::Done).then_some(2_000),
        usual: Some(20_000),
        progress: None,
    };
    vec![
        phase(RailPhase::Requested, PieceState::Done),
        phase(RailPhase::Booting, PieceState::Done),
        phase(RailPhase::WindowsReady, PieceState::Done),
        phase(RailPhase::Installing, PieceState::Running),
        phase(RailPhase::SiteUp, PieceState::Waiting),
    ]
}

fn step(id: &str, title: &str, state: PieceState, progress: Option<f32>) -> StepView {
    StepView {
        id: id.to_owned(),
        title: title.to_owned(),
        needs: Vec::new(),
        state,
        progress,
        started: (state != PieceState::Waiting).then_some(60_000),
        ended: (state == PieceState::Done).then_some(64_000),
        usual: Some(5_000),
        planned_start: 0,
        planned_end: 5_000,
        critical: true,
        already_done: false,
    }
}
