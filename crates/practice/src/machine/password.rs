//! The Administrator password as EC2 handles it: made on the machine, encrypted to the launch's key pair.

use aws_lc_rs::rsa::{Pkcs1PublicEncryptingKey, PublicEncryptingKey, PublicKeyComponents};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD as BASE64;

use crate::ids;
use crate::layout::Disk;
use crate::salted::Login;
use crate::trouble::{Outcome, input};

/// The account's name.
pub const USER: &str = "Administrator";
const LENGTH: usize = 32;
/// What EC2Launch v2 draws from, as far as was seen: no quotes, no blanks.
const LETTERS: &[u8; 64] = b"ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnpqrstuvwxyz23456789!@#%&()?";

/// The public half of an RSA key pair.
pub struct PublicKey(PublicEncryptingKey);

impl PublicKey {
    /// Reads `ssh-rsa AAAA… comment`; `None` for anything else. The body is three fields, each after its length in
    /// four bytes: the type, the exponent, the modulus (RFC 4253, section 6.6).
    pub fn from_openssh(text: &str) -> Option<Self> {
        let mut words = text.split_whitespace();
        if words.next()? != "ssh-rsa" {
            return None;
        }
        let body = BASE64.decode(words.next()?).ok()?;
        let (kind, rest) = field(&body)?;
        let (e, rest) = field(rest)?;
        let (n, rest) = field(rest)?;
        if kind != b"ssh-rsa" || !rest.is_empty() {
            return None;
        }
        let parts = PublicKeyComponents {
            n: unsigned(n),
            e: unsigned(e),
        };
        parts.try_into().ok().map(PublicKey)
    }

    /// RSA PKCS#1 v1.5, base64, as GetPasswordData gives it.
    pub fn encrypt(&self, plain: &[u8]) -> Option<String> {
        let key = Pkcs1PublicEncryptingKey::new(self.0.clone()).ok()?;
        let mut room = vec![0; key.ciphertext_size()];
        let sealed = key.encrypt(plain, &mut room).ok()?;
        Some(BASE64.encode(sealed))
    }
}

/// Makes a random Administrator password on the disk, keeps its salted hash, and gives it encrypted. Blocks.
pub fn make(disk: &Disk, public_key: &str) -> Outcome<String> {
    let password: Vec<u8> = ids::random::<LENGTH>()?
        .iter()
        .map(|byte| LETTERS[usize::from(byte % 64)])
        .collect();
    let key = PublicKey::from_openssh(public_key);
    let data = key.and_then(|key| key.encrypt(&password));
    let data = data.ok_or_else(|| input("The key pair can't encrypt a password."))?;
    Login::new(USER, &password)?.save(&disk.administrator())?;
    Ok(data)
}

fn field(bytes: &[u8]) -> Option<(&[u8], &[u8])> {
    let (length, rest) = bytes.split_first_chunk::<4>()?;
    rest.split_at_checked(usize::try_from(u32::from_be_bytes(*length)).ok()?)
}

/// SSH numbers are signed, so a high bit is kept away by a zero byte that RSA libraries don't want.
fn unsigned(number: &[u8]) -> &[u8] {
    number.strip_prefix(&[0]).unwrap_or(number)
}
