//! What a launch waits for, in the words of the terminal: what is tried, why it failed, how often, when next, and what the
//! user can type.

use slipway_core::view::{LaunchView, WaitingView};
use slipway_core::wait::WaitAction;

use super::text::duration;

/// One command, and what it does.
pub type Way = (String, &'static str);

/// Everything about a wait in one paragraph.
pub fn paragraph(waiting: &WaitingView, now: i64) -> String {
    let mut text = format!("{}. {}", waiting.words, waiting.error.sentence);
    if !waiting.error.hint.is_empty() {
        text = format!("{text} {}", waiting.error.hint);
    }
    format!("{text} {}", tries(waiting, now))
}

/// How often it was tried, since when, and when it is tried next.
pub fn tries(waiting: &WaitingView, now: i64) -> String {
    let times = match waiting.tries {
        0 => return format!("No answer for {}.", duration(now - waiting.since)),
        1 => "once".to_owned(),
        more => format!("{more} times"),
    };
    let since = duration(now - waiting.since);
    let next = match waiting.next {
        Some(at) if at > now => format!("; next try in {}", duration(at - now)),
        Some(_) => "; trying now".to_owned(),
        None => String::new(),
    };
    format!("Tried {times} in {since}{next}.")
}

/// What the user can type, the likeliest first.
pub fn ways(launch: &LaunchView, waiting: &WaitingView, name: &str) -> Vec<Way> {
    let offered = waiting.actions.iter();
    offered
        .filter_map(|offered| way(offered.action, launch, name))
        .collect()
}

fn way(action: WaitAction, launch: &LaunchView, name: &str) -> Option<Way> {
    let server = &launch.server;
    let way = match action {
        WaitAction::StartServer => (format!("slipway start {name}"), "starts the server"),
        WaitAction::CreateNetwork => (
            format!("slipway offer --region {} --create-network", server.region),
            "makes the default network",
        ),
        WaitAction::AllowCurrentIp => (
            format!("slipway access {name} --mend-address"),
            "allows this computer's present address",
        ),
        WaitAction::TrustKeys => (
            format!("slipway resume {name} --trust"),
            "trusts this connection for this launch",
        ),
        WaitAction::CheckProfile => ("slipway doctor".to_owned(), "checks the profile"),
        WaitAction::TryAgain => (format!("slipway resume {name}"), "tries again now"),
        WaitAction::GiveUp => (
            format!("slipway terminate {name}"),
            "gives it up, and removes what was made",
        ),
        // Each offer is listed with its price.
        WaitAction::TakeOffer => return None,
    };
    Some(way)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::sample;

    #[test]
    fn a_wait_tells_what_why_how_often_since_when_and_when_next() {
        let waiting = sample::waiting();
        assert_eq!(
            paragraph(&waiting, 73_000),
            "Waiting for S3 to answer. S3 answered 501. Look at the endpoint. Tried 5 times in 1:03; next try in 17 s."
        );
        assert!(tries(&waiting, 91_000).ends_with("; trying now."));
    }

    #[test]
    fn what_can_be_done_is_a_command() {
        let mut launch = sample::installing();
        launch.waiting = Some(Box::new(sample::waiting()));
        let ways = ways(&launch, &sample::waiting(), "demo");
        let commands: Vec<&str> = ways.iter().map(|(command, _)| command.as_str()).collect();
        assert_eq!(commands, ["slipway resume demo", "slipway terminate demo"]);
    }
}
