//! Power of a server: stop, start, restart; waited for, or looked after in the background.

use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use super::Engine;
use crate::act_waits::{self, ActWait};
use crate::cloud::{Instance, InstanceState, RestartInstance, StartInstance, StopInstance};
use crate::error::{Error, ErrorKind, Result};
use crate::launch::steps::World;
use crate::launch::steps::booting::disk_key_hint;
use crate::launch::{Launch, Phase};
use crate::poll::{self, Look, Policy};
use crate::site;
use crate::view::choice::PowerAct;

/// A site that comes back after a start or restart is asked for this long.
const SITE_RETURN: Duration = Duration::from_secs(5 * 60);
/// One that was started and is still off after this time was switched off again, however little was seen of it.
const TAKEN_BACK: Duration = Duration::from_secs(60);

impl Engine {
    /// Returns as soon as the cloud has accepted the act; the rest is followed in the background.
    pub async fn power(&self, id: &str, act: PowerAct) -> Result<()> {
        let (launch, world) = self.ask(id, act).await?;
        let engine = self.clone();
        tokio::spawn(async move {
            if let Err(error) = until_done(act, &launch, &world).await {
                engine.tell(format!("{} {}", error.sentence, error.hint).trim().to_owned());
            }
        });
        Ok(())
    }

    /// Stops a server and waits until it is off.
    pub async fn stop(&self, id: &str) -> Result<()> {
        self.power_and_wait(id, PowerAct::Stop).await
    }

    /// Starts a stopped server and waits until its site is back.
    pub async fn start(&self, id: &str) -> Result<()> {
        self.power_and_wait(id, PowerAct::Start).await
    }

    /// Restarts a server and waits until its site is back.
    pub async fn restart(&self, id: &str) -> Result<()> {
        self.power_and_wait(id, PowerAct::Restart).await
    }

    async fn power_and_wait(&self, id: &str, act: PowerAct) -> Result<()> {
        let (launch, world) = self.ask(id, act).await?;
        until_done(act, &launch, &world).await
    }

    /// Refuses what the state forbids, then asks the cloud.
    async fn ask(&self, id: &str, act: PowerAct) -> Result<(Launch, World)> {
        let (launch, world) = match act {
            PowerAct::Stop => self.check(id, "stop", |may| may.stop).await?,
            PowerAct::Start => self.check(id, "start", |may| may.start).await?,
            PowerAct::Restart => self.check(id, "restart", |may| may.restart).await?,
        };
        let instance = instance(&launch)?;
        match act {
            PowerAct::Stop => world.ledger.perform(StopInstance { instance }).await?,
            PowerAct::Start => world.ledger.perform(StartInstance { instance }).await?,
            PowerAct::Restart => world.ledger.perform(RestartInstance { instance }).await?,
        };
        Ok((launch, world))
    }
}

fn instance(launch: &Launch) -> Result<String> {
    launch.facts.instance.clone().ok_or_else(|| {
        Error::new(
            ErrorKind::WrongState,
            format!("“{}” has no instance.", launch.spec.name),
        )
    })
}

async fn until_done(act: PowerAct, launch: &Launch, world: &World) -> Result<()> {
    let name = &launch.spec.name;
    let wait = |until: &str| {
        let what = format!("Waiting until “{name}” {until}.");
        let hint = "It goes on by itself, also when nobody watches.";
        act_waits::begin(|| ActWait::new(what, hint))
    };
    if act == PowerAct::Stop {
        let _wait = wait("is off");
        return until_state(launch, world, InstanceState::Stopped).await;
    }
    if act == PowerAct::Start {
        let _wait = wait("runs");
        until_started(launch, world).await?;
    } else {
        let _wait = wait("runs again");
        until_state(launch, world, InstanceState::Running).await?;
    }
    let _wait = wait("has its site up");
    until_site(launch, world).await
}

/// A start may be taken back: the request is answered, and the instance is stopped again a moment later (“Instance
/// terminates immediately”, EC2 user guide, names an encryption key that is off). What is seen right after the request may
/// still be the state before it.
async fn until_started(launch: &Launch, world: &World) -> Result<()> {
    let (begun, began_to) = (world.clock.now(), AtomicBool::new(false));
    let look = || async {
        let Some(seen) = world.look(launch).await? else {
            return Ok(Look::NotYet);
        };
        let late = world.clock.now().millis_since(begun) > TAKEN_BACK.as_millis() as u64;
        Ok(match seen.state {
            InstanceState::Running => Look::Done(Ok(())),
            InstanceState::Stopped if began_to.load(Ordering::Relaxed) || late => {
                Look::Done(Err(taken_back(launch, &seen)))
            }
            InstanceState::Terminated | InstanceState::ShuttingDown => Look::Done(Err(gone(launch))),
            state => {
                began_to.fetch_or(state == InstanceState::Pending, Ordering::Relaxed);
                Look::NotYet
            }
        })
    };
    poll::until_noted(Policy::every(Duration::ZERO), &world.retries, look).await?
}

fn taken_back(launch: &Launch, seen: &Instance) -> Error {
    let reason = seen.state_reason.as_ref().map(|reason| format!(" ({reason})"));
    let name = &launch.spec.name;
    let sentence = format!(
        "“{name}” did not start: it was switched off again at once{}.",
        reason.unwrap_or_default()
    );
    let hint = disk_key_hint(seen.state_reason.as_deref(), "start it again").unwrap_or_else(|| {
        "Nothing on its disk is lost. Try again later; if it stays so, there may be no room in its zone."
            .to_owned()
    });
    Error::new(ErrorKind::CloudTrouble, sentence).hint(hint)
}

fn gone(launch: &Launch) -> Error {
    let sentence = format!("The instance of “{}” is gone.", launch.spec.name);
    Error::new(ErrorKind::InstanceGone, sentence)
}

async fn until_state(launch: &Launch, world: &World, wanted: InstanceState) -> Result<()> {
    let look = || async {
        let seen = world.look(launch).await?;
        match seen.map(|instance| instance.state) {
            Some(state) if state == wanted => Ok(Look::Done(())),
            Some(InstanceState::Terminated | InstanceState::ShuttingDown) => Err(gone(launch)),
            Some(_) | None => Ok(Look::NotYet),
        }
    };
    // Each look waits for the shared read, so no further pause is needed.
    poll::until_noted(Policy::every(Duration::ZERO), &world.retries, look).await
}

/// Waits for the site of a server that has one. One that stays silent is not an error of the start.
async fn until_site(launch: &Launch, world: &World) -> Result<()> {
    if launch.phase != Phase::Ready {
        return Ok(());
    }
    let look = || async {
        let Some(seen) = world.look(launch).await? else {
            return Ok(Look::NotYet);
        };
        let Some(url) = site::url(launch, Some(&seen)) else {
            return Ok(Look::NotYet);
        };
        let answered = world
            .agent
            .visit(&url)
            .await
            .is_ok_and(|visit| visit.status < 500);
        Ok(if answered { Look::Done(()) } else { Look::NotYet })
    };
    let policy = Policy::every(Duration::from_millis(200));
    poll::within_noted(SITE_RETURN, policy, &world.retries, look)
        .await
        .map(|_| ())
}
