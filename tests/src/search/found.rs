//! The search: every form of a secret, in everything that was seen and in what is packed inside it.

use std::io::Read;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use flate2::read::GzDecoder;

use super::forms::forms;
use super::places::Seen;

/// How gzip begins.
const GZIP: [u8; 3] = [0x1f, 0x8b, 8];
/// The same at the start of a base64 text.
const GZIP_IN_BASE64: &[u8] = b"H4sI";
/// More than any packed text of ours unpacks to.
const MOST: u64 = 4 * 1024 * 1024;

/// Form and place of every find.
pub fn found(seen: &Seen, secret: &[u8]) -> Vec<String> {
    let mut found = Vec::new();
    for (form, needle) in forms(secret) {
        let finder = memchr::memmem::Finder::new(&needle);
        let hits = seen.iter().filter(|(_, bytes)| finder.find(bytes).is_some());
        found.extend(hits.map(|(place, _)| format!("{form} in {place}")));
    }
    found
}

/// Adds what gzip hides, also where it was written as base64: the plan in user data is packed so.
pub fn unpack(seen: &mut Seen) {
    let mut inside = Seen::new();
    for (place, bytes) in &*seen {
        for at in memchr::memmem::find_iter(bytes, &GZIP) {
            add(&mut inside, place, at, &bytes[at..]);
        }
        for at in memchr::memmem::find_iter(bytes, GZIP_IN_BASE64) {
            add(&mut inside, place, at, &from_base64(&bytes[at..]));
        }
    }
    seen.extend(inside);
}

fn add(inside: &mut Seen, place: &str, at: usize, packed: &[u8]) {
    let mut plain = Vec::new();
    // What was cut off is of interest as far as it goes.
    drop(GzDecoder::new(packed).take(MOST).read_to_end(&mut plain));
    if !plain.is_empty() {
        inside.insert(format!("{place}, unpacked at {at}"), plain);
    }
}

fn from_base64(text: &[u8]) -> Vec<u8> {
    let is_base64 = |byte: &&u8| byte.is_ascii_alphanumeric() || matches!(byte, b'+' | b'/');
    let length = text.iter().take_while(is_base64).count() / 4 * 4;
    STANDARD.decode(&text[..length]).unwrap_or_default()
}
