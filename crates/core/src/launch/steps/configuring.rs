//! Waits until Windows is ready: its console says so, or its password is there, or the agent answers, whichever is
//! first.

use std::time::Duration;

use async_trait::async_trait;
use futures::FutureExt as _;
use futures::future::{self, BoxFuture};
use tokio::time::Instant;

use super::{Step, World, booting};
use crate::error::{Error, ErrorKind, Result, Retry};
use crate::launch::{Launch, Phase, runner};
use crate::password_turns::Waiter;
use crate::wait::WaitReason;
use crate::{follow, password_data, rdp_certificate};

/// What EC2Launch v2 prints when its work is done (EC2 user guide, “Troubleshoot EC2Launch v2”).
const READY: &str = "Windows is Ready to use";
/// How often the agent is asked whether it is there. That is no request to AWS, so it is asked often.
const HELLO: Duration = Duration::from_secs(2);
/// How long Windows usually takes at most from “running” to ready: public figures of Amazon's own images are 25 to 70
/// seconds. Until then EC2 is asked as often as for anything that is about to change.
const USUAL: Duration = Duration::from_secs(80);
/// After that, a look is so many times rarer.
const RARER: u32 = 3;

pub(crate) struct Configuring;

#[async_trait]
impl Step for Configuring {
    async fn ensure(&self, launch: &mut Launch, world: &World) -> Result<()> {
        if let Some(instance) = &launch.facts.instance {
            world.reads.watch(&launch.id, instance);
        }
        let mut looks = Looks::new(launch, world);
        while launch.facts.windows_ready.is_none() {
            booting::is_still_up(launch, world).await?;
            if agent_answers(launch, world).await? || looks.say_ready(launch, world).await? {
                launch.facts.windows_ready = Some(world.clock.now());
                world.save(launch).await?;
            } else {
                tell_slowness(launch, world).await?;
                looks.wait(HELLO.min(world.cloud.pace().pending)).await;
            }
        }
        // The password is made before Windows says that it is ready; not having it yet stops nothing.
        match password_data::fetch(launch, world).await {
            Err(error) if !runner::is_about_keys(error.kind) => Err(error),
            _ => Ok(()),
        }
    }
}

/// Slow is never turned into failed: it is said, and the wait goes on.
async fn tell_slowness(launch: &mut Launch, world: &World) -> Result<()> {
    let now = world.clock.now();
    let limit = Phase::Configuring.silence().unwrap_or(Duration::MAX).as_millis() as u64;
    let waited = now.millis_since(launch.entered());
    if launch.needs_user() || waited < limit {
        return Ok(());
    }
    let name = &launch.spec.name;
    let sentence = format!(
        "Windows on “{name}” has not become ready for {} minutes.",
        waited / 60_000
    );
    let error = Error::new(ErrorKind::AgentSilent, sentence)
        .hint("A first boot may take that long; Slipway keeps waiting. If it stays so, terminate it and launch again.");
    launch.wait_for_user(WaitReason::WindowsSlow, error, now, None);
    world.save(launch).await
}

async fn agent_answers(launch: &mut Launch, world: &World) -> Result<bool> {
    let Some(address) = world.agent_address(launch).await? else {
        return Ok(false);
    };
    match world.agent.hello(&address).await {
        Ok(answer) => follow::meet(launch, world, &answer).await.map(|()| true),
        Err(error) if error.kind == ErrorKind::IdentityMismatch => Err(error),
        Err(_) => Ok(false),
    }
}

/// What is asked of EC2 in the meantime, one question a look. The password exists shortly before Windows says that it is
/// ready, so asking for it asks both at once; the console is asked in between, because nobody promises which of the two
/// EC2 shows first.
struct Looks {
    made: u32,
    asked: Option<Instant>,
    turn: BoxFuture<'static, ()>,
    has_turn: bool,
}

impl Looks {
    /// No Windows is ready the moment its computer is switched on: the first look comes a pause later.
    fn new(launch: &Launch, world: &World) -> Self {
        let mut looks = Looks {
            made: 0,
            asked: None,
            turn: future::pending().boxed(),
            has_turn: false,
        };
        let running = Duration::from_millis(world.clock.now().millis_since(launch.entered()));
        looks.queue(launch, world, world.cloud.pace().pending.saturating_sub(running));
        looks
    }

    /// Waits until it has a turn, but no longer than this.
    async fn wait(&mut self, longest: Duration) {
        if !self.has_turn {
            self.has_turn = tokio::time::timeout(longest, &mut self.turn).await.is_ok();
        }
    }

    async fn say_ready(&mut self, launch: &mut Launch, world: &World) -> Result<bool> {
        if !std::mem::take(&mut self.has_turn) {
            return Ok(false);
        }
        let pending = world.cloud.pace().pending;
        let age = world.clock.now().millis_since(launch.entered());
        let asked = self.ask(launch, world).await;
        self.made += 1;
        match asked {
            // A later look asks again; the agent is asked in the meantime, however much trouble EC2 has.
            Err(error) if error.kind.retry() == Retry::Later => {
                world.retries.failed(&error, pending * RARER);
                self.queue(launch, world, pending * RARER);
                Ok(false)
            }
            Err(error) => Err(error),
            Ok(ready) => {
                self.queue(launch, world, pause_after(age, pending));
                world.signed_in(launch).await.map(|()| ready)
            }
        }
    }

    /// Waits for the next turn, after a pause.
    fn queue(&mut self, launch: &Launch, world: &World, pause: Duration) {
        let (reads, now) = (world.reads.clone(), Instant::now());
        let due = now + pause;
        if !self.is_for_password(launch) {
            self.turn = async move { reads.wait_for_console(due).await }.boxed();
            return;
        }
        let age = launch
            .launched()
            .map_or(0, |at| world.clock.now().millis_since(at));
        let waiting = Waiter {
            kind: password_data::kind(launch),
            launched: now.checked_sub(Duration::from_millis(age)).unwrap_or(now),
            asked: self.asked,
            due,
        };
        self.turn = async move { reads.wait_for_password(waiting).await }.boxed();
    }

    /// No password is made by EC2 on a server from an own image; on others it is asked for two times of three.
    fn is_for_password(&self, launch: &Launch) -> bool {
        launch.spec.image.is_none() && self.made % 3 != 2
    }

    async fn ask(&mut self, launch: &mut Launch, world: &World) -> Result<bool> {
        if self.is_for_password(launch) {
            self.asked = Some(Instant::now());
            return password_data::fetch(launch, world).await;
        }
        let Some(instance) = &launch.facts.instance else {
            return Ok(false);
        };
        match world.cloud.console(instance).await {
            Ok(text) => {
                rdp_certificate::note(&mut launch.facts, &text);
                Ok(text.contains(READY))
            }
            // A user without this right still has the agent and the password as signals.
            Err(error) if error.kind == ErrorKind::PermissionMissing => Ok(false),
            Err(error) => Err(error),
        }
    }
}

/// Pause after a look that was made so many milliseconds after “running”.
fn pause_after(millis: u64, pending: Duration) -> Duration {
    if Duration::from_millis(millis) < USUAL {
        pending
    } else {
        pending * RARER
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_windows_that_takes_its_time_is_looked_at_more_rarely() {
        let pending = Duration::from_secs(10);
        let looks = std::iter::successors(Some(pending), |at| {
            Some(*at + pause_after(at.as_millis() as u64, pending))
        });
        let four_minutes = looks.take_while(|at| *at <= Duration::from_secs(240));
        assert_eq!(four_minutes.count(), 13);
    }
}
