//! The bearer token of a launch: the status service knows only its hash, which may stand in user data.

use sha2::{Digest, Sha256};
use zeroize::Zeroizing;

use crate::error::{Error, ErrorKind, Result};
use crate::secret::Secret;

/// A new token: 32 random bytes as 64 lower-case hex digits.
pub fn generate() -> Result<Secret<String>> {
    let mut bytes = Zeroizing::new([0; 32]);
    aws_lc_rs::rand::fill(bytes.as_mut_slice())
        .map_err(|_| Error::new(ErrorKind::Internal, "This computer gives no random numbers."))?;
    Ok(Secret::new(hex::encode(bytes.as_slice())))
}

/// SHA-256 as lower-case hex.
pub fn sha256_hex(bytes: impl AsRef<[u8]>) -> String {
    hex::encode(Sha256::digest(bytes))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_token_is_64_hex_digits_and_never_the_same() {
        let (one, two) = (generate().unwrap(), generate().unwrap());
        assert_eq!(one.expose().len(), 64);
        assert!(
            one.expose()
                .chars()
                .all(|c| c.is_ascii_digit() || ('a'..='f').contains(&c))
        );
        assert_ne!(one.expose(), two.expose());
    }

    #[test]
    fn the_hash_is_the_one_of_fips_180() {
        assert_eq!(
            sha256_hex("abc"),
            "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"
        );
    }
}
