//! Drivers: a launch that has something to do is driven by one process, held by a lease; whoever is open takes over what
//! nobody drives.

use std::collections::HashMap;
use std::sync::{MutexGuard, PoisonError};
use std::time::Duration;

use tokio::task::AbortHandle;

use super::{Engine, Inner};
use crate::error::Result;
use crate::image;
use crate::launch::{Launch, Phase, runner};
use crate::poll::pause;
use crate::retries::Retries;
use crate::store::HEARTBEAT;

/// How often an open face looks for launches that nobody drives, while one is at work.
const LOOK_AROUND: Duration = Duration::from_millis(250);
/// How often it looks for what is due by time alone, while everything is at rest and the journal stays as it is.
const AT_REST: Duration = Duration::from_secs(5);
/// How often the wall clock is compared with the computer's own, which stands still during sleep.
const TICK: Duration = Duration::from_secs(2);
/// A wall clock that is this far ahead means that the computer slept.
const SLEPT: Duration = Duration::from_secs(5);

/// Who drives what in this process; `None` while a driver is about to begin.
pub(super) type Drivers = HashMap<String, Option<AbortHandle>>;

/// The right to be the one driver of a subject in this process.
pub(super) struct Claim {
    engine: Engine,
    subject: String,
}

impl Drop for Claim {
    fn drop(&mut self) {
        self.engine.lock_drivers().remove(&self.subject);
    }
}

/// Ends what it guards when dropped.
pub struct Attendance(Vec<AbortHandle>);

impl Drop for Attendance {
    fn drop(&mut self) {
        self.0.iter().for_each(AbortHandle::abort);
    }
}

impl Engine {
    /// Takes over every launch and image job that nobody drives, and keeps an eye on the others, until it is dropped.
    pub fn attend(&self) -> Attendance {
        let (around, ticker) = (self.clone(), self.clone());
        let around = tokio::spawn(async move { around.look_around().await });
        let ticker = tokio::spawn(async move { ticker.notice_sleep().await });
        Attendance(vec![around.abort_handle(), ticker.abort_handle()])
    }

    async fn look_around(&self) {
        let mut changes = self.inner.store.changes();
        loop {
            changes.borrow_and_update();
            let at_work = self.take_over().await.unwrap_or_else(|error| {
                tracing::warn!(error = error.sentence, "Could not look for launches to drive");
                true
            });
            pause(LOOK_AROUND).await;
            if !at_work {
                // Whoever wants something writes it into the journal, and that ends the wait.
                let _ = tokio::time::timeout(AT_REST, changes.changed()).await;
            }
        }
    }

    /// True where something is at work, here or in another process, which may die without a word.
    async fn take_over(&self) -> Result<bool> {
        let live = self.inner.store.live_launches(None).await?;
        let mut at_work = false;
        for (launch, _) in &live {
            let wanted = launch.wants_driver() || self.inner.store.wish(&launch.id).await?.is_some();
            at_work |= wanted;
            // Without its profile a launch waits: whoever adds the profile again goes on with it.
            if wanted && self.place_of(launch).is_ok() {
                self.drive(&launch.id).await?;
            }
        }
        for job in self.inner.store.image_jobs(None, true).await? {
            at_work = true;
            self.drive_image(&job.id, &job.launch).await?;
        }
        self.keep_an_eye(&live);
        self.close_what_is_done(&live).await;
        Ok(at_work)
    }

    /// Servers are read at the idle pace, all of a profile and region in one request.
    fn keep_an_eye(&self, live: &[(Launch, i64)]) {
        for place in self.open_places() {
            let here = |launch: &Launch| {
                launch.spec.profile == place.profile.name && launch.spec.region == place.region
            };
            // One that is being powered on is looked at by its own launch, which knows when that is worth a request.
            let booting = |launch: &Launch| matches!(launch.phase, Phase::Starting | Phase::Booting);
            let mine = live.iter().filter(|(launch, _)| here(launch) && !booting(launch));
            let pairs: Vec<(&str, String)> = mine
                .filter_map(|(launch, _)| Some((launch.id.as_str(), launch.facts.instance.clone()?)))
                .collect();
            pairs
                .iter()
                .for_each(|(launch, instance)| place.reads.watch(launch, instance));
            let ids: Vec<String> = pairs.into_iter().map(|(_, instance)| instance).collect();
            place.reads.watch_only(&ids);
        }
    }

    /// After sleep, sockets are dead without knowing it: they are dropped and everything is asked anew at once.
    async fn notice_sleep(&self) {
        let inner = &self.inner;
        let (mut wall, mut own) = (inner.clock.now(), tokio::time::Instant::now());
        loop {
            pause(TICK).await;
            let elapsed = Duration::from_millis(inner.clock.now().millis_since(wall));
            if elapsed.saturating_sub(own.elapsed()) > SLEPT {
                tracing::info!("This computer slept");
                inner.agent.forget_connections();
                inner.woke.notify_waiters();
            }
            (wall, own) = (inner.clock.now(), tokio::time::Instant::now());
        }
    }

    /// Drives a launch in the background, if no other process does.
    pub(super) async fn drive(&self, id: &str) -> Result<()> {
        let Some(claim) = self.claim(id) else {
            return Ok(());
        };
        let world = self.world(&self.launch_by_id(id).await?, id)?;
        if !self.take_lease(id).await? {
            return Ok(());
        }
        let (engine, id) = (self.clone(), id.to_owned());
        self.spawn(claim, async move {
            // A launch's whole way is a large future.
            let drive = Box::pin(runner::drive(&world, &id));
            let ended = engine.under_lease(&id, drive).await;
            report(&id, ended);
        });
        Ok(())
    }

    /// Drives an image job in the background, if no other process does.
    pub(super) async fn drive_image(&self, id: &str, launch: &str) -> Result<()> {
        let Some(claim) = self.claim(id) else {
            return Ok(());
        };
        let waited = self.inner.store.image_job(id).await?.and_then(|job| job.waiting);
        let retries = Retries::new(self.inner.clock.clone(), waited.as_ref());
        let world = self.world_retrying(&self.launch_by_id(launch).await?, id, retries)?;
        if !self.take_lease(id).await? {
            return Ok(());
        }
        let (engine, id) = (self.clone(), id.to_owned());
        self.spawn(claim, async move {
            let ended = engine.under_lease(&id, image::runner::drive(&world, &id)).await;
            report(&id, ended);
        });
        Ok(())
    }

    pub(super) async fn take_lease(&self, subject: &str) -> Result<bool> {
        self.inner.store.take_lease(subject, self.inner.clock.now()).await
    }

    /// Works while the lease is ours, and gives it back.
    pub(super) async fn under_lease(
        &self,
        subject: &str,
        work: impl Future<Output = Result<()>>,
    ) -> Result<()> {
        let ended = tokio::select! {
            ended = work => ended,
            () = lost(&self.inner, subject) => Ok(()),
        };
        self.inner.store.drop_lease(subject).await?;
        ended
    }

    /// Sets a subject aside for one driver of this process, before anything is awaited: a lease alone would let two
    /// tasks of the same owner in. `None` where it is driven already.
    pub(super) fn claim(&self, subject: &str) -> Option<Claim> {
        let mut drivers = self.lock_drivers();
        match drivers.get(subject) {
            Some(None) => return None,
            Some(Some(driver)) if !driver.is_finished() => return None,
            Some(Some(_)) | None => {}
        }
        drivers.insert(subject.to_owned(), None);
        Some(Claim {
            engine: self.clone(),
            subject: subject.to_owned(),
        })
    }

    fn spawn(&self, claim: Claim, work: impl Future<Output = ()> + Send + 'static) {
        let subject = claim.subject.clone();
        let driver = tokio::spawn(async move {
            work.await;
            drop(claim);
        });
        self.lock_drivers().insert(subject, Some(driver.abort_handle()));
    }

    /// Ends this process's driver of a subject, if it has one. What was begun is in the journal.
    pub(super) fn stop_driving(&self, subject: &str) {
        if let Some(Some(driver)) = self.lock_drivers().remove(subject) {
            driver.abort();
        }
    }

    fn lock_drivers(&self) -> MutexGuard<'_, Drivers> {
        self.inner.drivers.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Stops driving and gives every lease back, so that another face can go on at once. Nothing is rolled back.
    pub async fn close(&self) {
        let drivers: Vec<(String, Option<AbortHandle>)> = self.lock_drivers().drain().collect();
        for (subject, driver) in drivers {
            driver.iter().for_each(AbortHandle::abort);
            let _ = self.inner.store.drop_lease(&subject).await;
        }
    }
}

#[cfg(feature = "testing")]
impl Engine {
    /// Stops driving without giving a lease back, as kill -9 would.
    pub fn kill(&self) {
        self.lock_drivers()
            .drain()
            .for_each(|(_, driver)| driver.iter().for_each(AbortHandle::abort));
    }
}

/// Returns when another process took the lease over. A heartbeat that can't be written is not a lost lease.
async fn lost(inner: &Inner, subject: &str) {
    loop {
        pause(HEARTBEAT).await;
        if let Ok(false) = inner.store.renew_lease(subject, inner.clock.now()).await {
            tracing::warn!(subject, "Another process took over");
            return;
        }
    }
}

fn report(id: &str, ended: Result<()>) {
    if let Err(error) = ended {
        tracing::error!(id, error = error.sentence, causes = ?error.causes, "A driver stopped");
    }
}
