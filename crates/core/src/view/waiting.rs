//! Waits: what for, why, since when, how often tried, when next, and what the user can do.

use serde::{Deserialize, Serialize};
use ts_rs::TS;

use super::OfferView;
use crate::error::Error;
use crate::launch::Launch;
use crate::wait::{WaitAction, WaitReason, Waiting};

/// What a launch, an image or an act waits for.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, TS)]
pub struct WaitingView {
    /// What for.
    pub reason: WaitReason,
    /// The same in words: “Waiting for …”.
    pub words: String,
    /// Why the last try failed, and what to do.
    pub error: Error,
    /// When the first try failed.
    #[ts(type = "number")]
    pub since: i64,
    /// How many tries failed.
    pub tries: u32,
    /// When the next is made; null where it is under way, or made only when the user asks.
    #[ts(type = "number | null")]
    pub next: Option<i64>,
    /// It goes on after the user did something; otherwise as soon as a try succeeds.
    pub needs_user: bool,
    /// It may end without the user.
    pub ends_by_itself: bool,
    /// What the user can do, the likeliest first.
    pub actions: Vec<WaitActionView>,
    /// Other places and sizes that have room; one is taken only when the user says so.
    pub offers: Vec<OfferView>,
}

/// Something that the user can do about a wait.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct WaitActionView {
    /// What.
    pub action: WaitAction,
    /// As a button says it.
    pub label: String,
}

impl WaitingView {
    /// A wait that nothing but time, or the user elsewhere, ends.
    pub fn of(waiting: &Waiting) -> Self {
        let retrying = &waiting.retrying;
        WaitingView {
            reason: waiting.reason.without_offers(),
            words: format!("Waiting for {}", waiting.reason.words()),
            error: retrying.error.clone(),
            since: retrying.since.0,
            tries: retrying.tries,
            next: retrying.next.map(|at| at.0),
            needs_user: waiting.needs_user,
            ends_by_itself: waiting.reason.ends_by_itself(),
            actions: Vec::new(),
            offers: Vec::new(),
        }
    }

    /// The wait of a launch. What makes no sense in its state is not offered.
    pub(crate) fn of_launch(waiting: &Waiting, launch: &Launch, may: Possible) -> Self {
        let makes_sense = |action: &WaitAction| match action {
            WaitAction::GiveUp => launch.ending.is_none(),
            WaitAction::StartServer => may.start,
            WaitAction::AllowCurrentIp => may.allow_current_ip,
            WaitAction::TrustKeys => may.trust,
            WaitAction::CreateNetwork | WaitAction::TakeOffer => launch.ending.is_none(),
            WaitAction::CheckProfile | WaitAction::TryAgain => true,
        };
        let actions = waiting.reason.actions().iter().copied().filter(makes_sense);
        let offers = launch.offers().iter().map(|offer| offer.view(&launch.spec));
        WaitingView {
            actions: actions.map(WaitActionView::of).collect(),
            offers: offers.collect(),
            ..WaitingView::of(waiting)
        }
    }

    /// The wait of an image that is being made.
    pub(crate) fn of_image(waiting: &Waiting) -> Self {
        let about_the_account = waiting.reason.allows(WaitAction::CheckProfile);
        let actions = about_the_account.then_some(WaitAction::CheckProfile);
        WaitingView {
            actions: actions.into_iter().map(WaitActionView::of).collect(),
            ..WaitingView::of(waiting)
        }
    }
}

impl WaitActionView {
    fn of(action: WaitAction) -> Self {
        WaitActionView {
            action,
            label: action.label().to_owned(),
        }
    }
}

/// What the state of a launch's server allows.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Possible {
    /// It is off and can be started.
    pub start: bool,
    /// It has firewall rules that follow this computer's address.
    pub allow_current_ip: bool,
    /// The installer's keys can be trusted unproven.
    pub trust: bool,
}
