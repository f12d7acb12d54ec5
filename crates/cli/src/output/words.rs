//! The words for states, phases and steps, and where a launch stands in one phrase.

use slipway_core::view::{
    ConnectionState, ImageStatus, LaunchView, LineLevel, LogLine, PieceState, RailPhase, RailView, Status,
};

/// A server's state.
pub fn status(status: Status) -> &'static str {
    match status {
        Status::Launching => "launching",
        Status::Parked => "waiting for you",
        Status::Ready => "ready",
        Status::Failed => "failed",
        Status::Stopping => "stopping",
        Status::Stopped => "stopped",
        Status::Starting => "starting",
        Status::MakingImage => "making an image",
        Status::Terminating => "terminating",
        Status::Terminated => "terminated",
    }
}

/// A price in US dollars; one that is not known says so.
pub fn price(usd: Option<f64>, per: &str) -> String {
    match usd {
        None => "price unknown".to_owned(),
        Some(0.0) => "nothing".to_owned(),
        Some(usd) if usd < 1.0 => format!("{usd:.4} USD {per}"),
        Some(usd) => format!("{usd:.2} USD {per}"),
    }
}

/// A phase of the rail.
pub fn phase(phase: RailPhase) -> &'static str {
    match phase {
        RailPhase::Requested => "Requested",
        RailPhase::Booting => "Booting",
        RailPhase::WindowsReady => "Windows is ready",
        RailPhase::Installing => "Installing",
        RailPhase::SiteUp => "Site is up",
    }
}

/// How a phase or step came along.
pub fn piece(state: PieceState) -> &'static str {
    match state {
        PieceState::Waiting => "waits",
        PieceState::Running => "begins",
        PieceState::Done => "done",
        PieceState::Failed => "failed",
    }
}

/// What a line of the log says; `None` where it says nothing to people.
pub fn said(line: &LogLine) -> Option<&str> {
    match (line.kind.as_str(), line.text.as_str(), line.level) {
        ("step_started", "", _) => Some("begins"),
        ("step_finished", "", LineLevel::Error) => Some("failed"),
        ("step_finished", "", _) => Some("done"),
        ("order_done", "", _) => Some("What was asked for is done."),
        (_, "", _) => None,
        (_, text, _) => Some(text),
    }
}

/// An image's state.
pub fn image(status: ImageStatus) -> &'static str {
    match status {
        ImageStatus::Making => "being made",
        ImageStatus::Available => "available",
        ImageStatus::Failed => "failed",
    }
}

/// The connection, where there is something to say about it.
pub fn connection(launch: &LaunchView) -> Option<&'static str> {
    match launch.connection.state {
        ConnectionState::Reconnecting => Some("The installer does not answer at the moment; reconnecting"),
        ConnectionState::Paused => Some("Nobody follows the install at the moment"),
        ConnectionState::None | ConnectionState::Live => None,
    }
}

/// The phase at work.
pub fn current(launch: &LaunchView) -> Option<&RailView> {
    launch
        .rail
        .iter()
        .find(|phase| phase.state == PieceState::Running)
}

/// What happens to a launch while no face is open: what goes on by itself, and what waits.
pub fn while_away(launch: &LaunchView) -> String {
    let name = &launch.server.name;
    if launch.server.instance.is_none() {
        return format!(
            "The launch of {name} waits where it is: the server has not been asked for yet. \
             It goes on as soon as Slipway is open again."
        );
    }
    let rest =
        "Slipway asks the site whether it answers, and closes the installer's port, when it is open again.";
    match current(launch).map(|phase| phase.phase) {
        Some(RailPhase::Requested | RailPhase::Booting | RailPhase::WindowsReady) => {
            format!("{name} goes on booting and installs by itself. {rest}")
        }
        Some(RailPhase::Installing) => format!("The install on {name} goes on by itself. {rest}"),
        Some(RailPhase::SiteUp) => format!("{name} is installed. {rest}"),
        None => format!("{name} stays as it is."),
    }
}
