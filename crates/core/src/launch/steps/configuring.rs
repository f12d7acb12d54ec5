//! Waits until Windows is ready: its console says so, or its password is there, or the agent answers, whichever is
//! first.

use std::time::Duration;

use async_trait::async_trait;

use super::{Step, World, booting};
use crate::error::{Error, ErrorKind, Result};
use crate::launch::{Launch, Parked, Phase, runner};
use crate::poll::{self, Policy};
use crate::{follow, password_data, rdp_certificate};

/// What EC2Launch v2 prints when its work is done (EC2 user guide, “Troubleshoot EC2Launch v2”).
const READY: &str = "Windows is Ready to use";
/// Pauses between two looks at the console. Each is an AWS call, so they grow.
const CONSOLE: Policy = Policy {
    first: Duration::from_secs(5),
    factor: 2.0,
    cap: Duration::from_secs(60),
    jitter: false,
};

pub(crate) struct Configuring;

#[async_trait]
impl Step for Configuring {
    async fn ensure(&self, launch: &mut Launch, world: &World) -> Result<()> {
        let mut console = Console::new(world);
        while launch.facts.windows_ready.is_none() {
            match world.look(launch).await {
                Ok(seen) => {
                    world.signed_in(launch).await?;
                    seen.map_or(Ok(true), |instance| booting::is_up(launch, &instance))
                        .map(drop)?;
                }
                // Without a sign-in there is still the agent, at the address that was seen last.
                Err(error) if !runner::is_about_keys(error.kind) || !agent_answers(launch, world).await? => {
                    return Err(error);
                }
                Err(_) => {}
            }
            if agent_answers(launch, world).await? || console.says_ready(launch, world).await? {
                launch.facts.windows_ready = Some(world.clock.now());
                world.save(launch).await?;
            } else {
                tell_slowness(launch, world).await?;
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
    if launch.parked.is_some() || waited < limit {
        return Ok(());
    }
    let name = &launch.spec.name;
    let sentence = format!(
        "Windows on “{name}” has not become ready for {} minutes.",
        waited / 60_000
    );
    let error = Error::new(ErrorKind::AgentSilent, sentence)
        .hint("A first boot may take that long; Slipway keeps waiting. If it stays so, terminate it and launch again.");
    launch.parked = Some(Parked { error, since: now });
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

/// Looks at the console now and then.
struct Console {
    pauses: poll::Pauses,
    due: slipway_protocol::Time,
}

impl Console {
    fn new(world: &World) -> Self {
        let policy = Policy {
            first: CONSOLE.first.min(world.cloud.pace().pending),
            ..CONSOLE
        };
        Console {
            pauses: poll::Pauses::new(policy),
            due: world.clock.now(),
        }
    }

    async fn says_ready(&mut self, launch: &mut Launch, world: &World) -> Result<bool> {
        let now = world.clock.now();
        let Some(instance) = launch.facts.instance.as_ref().filter(|_| now >= self.due) else {
            return Ok(false);
        };
        if !world.reads.console_turn() {
            return Ok(false);
        }
        self.due = now.plus(self.pauses.step());
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
