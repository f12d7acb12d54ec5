//! Who the agent is on this instance: its keys, its certificate and the name of its stream, made once per instance id.

use std::fs::{File, TryLockError};
use std::io;
use std::time::Duration;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD as BASE64;
use serde::{Deserialize, Serialize};
use sha2::{Digest as _, Sha256};
use slipway_protocol::sealing::{Key, PublicKey, SealError};
use slipway_protocol::{Brief, Secret};

use crate::config::Config;
use crate::imds::{Imds, ImdsError};
use crate::{private, scrub};

/// Name on the certificate. Nobody checks it: the app knows the certificate itself.
const CERTIFICATE_NAME: &str = "slipway-agent";

/// So long another process may hold the lock on the identity.
const LOCK_LONGEST: Duration = Duration::from_secs(60);
const LOCK_PAUSE: Duration = Duration::from_millis(20);

/// What makes this agent recognisable. Kept in a file that only its owner can read, until the scrub.
#[derive(Debug, Clone)]
pub struct Identity {
    /// The EC2 instance id that it was made for.
    pub instance: String,
    /// The launch that the agent works for.
    pub launch: String,
    /// Random; names the stream of messages on this disk.
    pub stream: String,
    /// Opens orders and seals secrets.
    pub key: Key,
    /// The app's key: the only sender of orders, the only receiver of secrets.
    pub app_key: PublicKey,
    /// SHA-256 of the bearer token that the app shows, 32 bytes.
    pub token_sha256: [u8; 32],
    /// The TLS certificate, DER.
    pub certificate: Vec<u8>,
    /// Its private key, PKCS #8 DER.
    pub certificate_key: Secret<Vec<u8>>,
}

/// Why the agent has no identity.
#[derive(Debug, thiserror::Error)]
pub enum IdentityError {
    /// The install has ended well and everything was removed; there is nothing left to do on this instance.
    #[error("the work on {0} has ended well; its keys have been removed")]
    Scrubbed(String),
    /// The metadata endpoint could not be asked.
    #[error(transparent)]
    Imds(#[from] ImdsError),
    /// The data folder can't be used.
    #[error("the agent can't keep its identity: {0}")]
    File(#[from] io::Error),
    /// `identity.json` was changed by somebody else.
    #[error("the file with the agent's identity is damaged")]
    Damaged,
    /// The app's key or token hash in the brief is not one.
    #[error("the brief holds a key or a token hash that is not one")]
    Brief,
    /// No certificate could be made.
    #[error("no TLS certificate could be made: {0}")]
    Certificate(#[from] rcgen::Error),
}

impl Identity {
    /// Reads the identity of this instance, or makes it. What another instance left on the disk (this one was
    /// launched from its image) is removed first. Several processes may call it at once and get the same.
    pub async fn ensure(config: &Config, imds: &Imds, brief: &Brief) -> Result<Self, IdentityError> {
        let instance = imds.instance_id().await?;
        private::folder(&config.data_dir)?;
        let lock = private::open(&config.data_dir.join("identity.lock"))?;
        wait_for(&lock).await?;
        if scrub::is_scrubbed(config, &instance)? {
            return Err(IdentityError::Scrubbed(instance));
        }
        match Self::load(config)? {
            Some(identity) if identity.instance == instance => Ok(identity),
            _ => Self::begin(config, instance, brief),
        }
    }

    /// SHA-256 of the TLS certificate, lower-case hex.
    pub fn tls_sha256(&self) -> String {
        hex::encode(Sha256::digest(&self.certificate))
    }

    fn load(config: &Config) -> Result<Option<Self>, IdentityError> {
        match private::read(&config.identity_file()) {
            Ok(json) => {
                let kept: Kept = serde_json::from_slice(&json).map_err(|_| IdentityError::Damaged)?;
                kept.open().map(Some).ok_or(IdentityError::Damaged)
            }
            Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
            Err(error) => Err(error.into()),
        }
    }

    fn begin(config: &Config, instance: String, brief: &Brief) -> Result<Self, IdentityError> {
        scrub::forget_everything(config)?;
        let identity = Self::make(instance, brief)?;
        let kept = serde_json::to_vec(&Kept::of(&identity)).map_err(io::Error::from)?;
        private::write(&config.identity_file(), &kept)?;
        Ok(identity)
    }

    fn make(instance: String, brief: &Brief) -> Result<Self, IdentityError> {
        let certificate_key = rcgen::KeyPair::generate()?;
        let names = rcgen::CertificateParams::new(vec![CERTIFICATE_NAME.to_owned()])?;
        let certificate = names.self_signed(&certificate_key)?;
        Ok(Identity {
            instance,
            launch: brief.launch.clone(),
            stream: hex::encode(random::<16>()?),
            key: Key::generate(),
            app_key: PublicKey::from_text(&brief.app_key).map_err(|_: SealError| IdentityError::Brief)?,
            token_sha256: digest(&brief.token_sha256).ok_or(IdentityError::Brief)?,
            certificate: certificate.der().to_vec(),
            certificate_key: Secret::new(certificate_key.serialize_der()),
        })
    }
}

/// Takes the lock; another process holds it for the time of a few writes.
async fn wait_for(lock: &File) -> io::Result<()> {
    let since = tokio::time::Instant::now();
    loop {
        match lock.try_lock() {
            Ok(()) => return Ok(()),
            Err(TryLockError::Error(error)) => return Err(error),
            Err(TryLockError::WouldBlock) if since.elapsed() > LOCK_LONGEST => {
                return Err(io::Error::new(
                    io::ErrorKind::TimedOut,
                    "another program does not let go of identity.lock",
                ));
            }
            Err(TryLockError::WouldBlock) => tokio::time::sleep(LOCK_PAUSE).await,
        }
    }
}

/// Bytes from the operating system's random numbers.
pub fn random<const N: usize>() -> io::Result<[u8; N]> {
    let mut bytes = [0; N];
    getrandom::fill(&mut bytes).map_err(io::Error::other)?;
    Ok(bytes)
}

fn digest(hex: &str) -> Option<[u8; 32]> {
    hex::decode(hex).ok()?.try_into().ok()
}

/// The file's form.
#[derive(Serialize, Deserialize)]
struct Kept {
    instance: String,
    launch: String,
    stream: String,
    key: String,
    app_key: String,
    token_sha256: String,
    certificate: String,
    certificate_key: String,
}

impl Kept {
    fn of(identity: &Identity) -> Self {
        Kept {
            instance: identity.instance.clone(),
            launch: identity.launch.clone(),
            stream: identity.stream.clone(),
            key: BASE64.encode(identity.key.to_bytes().expose()),
            app_key: identity.app_key.to_text(),
            token_sha256: hex::encode(identity.token_sha256),
            certificate: BASE64.encode(&identity.certificate),
            certificate_key: BASE64.encode(identity.certificate_key.expose()),
        }
    }

    fn open(self) -> Option<Identity> {
        Some(Identity {
            key: Key::from_bytes(&BASE64.decode(self.key).ok()?).ok()?,
            app_key: PublicKey::from_text(&self.app_key).ok()?,
            token_sha256: digest(&self.token_sha256)?,
            certificate: BASE64.decode(self.certificate).ok()?,
            certificate_key: Secret::new(BASE64.decode(self.certificate_key).ok()?),
            instance: self.instance,
            launch: self.launch,
            stream: self.stream,
        })
    }
}
