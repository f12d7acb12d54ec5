//! Fetches the Administrator password that the instance made for itself, as soon as it exists.

use std::time::Duration;

use slipway_protocol::Time;

use crate::error::{ErrorKind, Result};
use crate::launch::steps::World;
use crate::launch::{Launch, runner};
use crate::password;
use crate::password_turns::Kind;
use crate::poll::{Pauses, Policy};
use crate::retries::Side;
use crate::secret::{self, Secret};

/// Fetches, decrypts and keeps it. `true` once it is known, from wherever it came.
pub(crate) async fn fetch(launch: &mut Launch, world: &World) -> Result<bool> {
    if is_known(launch) {
        return Ok(true);
    }
    // On a launch from an image EC2 has none: the agent makes one and sends it sealed.
    let Some(instance) = launch
        .facts
        .instance
        .clone()
        .filter(|_| launch.spec.image.is_none())
    else {
        return Ok(false);
    };
    let answer = world.cloud.password_data(&instance).await;
    if answer.is_ok() {
        world.retries.answered(Side::Cloud);
    }
    let encrypted = match answer {
        Ok(Some(encrypted)) => encrypted,
        Ok(None) => return Ok(false),
        // The site does not need it; the access panel says what is missing.
        Err(error) if error.kind == ErrorKind::PermissionMissing => return Ok(false),
        Err(error) => return Err(error),
    };
    if let Some(launched) = launch.launched() {
        let age = Duration::from_millis(world.clock.now().millis_since(launched));
        world.reads.had_password(kind(launch), age);
    }
    let key = world.secret(launch, secret::KEY_PAIR).await?;
    let plain = password::decrypt_password_data(&encrypted, &key)?;
    world
        .keep(
            launch,
            secret::ADMINISTRATOR,
            &Secret::new(plain.expose().clone().into_bytes()),
        )
        .await?;
    Ok(true)
}

/// Servers that have theirs at about the same age.
pub(crate) fn kind(launch: &Launch) -> Kind {
    (launch.spec.base_family.clone(), launch.spec.size.clone())
}

/// Asks for it now and then, while the launch has other things to do.
pub(crate) struct Looks {
    pauses: Pauses,
    due: Time,
}

impl Looks {
    /// The first look is due at once: the agent answers, so Windows is through with it.
    pub fn new(world: &World) -> Self {
        let pending = world.cloud.pace().pending;
        let policy = Policy {
            first: pending,
            factor: 2.0,
            cap: pending * 6,
            jitter: false,
        };
        Looks {
            pauses: Pauses::new(policy),
            due: world.clock.now(),
        }
    }

    /// Whether EC2 is to be asked now. It tells passwords only one by one, so all here share the turns.
    pub fn are_due(&self, launch: &Launch, world: &World) -> bool {
        let made_by_ec2 = launch.spec.image.is_none();
        made_by_ec2 && !is_known(launch) && world.clock.now() >= self.due && world.reads.password_turn()
    }

    /// Asks.
    pub async fn look(&mut self, launch: &mut Launch, world: &World) -> Result<()> {
        let fetched = fetch(launch, world).await;
        let signed_out = |error: &crate::error::Error| runner::is_about_keys(error.kind);
        let pause = match &fetched {
            Err(error) if signed_out(error) => runner::SIGN_IN,
            _ => self.pauses.step(),
        };
        self.due = world.clock.now().plus(pause);
        fetched.map(drop)
    }
}

/// True when it lies in the keychain.
pub(crate) fn is_known(launch: &Launch) -> bool {
    launch
        .facts
        .secrets
        .iter()
        .any(|name| name == secret::ADMINISTRATOR)
}
