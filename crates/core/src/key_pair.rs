//! The RSA key of a launch: EC2 encrypts the first Administrator password to it, so it never leaves this computer.

use aws_lc_rs::encoding::{AsDer, Pkcs8V1Der};
use aws_lc_rs::rsa::{KeyPair, KeySize};
use aws_lc_rs::signature::KeyPair as _;
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD as BASE64;

use crate::error::{Error, ErrorKind, Result};
use crate::secret::Secret;

/// Makes a new RSA-2048 key; EC2 takes no other kind for Windows. The answer is PKCS#8 DER, about 1,200 bytes, so it
/// fits into every keychain.
pub fn generate() -> Result<Secret<Vec<u8>>> {
    let key = KeyPair::generate(KeySize::Rsa2048).map_err(|_| no_key("A key could not be made."))?;
    to_pkcs8(&key)
}

/// The public half as ImportKeyPair takes it: `ssh-rsa AAAA… comment`. The private one may be PKCS#8 or PKCS#1 DER.
pub fn openssh_public_key(private: &Secret<Vec<u8>>, comment: &str) -> Result<String> {
    let key = read(private)?;
    let (modulus, exponent) = components(key.public_key().as_ref()).ok_or_else(unreadable)?;
    let mut blob = Vec::new();
    for field in [b"ssh-rsa".as_slice(), exponent, modulus] {
        let length = u32::try_from(field.len()).map_err(|_| unreadable())?;
        blob.extend(length.to_be_bytes());
        blob.extend(field);
    }
    let comment: String = comment.chars().filter(char::is_ascii_graphic).collect();
    Ok(format!("ssh-rsa {} {comment}", BASE64.encode(blob))
        .trim_end()
        .to_owned())
}

/// Any accepted form as PKCS#8 DER.
pub(crate) fn pkcs8(private: &Secret<Vec<u8>>) -> Result<Secret<Vec<u8>>> {
    to_pkcs8(&read(private)?)
}

fn read(private: &Secret<Vec<u8>>) -> Result<KeyPair> {
    let der = private.expose();
    KeyPair::from_pkcs8(der)
        .or_else(|_| KeyPair::from_der(der))
        .map_err(|_| unreadable())
}

fn to_pkcs8(key: &KeyPair) -> Result<Secret<Vec<u8>>> {
    let der: Pkcs8V1Der<'_> = key.as_der().map_err(|_| no_key("A key could not be encoded."))?;
    Ok(Secret::new(der.as_ref().to_vec()))
}

/// Modulus and exponent of an RSAPublicKey (RFC 8017, A.1.1): a sequence of two integers. DER and SSH write integers
/// alike: big-endian, with a zero in front where the first bit is set.
fn components(der: &[u8]) -> Option<(&[u8], &[u8])> {
    let (sequence, rest) = element(0x30, der)?;
    let (modulus, after) = element(0x02, sequence)?;
    let (exponent, end) = element(0x02, after)?;
    (rest.is_empty() && end.is_empty()).then_some((modulus, exponent))
}

/// The content of the DER element at the beginning, and what follows it.
fn element(tag: u8, der: &[u8]) -> Option<(&[u8], &[u8])> {
    let (&[found, first], rest) = der.split_first_chunk::<2>()?;
    let (length, rest) = match first {
        0..=0x7f => (usize::from(first), rest),
        0x81 => (usize::from(*rest.first()?), rest.get(1..)?),
        0x82 => {
            let (bytes, rest) = rest.split_first_chunk::<2>()?;
            (usize::from(u16::from_be_bytes(*bytes)), rest)
        }
        _ => return None,
    };
    (found == tag).then(|| rest.split_at_checked(length)).flatten()
}

fn unreadable() -> Error {
    no_key("The private key of this launch can't be read.")
        .hint("Log in with a password that you know, or launch a new server.")
}

fn no_key(sentence: &str) -> Error {
    Error::new(ErrorKind::Internal, sentence)
}

#[cfg(test)]
#[path = "key_pair_tests.rs"]
mod tests;
