//! Keychain Services on macOS and the Credential Manager on Windows: always there, and they say themselves when they
//! refuse.

use std::collections::HashMap;
use std::sync::Arc;
use std::time::Duration;

use keyring::Entry;
use keyring_core::api::CredentialStoreApi;
use slipway_core::error::Result;
use slipway_core::secret::Secret;

#[cfg(target_os = "macos")]
use apple_native_keyring_store::keychain::Store;
#[cfg(windows)]
use windows_native_keyring_store::Store;

use super::super::{Trouble, unusable};

/// Where entries are made.
pub(crate) struct Opened(Arc<Store>);

impl Opened {
    pub(crate) fn new(_: Duration) -> Result<Self, Trouble> {
        Store::new().map(Opened).map_err(|error| trouble(&error))
    }

    pub(crate) fn entry(&mut self, service: &str, name: &str) -> Result<Entry, Trouble> {
        let built = self.0.build(service, name, Some(&modifiers()));
        built
            .map(|inner| Entry { inner })
            .map_err(|error| trouble(&error))
    }
}

/// There is no connection that could break.
pub(crate) fn trouble(error: &keyring::Error) -> Trouble {
    Trouble::Refused(unusable(error))
}

/// A credential that roams with a Windows profile would leave this computer.
fn modifiers() -> HashMap<&'static str, &'static str> {
    if cfg!(windows) {
        HashMap::from([("persistence", "Local")])
    } else {
        HashMap::new()
    }
}

pub(crate) fn encode(value: &Secret<Vec<u8>>) -> Secret<Vec<u8>> {
    value.clone()
}

pub(crate) fn decode(stored: &Secret<Vec<u8>>) -> Result<Secret<Vec<u8>>> {
    Ok(stored.clone())
}
