//! Makes sure that the agent on the network is the one on the instance: its keys must be on the serial console, which
//! only the cloud account and the instance itself can write and read.

use std::time::Duration;

use slipway_protocol::Time;
use slipway_protocol::console::{self, News};

use crate::error::{Error, ErrorKind, Result};
use crate::launch::steps::World;
use crate::launch::{AgentIdentity, Launch, Parked, Trust, runner};
use crate::poll::{Pauses, Policy};

/// Each look is an AWS call, and what the agent writes may take a minute to show up.
const LOOKS: Policy = Policy {
    first: Duration::from_secs(5),
    factor: 2.0,
    cap: Duration::from_secs(60),
    jitter: false,
};
/// After this long without proof the user may decide.
const PATIENCE: Duration = Duration::from_secs(5 * 60);

/// Looks for the proof now and then.
pub(crate) struct Proof {
    pauses: Pauses,
    due: Time,
    began: Time,
}

impl Proof {
    /// The first look is due at once.
    pub fn new(now: Time) -> Self {
        Proof {
            pauses: Pauses::new(LOOKS),
            due: now,
            began: now,
        }
    }

    /// Looks, if it is time and there is no proof yet.
    ///
    /// Errors: `IdentityMismatch` when the console shows other keys.
    pub async fn look(&mut self, launch: &mut Launch, world: &World) -> Result<()> {
        let now = world.clock.now();
        let Some(identity) = launch.facts.identity.clone() else {
            return Ok(());
        };
        if identity.trust == Trust::Verified || now < self.due {
            return Ok(());
        }
        self.due = now.plus(self.pauses.step().min(world.cloud.pace().pending * 6));
        let text = console_text(launch, world).await;
        if text
            .as_ref()
            .is_err_and(|error| runner::is_about_keys(error.kind))
        {
            self.due = now.plus(runner::SIGN_IN);
        }
        match compare(&text?, launch, &identity) {
            Comparison::Same => self.verified(launch, world, identity).await,
            Comparison::Different => Err(mismatch(launch, "its console shows other keys")),
            Comparison::Nothing if identity.trust == Trust::ByUser => Ok(()),
            Comparison::Nothing => self.ask_user(launch, world).await,
        }
    }

    async fn verified(&self, launch: &mut Launch, world: &World, identity: AgentIdentity) -> Result<()> {
        launch.facts.identity = Some(AgentIdentity {
            trust: Trust::Verified,
            ..identity
        });
        launch.parked = None;
        world.save(launch).await
    }

    async fn ask_user(&self, launch: &mut Launch, world: &World) -> Result<()> {
        let now = world.clock.now();
        if now.millis_since(self.began) >= PATIENCE.as_millis() as u64 && launch.parked.is_none() {
            launch.parked = Some(Parked {
                error: unproven(launch),
                since: now,
            });
            world.save(launch).await?;
        }
        Ok(())
    }
}

async fn console_text(launch: &Launch, world: &World) -> Result<String> {
    let Some(instance) = &launch.facts.instance else {
        return Ok(String::new());
    };
    match world.cloud.console(instance).await {
        Err(error) if error.kind == ErrorKind::PermissionMissing => Ok(String::new()),
        other => other,
    }
}

enum Comparison {
    Same,
    Different,
    Nothing,
}

/// The first line wins: a process of low rank on the instance could write to the console later.
fn compare(text: &str, launch: &Launch, seen: &AgentIdentity) -> Comparison {
    let lines = console::lines(text, &launch.id);
    let shown = lines.into_iter().find_map(|line| match line.news {
        News::Keys { tls_sha256, key } => Some((tls_sha256, key)),
        News::StepStarted(_) | News::StepDone(_) | News::StepFailed(_) => None,
        News::Succeeded | News::Failed | News::Trouble(_) => None,
    });
    match shown {
        None => Comparison::Nothing,
        Some((tls, key)) if tls == seen.tls_sha256 && key == seen.key => Comparison::Same,
        Some(_) => Comparison::Different,
    }
}

/// Another agent than expected.
pub(crate) fn mismatch(launch: &Launch, why: &str) -> Error {
    let sentence = format!(
        "What answers for “{}” is not its installer: {why}.",
        launch.spec.name
    );
    Error::new(ErrorKind::IdentityMismatch, sentence)
        .hint("Somebody may be between this computer and the server. Nothing it says is acted on. Try another network, or terminate the server.")
}

fn unproven(launch: &Launch) -> Error {
    let sentence = format!(
        "The console of “{}” does not show the installer's keys yet, so the connection is not proven.",
        launch.spec.name
    );
    Error::new(ErrorKind::AgentSilent, sentence).hint(
        "Wait a little longer, or trust this connection for this launch if you trust the network you are on.",
    )
}
