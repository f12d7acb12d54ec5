//! Sealing: X25519 and XChaCha20-Poly1305, authenticated by the sender's key (the `crypto_box` construction).

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD as BASE64;
use crypto_box::aead::{Aead, AeadCore, OsRng};
use crypto_box::{ChaChaBox, Nonce};
use serde::{Deserialize, Serialize};
use zeroize::Zeroizing;

use crate::secret::Secret;

/// base64 of the 24-byte nonce and the ciphertext.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Sealed(pub String);

/// A private X25519 key. Wiped when dropped, never printed.
#[derive(Clone)]
pub struct Key(crypto_box::SecretKey);

/// A public X25519 key; its text form is base64.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PublicKey(crypto_box::PublicKey);

/// Why something could not be sealed or opened.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum SealError {
    /// Not base64, or too short.
    #[error("the sealed text is damaged")]
    Damaged,
    /// Sealed by another key, for another key, or changed on the way.
    #[error("the sealed text was not made by the expected sender for this receiver")]
    Foreign,
    /// A key of the wrong length.
    #[error("the key is not a 32-byte X25519 key")]
    Key,
    /// What was sealed is not what was expected.
    #[error("the sealed text holds something unexpected")]
    Plain,
}

impl Key {
    /// A fresh key from the operating system's random numbers.
    pub fn generate() -> Self {
        Key(crypto_box::SecretKey::generate(&mut OsRng))
    }

    /// From the 32 bytes of [`Key::to_bytes`].
    pub fn from_bytes(bytes: &[u8]) -> Result<Self, SealError> {
        crypto_box::SecretKey::from_slice(bytes)
            .map(Key)
            .map_err(|_| SealError::Key)
    }

    /// The 32 bytes to keep in a keychain or a protected file.
    pub fn to_bytes(&self) -> Secret<Vec<u8>> {
        Secret::new(self.0.to_bytes().to_vec())
    }

    /// The public half.
    pub fn public(&self) -> PublicKey {
        PublicKey(self.0.public_key())
    }
}

impl std::fmt::Debug for Key {
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        out.write_str("Key(…)")
    }
}

impl PublicKey {
    /// base64 of the 32 bytes.
    pub fn to_text(&self) -> String {
        BASE64.encode(self.0.as_bytes())
    }

    /// From [`PublicKey::to_text`].
    pub fn from_text(text: &str) -> Result<Self, SealError> {
        let bytes = BASE64.decode(text.trim()).map_err(|_| SealError::Key)?;
        crypto_box::PublicKey::from_slice(&bytes)
            .map(PublicKey)
            .map_err(|_| SealError::Key)
    }
}

/// Seals `plain` from the holder of `sender` to the holder of `receiver`'s private half.
pub fn seal(plain: &[u8], sender: &Key, receiver: &PublicKey) -> Result<Sealed, SealError> {
    let nonce = ChaChaBox::generate_nonce(&mut OsRng);
    let boxed = ChaChaBox::new(&receiver.0, &sender.0)
        .encrypt(&nonce, plain)
        .map_err(|_| SealError::Plain)?;
    let mut bytes = nonce.to_vec();
    bytes.extend(boxed);
    Ok(Sealed(BASE64.encode(bytes)))
}

/// Opens what [`seal`] made.
pub fn open(sealed: &Sealed, receiver: &Key, sender: &PublicKey) -> Result<Zeroizing<Vec<u8>>, SealError> {
    let bytes = BASE64.decode(sealed.0.trim()).map_err(|_| SealError::Damaged)?;
    if bytes.len() < 24 {
        return Err(SealError::Damaged);
    }
    let (nonce, boxed) = bytes.split_at(24);
    let opened = ChaChaBox::new(&sender.0, &receiver.0).decrypt(Nonce::from_slice(nonce), boxed);
    opened.map(Zeroizing::new).map_err(|_| SealError::Foreign)
}
