//! The Windows Administrator password: reading the one that EC2 made, and the rules for one that the user chooses.

use aws_lc_rs::rsa::{Pkcs1PrivateDecryptingKey, PrivateDecryptingKey};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD as BASE64;
use zeroize::Zeroize;

use crate::error::{Error, ErrorKind, Result};
use crate::input_text;
use crate::key_pair;
use crate::secret::Secret;

/// Shortest password that may be chosen: the server is on the internet.
const SHORTEST: usize = 12;
/// Longest password that Remote Desktop clients pass on, in UTF-16 units.
const LONGEST: usize = 127;

/// Reads what GetPasswordData answered: base64, possibly in several lines, of the password encrypted with RSA PKCS#1
/// v1.5 to the launch's key (PKCS#8 or PKCS#1 DER).
pub fn decrypt_password_data(data: &str, key: &Secret<Vec<u8>>) -> Result<Secret<String>> {
    let packed: String = data.chars().filter(|c| !c.is_whitespace()).collect();
    let ciphertext = BASE64.decode(packed).map_err(|_| undecipherable())?;
    let pkcs8 = key_pair::pkcs8(key)?;
    let key = PrivateDecryptingKey::from_pkcs8(pkcs8.expose()).map_err(|_| undecipherable())?;
    let key = Pkcs1PrivateDecryptingKey::new(key).map_err(|_| undecipherable())?;
    let mut buffer = vec![0; key.min_output_size()];
    let password = key
        .decrypt(&ciphertext, &mut buffer)
        .ok()
        .and_then(|plain| std::str::from_utf8(plain).ok());
    let password = password
        .filter(|password| !password.is_empty())
        .map(|password| Secret::new(password.to_owned()));
    buffer.zeroize();
    password.ok_or_else(undecipherable)
}

fn undecipherable() -> Error {
    Error::new(
        ErrorKind::Internal,
        "The Administrator password can't be decrypted with the key of this launch.",
    )
    .hint("Log in with a password that you know, or launch a new server.")
}

/// Checks a password that the user chose for Administrator, by the complexity rule of Windows ("Password must meet
/// complexity requirements") and a length fit for the internet. The error never repeats the password.
pub fn check_administrator_password(password: &str) -> Result<()> {
    input_text::check_typable("Administrator password", password)?;
    let reason = if password.chars().count() < SHORTEST {
        Some(format!("is too short: at least {SHORTEST} characters are needed"))
    } else if password.encode_utf16().count() > LONGEST {
        Some(format!("is too long: at most {LONGEST} characters are possible"))
    } else if password.to_lowercase().contains("administrator") {
        Some("holds the word Administrator, which Windows refuses".to_owned())
    } else if classes(password) < 3 {
        Some(
            "is too simple: Windows wants three of capital letters, small letters, digits and symbols"
                .to_owned(),
        )
    } else {
        None
    };
    match reason {
        None => Ok(()),
        Some(reason) => Err(
            Error::new(ErrorKind::Input, format!("The Administrator password {reason}."))
                .hint("Choose another one, or let a random one be made."),
        ),
    }
}

fn classes(password: &str) -> usize {
    let kinds: [fn(char) -> bool; 4] = [
        char::is_uppercase,
        char::is_lowercase,
        |c| c.is_ascii_digit(),
        |c| !c.is_alphanumeric() && !c.is_whitespace(),
    ];
    kinds.iter().filter(|&&kind| password.chars().any(kind)).count()
}

#[cfg(test)]
#[path = "password_tests.rs"]
mod tests;
