//! Acts on a server: go on, cancel, terminate. What the state forbids is refused here, so every face refuses it.

use std::time::Duration;

use super::Engine;
use crate::act_waits::{self, ActWait};
use crate::error::{Error, ErrorKind, Result};
use crate::launch::steps::World;
use crate::launch::{Ending, Launch, Wish, orders, trust};
use crate::view::{Acts, LaunchView};

impl Engine {
    /// Goes on from the failed step. The launch is driven in the background.
    pub async fn retry(&self, id: &str, restart: bool) -> Result<()> {
        self.check(id, "go on with", |may| may.retry).await?;
        self.wish(id, Wish::Retry { restart }).await
    }

    /// Removes a server and everything that its launch created, in any phase. Driven in the background.
    pub async fn terminate(&self, id: &str) -> Result<()> {
        let launch = self.launch_by_id(id).await?;
        if launch.phase.is_gone() {
            return Ok(());
        }
        self.catch_up_image(id).await?;
        if self
            .inner
            .store
            .image_job_of(id)
            .await?
            .is_some_and(|job| !job.phase.is_over())
        {
            let sentence = format!(
                "An image is being made of “{}”, so it can't be terminated now.",
                launch.spec.name
            );
            return Err(Error::new(ErrorKind::WrongState, sentence).hint("Wait until the image is made."));
        }
        let ending = if launch.phase.is_at_work() {
            Ending::Cancel
        } else {
            Ending::Terminate
        };
        self.wish(id, Wish::End(ending)).await
    }

    /// Tries again now what a launch waits for.
    pub async fn resume(&self, id: &str) -> Result<()> {
        self.wish(id, Wish::Resume).await
    }

    /// Trusts the agent's unproven keys for this launch, from the next look at the console on.
    ///
    /// # Errors
    /// `IdentityMismatch` once the console has shown other keys, now or earlier; `WrongState` before it was looked at for
    /// five minutes.
    pub async fn trust(&self, id: &str) -> Result<()> {
        trust::may_trust(&self.launch_by_id(id).await?, self.inner.clock.now())?;
        self.wish(id, Wish::Trust).await
    }

    pub(super) async fn wish(&self, id: &str, wish: Wish) -> Result<()> {
        self.launch_by_id(id).await?;
        self.inner.store.put_wish(id, &wish).await?;
        Box::pin(self.drive(id)).await
    }

    /// Waits until nobody has anything to do with a launch any more: ready, failed or terminated. Drives it if need be.
    pub async fn settled(&self, id: &str) -> Result<LaunchView> {
        let mut changes = self.inner.store.changes();
        loop {
            changes.borrow_and_update();
            // In this order: a wish that is granted in between shows in the launch.
            let wished = self.inner.store.wish(id).await?.is_some();
            let launch = self.launch_by_id(id).await?;
            if !launch.wants_driver() && !wished {
                return self.view(id).await;
            }
            Box::pin(self.drive(id)).await?;
            // The timeout is for a driver in another process that dies without a word.
            let _ = tokio::time::timeout(Duration::from_secs(1), changes.changed()).await;
        }
    }

    /// Waits until whoever drives the launch has taken up what was asked of it: the request is granted, and an order to go
    /// on is on the server. Drives it if need be. A launch that waits for its user has taken it up too.
    pub async fn taken_up(&self, id: &str) -> Result<LaunchView> {
        let mut changes = self.inner.store.changes();
        let _wait = act_waits::begin(|| {
            let what = "Waiting until the request is handed on: another window or terminal may be at work on this server.";
            ActWait::new(
                what,
                "It counts as soon as Slipway has sent it; until then keep Slipway open.",
            )
        });
        loop {
            changes.borrow_and_update();
            // In this order: a wish that is granted in between shows in the launch.
            let wished = self.inner.store.wish(id).await?.is_some();
            let launch = self.launch_by_id(id).await?;
            let for_user = launch.waiting.as_ref().is_some_and(|waiting| waiting.needs_user);
            let waits = for_user || !launch.phase.is_at_work();
            if !wished && launch.facts.admit.is_none() && (waits || !orders::is_retry_unsent(&launch)) {
                return self.view(id).await;
            }
            self.drive(id).await?;
            let _ = tokio::time::timeout(Duration::from_secs(1), changes.changed()).await;
        }
    }

    /// The launch, looked at afresh, if its state allows the act.
    pub(super) async fn check(
        &self,
        id: &str,
        verb: &str,
        may: impl Fn(&Acts) -> bool,
    ) -> Result<(Launch, World)> {
        self.catch_up_image(id).await?;
        let launch = self.launch_by_id(id).await?;
        let world = self.world(&launch, id)?;
        if launch.facts.instance.is_some() && !launch.phase.is_gone() {
            let _wait = act_waits::begin(|| {
                let what = format!("Looking at how “{}” stands.", launch.spec.name);
                ActWait::new(
                    what,
                    "The cloud is asked every few seconds for all servers together.",
                )
            });
            world.look(&launch).await?;
        }
        let view = self.view(id).await?.server;
        if may(&view.may) {
            return Ok((launch, world));
        }
        let status = view.status.words();
        let sentence = format!("Slipway can't {verb} “{}” now: it is {status}.", launch.spec.name);
        Err(Error::new(ErrorKind::WrongState, sentence)
            .hint("Look at its state, and try again when it allows it."))
    }
}
