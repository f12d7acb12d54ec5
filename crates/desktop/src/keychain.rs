//! Secrets in this computer's own keychain: Keychain on macOS, Credential Manager on Windows, the Secret Service
//! (GNOME Keyring, KDE Wallet) on Linux; or in files, where the user asks for that.
//!
//! Entries are those of `keyring`. Their stores are opened here and not by `Entry::new`, which remembers a failed first
//! contact for as long as the process lives, and can't say that a Windows credential must not roam.

mod store;

use std::sync::Arc;
use std::time::Duration;

use async_trait::async_trait;
use keyring::Entry;
use slipway_core::act_waits::{self, ActWait};
use slipway_core::error::{Error, ErrorKind, Result};
use slipway_core::ports::{SecretPlace, Secrets};
use slipway_core::secret::Secret;
use slipway_core::wait::WaitReason;
use tokio::sync::{Mutex, oneshot};

use crate::folders::Folders;
use crate::secret_files::SecretFiles;
use store::Opened;

/// Everything of ours is under this name in the keychain.
pub const SERVICE: &str = "Slipway";

/// The environment variable that chooses files in place of a keychain, with the value `file`.
pub const KEYCHAIN: &str = "SLIPWAY_KEYCHAIN";

/// Largest value in bytes: what the Windows Credential Manager takes (CRED_MAX_CREDENTIAL_BLOB_SIZE).
pub const MAX_BYTES: usize = 2_560;

/// How long the desktop's own dialog may ask for the password of a locked keyring.
const UNLOCK: Duration = Duration::from_secs(120);
/// How long a keychain may take beside that: milliseconds are usual.
const ANSWER: Duration = Duration::from_secs(30);

/// The place for secrets that the environment chooses. Files are never chosen by themselves.
pub fn chosen(folders: &Folders) -> Result<Arc<dyn Secrets>> {
    let wanted = std::env::var(KEYCHAIN).unwrap_or_default();
    match wanted.as_str() {
        "" | "system" => Ok(Arc::new(Keychain::new())),
        "file" => Ok(Arc::new(SecretFiles::guarded(folders.keychain()))),
        _ => {
            let sentence = format!("{KEYCHAIN} is neither “file” nor “system”.");
            Err(Error::new(ErrorKind::Input, sentence)
                .hint("Leave it out to use this computer's keychain, or set it to file for files in the data folder."))
        }
    }
}

/// The keychain of the user who runs the program.
pub struct Keychain {
    /// One call at a time: a Secret Service answers each on one connection anyway, and two writers of one item race.
    opened: Arc<Mutex<Option<Opened>>>,
    /// How long it may ask its user to unlock it.
    patience: Duration,
}

impl Default for Keychain {
    fn default() -> Self {
        Keychain::patient(UNLOCK)
    }
}

impl Keychain {
    /// Nothing is asked of the keychain before the first call.
    pub fn new() -> Self {
        Keychain::default()
    }

    /// One that asks its user to unlock it for so long.
    pub fn patient(patience: Duration) -> Self {
        Keychain {
            opened: Arc::default(),
            patience,
        }
    }

    async fn with_entry<T: Send + 'static>(
        &self,
        name: &str,
        act: impl Fn(&Entry) -> keyring::Result<T> + Send + 'static,
    ) -> Result<Option<T>> {
        let _wait = act_waits::begin(|| {
            ActWait::new("The keychain has not answered yet.", HINT).reason(WaitReason::Keychain)
        });
        let (name, patience) = (name.to_owned(), self.patience);
        let asked = async {
            let mut opened = Arc::clone(&self.opened).lock_owned().await;
            let work = move || {
                let tried = match once(&mut opened, patience, &name, &act) {
                    // A Secret Service that ended itself is started again by whoever connects next.
                    Err(Trouble::Gone(_)) => once(&mut opened, patience, &name, &act),
                    result => result,
                };
                tried.map_err(Trouble::into_error)
            };
            in_a_thread(work).await
        };
        tokio::time::timeout(patience + ANSWER, asked)
            .await
            .unwrap_or_else(|_| Err(silent()))
    }
}

impl std::fmt::Debug for Keychain {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Keychain").finish_non_exhaustive()
    }
}

/// Why the keychain did not do something.
enum Trouble {
    /// Nobody is at the other end of the connection any more. A new one may find somebody.
    #[cfg_attr(
        not(target_os = "linux"),
        expect(dead_code, reason = "only the Secret Service is at the end of a connection")
    )]
    Gone(Error),
    /// It was reached, and refuses: locked, say. Or there is none at all.
    Refused(Error),
}

impl Trouble {
    fn into_error(self) -> Error {
        match self {
            Trouble::Gone(error) | Trouble::Refused(error) => error,
        }
    }
}

/// Acts on what is opened, or opens it. A connection is kept for as long as there is somebody at its other end, a keychain
/// that is locked included.
fn once<T>(
    opened: &mut Option<Opened>,
    patience: Duration,
    name: &str,
    act: impl Fn(&Entry) -> keyring::Result<T>,
) -> Result<Option<T>, Trouble> {
    let mut keychain = match opened.take() {
        Some(kept) => kept,
        None => Opened::new(patience)?,
    };
    let acted = keychain.entry(SERVICE, name).and_then(|entry| match act(&entry) {
        Ok(value) => Ok(Some(value)),
        Err(keyring::Error::NoEntry) => Ok(None),
        Err(error) => Err(store::trouble(&error)),
    });
    if !matches!(acted, Err(Trouble::Gone(_))) {
        *opened = Some(keychain);
    }
    acted
}

#[async_trait]
impl Secrets for Keychain {
    /// Something is read that was never kept there: a locked or missing keychain refuses that too.
    async fn place(&self) -> Result<SecretPlace> {
        self.with_entry("place", |entry| entry.get_secret()).await?;
        Ok(SecretPlace::Keychain)
    }

    async fn get(&self, name: &str) -> Result<Option<Secret<Vec<u8>>>> {
        let stored = self
            .with_entry(name, |entry| entry.get_secret().map(Secret::new))
            .await?;
        stored.map(|bytes| store::decode(&bytes)).transpose()
    }

    async fn put(&self, name: &str, value: &Secret<Vec<u8>>) -> Result<()> {
        check_size(value)?;
        let encoded = store::encode(value);
        let written = self
            .with_entry(name, move |entry| entry.set_secret(encoded.expose()))
            .await?;
        written
            .ok_or_else(|| Error::new(ErrorKind::Keychain, "The keychain did not take a secret.").hint(HINT))
    }

    async fn delete(&self, name: &str) -> Result<()> {
        self.with_entry(name, |entry| entry.delete_credential())
            .await
            .map(|_| ())
    }
}

const HINT: &str = "Check that your keychain is unlocked, then try again.";

fn unusable(error: &keyring::Error) -> Error {
    let sentence = match error {
        keyring::Error::NoStorageAccess(_) => "The keychain is locked, so no secret can be read or stored.",
        _ => "The keychain could not be used.",
    };
    Error::new(ErrorKind::Keychain, sentence)
        .hint(HINT)
        .because(error)
}

fn silent() -> Error {
    let sentence = "The keychain does not answer, so no secret can be read or stored.";
    Error::new(ErrorKind::Keychain, sentence).hint(HINT)
}

pub(crate) fn check_size(value: &Secret<Vec<u8>>) -> Result<()> {
    if value.expose().len() > MAX_BYTES {
        let sentence = format!("A secret is longer than the {MAX_BYTES} bytes that a keychain takes.");
        return Err(Error::new(ErrorKind::Input, sentence).hint("Use a shorter one."));
    }
    Ok(())
}

/// Disks block; the runtime's own threads must not.
pub(crate) async fn off_the_runtime<T: Send + 'static>(
    work: impl FnOnce() -> Result<T> + Send + 'static,
) -> Result<T> {
    tokio::task::spawn_blocking(work)
        .await
        .unwrap_or_else(|error| Err(broke_off().because(&error)))
}

/// A keychain may block for ever, and a runtime does not end before its own blocking threads; this one ends with the
/// program.
async fn in_a_thread<T: Send + 'static>(work: impl FnOnce() -> Result<T> + Send + 'static) -> Result<T> {
    let waits = act_waits::current();
    let (tell, told) = oneshot::channel();
    let noted = move || match waits {
        Some(waits) => waits.within(work),
        None => work(),
    };
    let named = std::thread::Builder::new().name("keychain".to_owned());
    // Whoever asked may have gone meanwhile.
    named.spawn(move || drop(tell.send(noted())))?;
    told.await
        .unwrap_or_else(|error| Err(broke_off().because(&error)))
}

fn broke_off() -> Error {
    Error::new(ErrorKind::Internal, "Reading or storing a secret broke off.")
}
