//! The Secret Service on Linux: GNOME Keyring, KDE Wallet, KeePassXC.
//!
//! A locked keyring answers a search with “no entry”, exactly like an empty one, so its state is asked before every
//! use.

use std::sync::Arc;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use keyring::Entry;
use keyring_core::api::CredentialStoreApi;
use secret_service::EncryptionType;
use secret_service::blocking::SecretService;
use slipway_core::error::{Error, ErrorKind, Result};
use slipway_core::secret::Secret;
use zbus_secret_service_keyring_store::Store;

use super::super::{Trouble, unusable};

/// A connection to the daemon. It is kept: GNOME Keyring 42 can end itself when connections come and go quickly.
pub(crate) struct Opened {
    /// Tells whether the keyring is locked; a store can't.
    bus: SecretService<'static>,
    store: Arc<Store>,
}

impl Opened {
    pub(crate) fn new() -> Result<Self, Trouble> {
        let bus = SecretService::connect(EncryptionType::Plain).map_err(|error| unreachable(&error))?;
        let store = Store::new().map_err(|error| trouble(&error))?;
        Ok(Opened { bus, store })
    }

    pub(crate) fn entry(&self, service: &str, name: &str) -> Result<Entry, Trouble> {
        check_unlocked(&self.bus)?;
        let built = self.store.build(service, name, None);
        built
            .map(|inner| Entry { inner })
            .map_err(|error| trouble(&error))
    }
}

fn check_unlocked(bus: &SecretService<'_>) -> Result<(), Trouble> {
    let keyring = bus.get_default_collection().map_err(|error| match error {
        secret_service::Error::NoResult => Trouble::Refused(not_set_up()),
        other => unreachable(&other),
    })?;
    if keyring.is_locked().map_err(|error| unreachable(&error))? {
        return Err(Trouble::Refused(locked()));
    }
    Ok(())
}

/// A store reports a broken connection as a failure of the platform.
pub(crate) fn trouble(error: &keyring::Error) -> Trouble {
    match error {
        keyring::Error::PlatformFailure(_) => Trouble::Gone(unusable(error)),
        _ => Trouble::Refused(unusable(error)),
    }
}

fn unreachable(error: &secret_service::Error) -> Trouble {
    match error {
        secret_service::Error::Unavailable => Trouble::Refused(missing(error)),
        _ => Trouble::Gone(missing(error)),
    }
}

fn missing(error: &secret_service::Error) -> Error {
    Error::new(ErrorKind::Keychain, "This session has no keychain, so no secret can be stored safely.")
        .hint("Install and start GNOME Keyring or KDE Wallet, or run Slipway in your desktop session. Practice needs none.")
        .because(error)
}

fn locked() -> Error {
    Error::new(ErrorKind::Keychain, "The keychain is locked, so no secret can be read or stored.")
        .hint("Unlock your keyring (for GNOME in “Passwords and Keys”, for KDE in “KWalletManager”), then try again.")
}

fn not_set_up() -> Error {
    Error::new(ErrorKind::Keychain, "The keychain has no default keyring yet.")
        .hint("Create one in “Passwords and Keys” (GNOME) or “KWalletManager” (KDE), then try again.")
}

/// KDE Wallet takes UTF-8 only.
pub(crate) fn encode(value: &Secret<Vec<u8>>) -> Secret<Vec<u8>> {
    Secret::new(STANDARD.encode(value.expose()).into_bytes())
}

pub(crate) fn decode(stored: &Secret<Vec<u8>>) -> Result<Secret<Vec<u8>>> {
    STANDARD
        .decode(stored.expose())
        .map(Secret::new)
        .map_err(|error| {
            Error::new(ErrorKind::Keychain, "A secret in the keychain is damaged.")
                .hint("Was it changed by hand? Delete the entries named “Slipway” of that server.")
                .because(&error)
        })
}
