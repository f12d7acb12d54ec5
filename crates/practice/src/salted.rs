//! Passwords at rest: only a salted, slow hash is kept, as Windows and web servers do.

use std::io;
use std::num::NonZeroU32;
use std::path::Path;

use aws_lc_rs::pbkdf2;
use serde::{Deserialize, Serialize};
use slipway_core::files;

use crate::ids;

const ROUNDS: NonZeroU32 = NonZeroU32::new(60_000).expect("60,000 is not zero");

/// What is kept of a login.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Login {
    /// The user's name.
    pub user: String,
    salt: [u8; 16],
    hash: [u8; 32],
}

impl Login {
    /// Takes a fresh salt.
    pub fn new(user: &str, password: &[u8]) -> io::Result<Self> {
        let salt = ids::random()?;
        let mut hash = [0; 32];
        pbkdf2::derive(pbkdf2::PBKDF2_HMAC_SHA256, ROUNDS, &salt, password, &mut hash);
        let user = user.to_owned();
        Ok(Login { user, salt, hash })
    }

    /// Whether this is the login, in constant time for the password.
    pub fn admits(&self, user: &str, password: &[u8]) -> bool {
        let right = pbkdf2::verify(
            pbkdf2::PBKDF2_HMAC_SHA256,
            ROUNDS,
            &self.salt,
            password,
            &self.hash,
        );
        right.is_ok() && user == self.user
    }

    /// Reads one; `None` where none was set.
    pub fn load(file: &Path) -> io::Result<Option<Self>> {
        match files::read(file, files::SMALL) {
            Ok(text) => Ok(Some(serde_json::from_slice(&text)?)),
            Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
            Err(error) => Err(error),
        }
    }

    /// Replaces what was set, whole or not at all.
    pub fn save(&self, file: &Path) -> io::Result<()> {
        let unfinished = file.with_extension("new");
        std::fs::write(&unfinished, serde_json::to_vec(self)?)?;
        std::fs::rename(&unfinished, file)
    }
}
