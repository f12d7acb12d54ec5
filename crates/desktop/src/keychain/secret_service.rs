//! The Secret Service on Linux: GNOME Keyring, KDE Wallet, KeePassXC.
//!
//! A locked keyring answers a search with “no entry”, exactly like an empty one, so its state is asked before every
//! use.

use std::sync::{Arc, mpsc};
use std::time::{Duration, Instant};

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use keyring::Entry;
use keyring_core::api::CredentialStoreApi;
use secret_service::EncryptionType;
use secret_service::blocking::SecretService;
use slipway_core::act_waits::{self, ActWait};
use slipway_core::error::{Error, ErrorKind, Result};
use slipway_core::secret::Secret;
use slipway_core::wait::WaitReason;
use zbus::blocking::Connection;
use zbus_secret_service_keyring_store::Store;

use super::super::{Trouble, unusable};

/// How long a keyring that its user did not unlock is left alone: a launch that waits for it looks every few seconds, and
/// a dialog each time would be a nuisance.
const LEFT_ALONE: Duration = Duration::from_secs(600);

/// A connection to the daemon. It is kept: GNOME Keyring 42 can end itself when connections come and go quickly.
pub(crate) struct Opened {
    /// Tells whether the keyring is locked; a store can't.
    bus: SecretService<'static>,
    store: Arc<Store>,
    /// How long its user may be asked to unlock it.
    patience: Duration,
    /// When the user was asked last and did not unlock it, and what was said then.
    refused: Option<(Instant, Error)>,
}

impl Opened {
    pub(crate) fn new(patience: Duration) -> Result<Self, Trouble> {
        let bus = SecretService::connect(EncryptionType::Plain).map_err(|error| unreachable(&error))?;
        let store = Store::new().map_err(|error| trouble(&error))?;
        Ok(Opened {
            bus,
            store,
            patience,
            refused: None,
        })
    }

    pub(crate) fn entry(&mut self, service: &str, name: &str) -> Result<Entry, Trouble> {
        if self.is_locked()? {
            self.ask_to_unlock()?;
        }
        self.refused = None;
        let built = self.store.build(service, name, None);
        built
            .map(|inner| Entry { inner })
            .map_err(|error| trouble(&error))
    }

    fn is_locked(&self) -> Result<bool, Trouble> {
        let keyring = self.bus.get_default_collection().map_err(|error| match error {
            secret_service::Error::NoResult => Trouble::Refused(not_set_up()),
            other => unreachable(&other),
        })?;
        keyring.is_locked().map_err(|error| unreachable(&error))
    }

    fn ask_to_unlock(&mut self) -> Result<(), Trouble> {
        let lately = self
            .refused
            .as_ref()
            .filter(|(asked, _)| asked.elapsed() < LEFT_ALONE);
        if let Some((_, refusal)) = lately {
            return Err(Trouble::Refused(refusal.clone()));
        }
        let refusal = match unlock(self.patience) {
            Ok(()) if !self.is_locked()? => return Ok(()),
            Ok(()) => locked("The keychain is still locked, so no secret can be read or stored."),
            Err(refusal) => refusal,
        };
        self.refused = Some((Instant::now(), refusal.clone()));
        Err(Trouble::Refused(refusal))
    }
}

/// Lets the desktop's own dialog ask for the password, on a connection of its own: closing that takes the dialog away.
fn unlock(patience: Duration) -> Result<(), Error> {
    let _wait = act_waits::begin(|| {
        let minutes = patience.as_secs().div_ceil(60);
        let what =
            format!("The keychain is locked and asks for its password, for at most {minutes} minutes.");
        ActWait::new(what, "Look for its dialog, which may be behind other windows.")
            .reason(WaitReason::Keychain)
    });
    let connection = Connection::session().map_err(|error| locked(LOCKED).because(&error))?;
    let (tell, told) = mpsc::channel();
    let asking = connection.clone();
    std::thread::spawn(move || drop(tell.send(unlock_on(asking))));
    let answer = told.recv_timeout(patience);
    let closed = connection.close();
    match answer {
        Ok(Ok(())) => Ok(()),
        Ok(Err(error @ (secret_service::Error::Prompt | secret_service::Error::PromptDisconnected))) => Err(
            locked("The keychain stays locked: its dialog was dismissed, or can't be shown in this session.")
                .because(&error),
        ),
        Ok(Err(error)) => Err(locked(LOCKED).because(&error)),
        Err(_) => {
            tracing::debug!(?closed, "Nobody answered the dialog of the keychain");
            Err(locked("The keychain stays locked: nobody answered its dialog."))
        }
    }
}

fn unlock_on(connection: Connection) -> Result<(), secret_service::Error> {
    let bus = SecretService::connect_with_existing(EncryptionType::Plain, connection)?;
    bus.get_default_collection()?.unlock()
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
    let sentence = "This session has no keychain. Slipway keeps the private key and the passwords of each server there, also \
                    for profiles of ~/.aws.";
    Error::new(ErrorKind::Keychain, sentence)
        .hint(
            "Start GNOME Keyring or KDE Wallet, or run Slipway in your desktop session. Where there is none (SSH, \
             containers, CI), set SLIPWAY_KEYCHAIN=file: secrets are then kept in files that only you can read. Practice \
             needs no keychain.",
        )
        .because(error)
}

const LOCKED: &str = "The keychain is locked, so no secret can be read or stored.";

fn locked(sentence: &str) -> Error {
    Error::new(ErrorKind::Keychain, sentence).hint(
        "Unlock your keyring (for GNOME in “Passwords and Keys”, for KDE in “KWalletManager”), then try again. In a session \
         without a desktop, SLIPWAY_KEYCHAIN=file keeps secrets in files instead.",
    )
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
