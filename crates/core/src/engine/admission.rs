//! Acts on who gets in and for how long: a changed address, the port that is closed after success, a failed server that
//! is kept longer, another place for a launch that found no room.

use std::time::Duration;

use super::Engine;
use crate::admission;
use crate::error::{Error, ErrorKind, Result};
use crate::launch::{Errand, Launch, Phase, Wish, orders, stops};
use crate::poll::pause;
use crate::timestamp::timestamp;

/// How often, and how long apart, it is looked whether a launch has come to rest.
const TRIES: u32 = 20;
const MOMENT: Duration = Duration::from_millis(100);

impl Engine {
    /// Lets this computer's present address in and shuts the former out. Gives the address.
    pub async fn mend_address(&self, id: &str) -> Result<String> {
        let launch = self.launch_by_id(id).await?;
        if launch.facts.group.is_none() || launch.phase.is_gone() || launch.ending.is_some() {
            let sentence = format!(
                "“{}” has no firewall rules that could be changed.",
                launch.spec.name
            );
            return Err(Error::new(ErrorKind::WrongState, sentence));
        }
        let own = self.place_of(&launch)?.cloud.own_address().await?;
        let from = format!("{own}/32");
        if launch.phase.is_at_work() {
            self.wish(id, Wish::Admit { from: from.clone() }).await?;
            self.taken_up(id).await?;
            self.check_admitted(id, &from).await?;
        } else {
            self.at_rest(id, async |launch, world| {
                admission::admit(launch, world, &from).await
            })
            .await?;
        }
        Ok(own)
    }

    /// Refuses to call an address let in that is not.
    async fn check_admitted(&self, id: &str, from: &str) -> Result<()> {
        let launch = self.launch_by_id(id).await?;
        if launch.facts.allowed_from.iter().any(|allowed| allowed == from) {
            return Ok(());
        }
        let told = launch.waiting.map(|waiting| waiting.retrying.error);
        Err(told.unwrap_or_else(|| {
            let sentence = format!("{from} could not be let in to “{}”.", launch.spec.name);
            Error::new(ErrorKind::WrongState, sentence).hint("Look at its state, then try again.")
        }))
    }

    /// Launches in another place or size, one of those that are offered while there is no room.
    pub async fn take_offer(&self, id: &str, offer: &str) -> Result<()> {
        let launch = self.launch_by_id(id).await?;
        if launch.facts.instance.is_some() {
            let sentence = format!(
                "“{}” needs no other place any more: it found room.",
                launch.spec.name
            );
            return Err(Error::new(ErrorKind::WrongState, sentence));
        }
        if !launch.offers().iter().any(|known| known.id() == offer) {
            let sentence = format!("“{}” is not offered “{offer}” at the moment.", launch.spec.name);
            return Err(Error::new(ErrorKind::NotFound, sentence)
                .hint("Look at it again: the offers may have changed."));
        }
        let offer = offer.to_owned();
        self.wish(id, Wish::Take { offer }).await
    }

    /// A failed server does not stop itself for so many minutes from now. Returns when the server has said so.
    pub async fn extend(&self, id: &str, minutes: u32) -> Result<()> {
        let launch = self.launch_by_id(id).await?;
        if !stops::listens(&launch) {
            return Err(not_kept(&launch, self.view(id).await?.server.stops_at));
        }
        let keep = self.at_rest(id, async |launch, world| {
            let kept_until = stops::after(world.clock.now(), minutes);
            orders::add(launch, Errand::Extend { minutes });
            orders::place(launch, world).await?;
            // Nobody follows a server at rest: what it answers is read here, or it would wait for a retry.
            orders::until_answered(launch, world, launch.facts.orders).await?;
            launch.facts.kept_until = Some(kept_until);
            world.save(launch).await
        });
        Box::pin(keep).await
    }

    /// Changes a launch that nobody drives at the moment.
    async fn at_rest(
        &self,
        id: &str,
        act: impl AsyncFnOnce(&mut Launch, &crate::launch::steps::World) -> Result<()>,
    ) -> Result<()> {
        let busy = || {
            Error::new(
                ErrorKind::WrongState,
                "Slipway is at work on this server right now.",
            )
            .hint("Try again in a moment.")
        };
        let _claim = self.patient_claim(id).await.ok_or_else(busy)?;
        if !self.take_lease(id).await? {
            return Err(busy());
        }
        let work = async {
            let mut launch = self.launch_by_id(id).await?;
            let world = self.world(&launch, id)?;
            act(&mut launch, &world).await
        };
        self.under_lease(id, work).await
    }

    /// A driver that has just reached its end lets go in a moment.
    async fn patient_claim(&self, id: &str) -> Option<super::attend::Claim> {
        for _ in 0..TRIES {
            if let Some(claim) = self.claim(id) {
                return Some(claim);
            }
            pause(MOMENT).await;
        }
        None
    }

    /// Closes the status service of every server that was ready long enough. What can't be closed now is tried again.
    pub(super) async fn close_what_is_done(&self, live: &[(Launch, i64)]) {
        let now = self.inner.clock.now();
        for (launch, _) in live.iter().filter(|(launch, _)| admission::is_due(launch, now)) {
            if !self.may_try_closing(&launch.id) {
                continue;
            }
            let closed = self
                .at_rest(&launch.id, async |launch, world| {
                    admission::close_status(launch, world).await
                })
                .await;
            if let Err(error) = closed {
                tracing::warn!(
                    launch = launch.id,
                    error = error.sentence,
                    "The status service stays reachable"
                );
            }
        }
    }

    /// Once a minute for each server: every try is a request.
    fn may_try_closing(&self, id: &str) -> bool {
        let now = self.inner.clock.now();
        let mut tried = self
            .inner
            .closing
            .lock()
            .unwrap_or_else(std::sync::PoisonError::into_inner);
        let soon = tried.get(id).is_some_and(|last| now.millis_since(*last) < 60_000);
        if !soon {
            tried.insert(id.to_owned(), now);
        }
        !soon
    }
}

/// Why a stop can't be put off, and what can be done instead. `stops_at` is when it stops itself, where that is known.
fn not_kept(launch: &Launch, stops_at: Option<i64>) -> Error {
    let name = &launch.spec.name;
    let when = stops_at.map_or_else(String::new, |at| format!(" about {}", timestamp(at)));
    let (sentence, hint) = if launch.phase == Phase::Failed {
        (
            format!(
                "“{name}” failed before its installer could be trusted, so nothing can put its stop off."
            ),
            "Start it again after it has stopped, or terminate it.",
        )
    } else if launch.spec.limits.stop_after_minutes.is_some() {
        (
            format!(
                "“{name}” was launched with a stop timer: it stops itself{when}, and that can't be put off."
            ),
            "Start it again after it has stopped: the timer stops it only once. For a server without a timer, make an \
             image of it and launch from that.",
        )
    } else {
        (
            format!("“{name}” does not stop itself, so there is nothing to put off."),
            "",
        )
    };
    Error::new(ErrorKind::WrongState, sentence).hint(hint)
}

#[cfg(test)]
#[path = "admission_tests.rs"]
mod tests;
