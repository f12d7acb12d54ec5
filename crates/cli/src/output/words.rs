//! The words for states, phases and steps, and where a launch stands in one phrase.

use slipway_core::view::{
    ConnectionState, ImageStatus, LaunchView, LineLevel, LogLine, PieceState, RailPhase, RailView,
};

/// A price in US dollars; one that is not known says so.
pub fn price(usd: Option<f64>, per: &str) -> String {
    match usd {
        None => "price unknown".to_owned(),
        Some(0.0) => "nothing".to_owned(),
        Some(usd) if usd < 1.0 => format!("{usd:.4} USD {per}"),
        Some(usd) => format!("{usd:.2} USD {per}"),
    }
}

/// A phase of the rail, as it stands.
pub fn phase(phase: RailPhase, state: PieceState) -> &'static str {
    match (phase, state) {
        (RailPhase::Requested, PieceState::Running) => "Requesting the server",
        (RailPhase::Requested, PieceState::Failed) => "The request failed",
        (RailPhase::Requested, PieceState::Waiting | PieceState::Done) => "Requested",
        (RailPhase::Booting, PieceState::Done) => "Booted",
        (RailPhase::Booting, PieceState::Failed) => "Booting failed",
        (RailPhase::Booting, PieceState::Waiting | PieceState::Running) => "Booting",
        (RailPhase::WindowsReady, PieceState::Running) => "Waiting for Windows",
        (RailPhase::WindowsReady, PieceState::Failed) => "Windows did not become ready",
        (RailPhase::WindowsReady, PieceState::Waiting | PieceState::Done) => "Windows is ready",
        (RailPhase::Installing, PieceState::Done) => "Installed",
        (RailPhase::Installing, PieceState::Failed) => "Installing failed",
        (RailPhase::Installing, PieceState::Waiting | PieceState::Running) => "Installing",
        (RailPhase::SiteUp, PieceState::Running) => "Waiting for the site",
        (RailPhase::SiteUp, PieceState::Failed) => "The site does not answer",
        (RailPhase::SiteUp, PieceState::Waiting | PieceState::Done) => "Site is up",
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

/// The connection, where there is something to say about it that is no wait.
pub fn connection(launch: &LaunchView) -> Option<&'static str> {
    match launch.connection.state {
        ConnectionState::Paused => Some("Nobody follows the install at the moment"),
        ConnectionState::None | ConnectionState::Live | ConnectionState::Reconnecting => None,
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
