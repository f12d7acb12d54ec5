//! Bearer tokens, compared so that neither the time nor the answer tells how close a guess was.

use std::path::PathBuf;
use std::sync::{Mutex, PoisonError};

use http::HeaderMap;
use http::header::AUTHORIZATION;
use sha2::{Digest as _, Sha256};
use subtle::ConstantTimeEq as _;

use crate::private;

/// SHA-256 of the token that is expected.
#[derive(Clone, Copy)]
pub struct TokenHash(pub [u8; 32]);

impl TokenHash {
    /// Of a token that is known.
    pub fn of(token: &str) -> Self {
        TokenHash(Sha256::digest(token.as_bytes()).into())
    }

    /// True when a request shows the right token: once, as `Authorization: Bearer …`.
    pub fn is_shown(&self, headers: &HeaderMap) -> bool {
        let mut shown = headers.get_all(AUTHORIZATION).iter();
        let (Some(value), None) = (shown.next(), shown.next()) else {
            return false;
        };
        let token = value.as_bytes().strip_prefix(b"Bearer ").unwrap_or_default();
        Sha256::digest(token).as_slice().ct_eq(&self.0).into()
    }
}

/// The tokens that count: the one of the brief, until one that an order brought was shown for the first time.
pub struct Tokens {
    current: Mutex<TokenHash>,
    next: PathBuf,
}

impl Tokens {
    /// `next` is the file with the hash of a later token.
    pub fn new(current: [u8; 32], next: PathBuf) -> Self {
        let current = Mutex::new(TokenHash(current));
        Tokens { current, next }
    }

    /// True when a request shows a token that counts. From then on the one before it counts no longer.
    pub fn are_shown(&self, headers: &HeaderMap) -> bool {
        let mut current = self.current.lock().unwrap_or_else(PoisonError::into_inner);
        if current.is_shown(headers) {
            return true;
        }
        let next = self.next().filter(|next| next.is_shown(headers));
        if let Some(next) = next {
            *current = next;
        }
        next.is_some()
    }

    /// Read at every wrong token: an order may bring one at any time.
    fn next(&self) -> Option<TokenHash> {
        let text = private::read(&self.next).ok()?;
        Some(TokenHash(hex::decode(text.trim_ascii()).ok()?.try_into().ok()?))
    }
}

#[cfg(test)]
#[path = "token_tests.rs"]
mod tests;
