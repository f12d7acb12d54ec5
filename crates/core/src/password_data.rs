//! Fetches the Administrator password that the instance made for itself, as soon as it exists.

use crate::error::{ErrorKind, Result};
use crate::launch::Launch;
use crate::launch::steps::World;
use crate::password;
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
    let encrypted = match world.cloud.password_data(&instance).await {
        Ok(Some(encrypted)) => encrypted,
        Ok(None) => return Ok(false),
        // The site does not need it; the access panel says what is missing.
        Err(error) if error.kind == ErrorKind::PermissionMissing => return Ok(false),
        Err(error) => return Err(error),
    };
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

/// True when it lies in the keychain.
pub(crate) fn is_known(launch: &Launch) -> bool {
    launch
        .facts
        .secrets
        .iter()
        .any(|name| name == secret::ADMINISTRATOR)
}
