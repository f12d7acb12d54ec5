//! The forms that a secret can be written in.

use base64::engine::general_purpose::{STANDARD_NO_PAD, URL_SAFE_NO_PAD};

/// Every form of a secret, with its name.
pub fn forms(secret: &[u8]) -> Vec<(String, Vec<u8>)> {
    let mut forms = vec![
        ("raw".to_owned(), secret.to_vec()),
        ("hex".to_owned(), hex::encode(secret).into_bytes()),
        ("HEX".to_owned(), hex::encode_upper(secret).into_bytes()),
    ];
    for shift in 0..3 {
        forms.push((
            format!("base64, shifted {shift}"),
            inner(&STANDARD_NO_PAD, secret, shift),
        ));
        forms.push((
            format!("base64url, shifted {shift}"),
            inner(&URL_SAFE_NO_PAD, secret, shift),
        ));
    }
    if let Ok(text) = std::str::from_utf8(secret) {
        let json = serde_json::to_string(text).expect("JSON");
        forms.push(("JSON".to_owned(), json.trim_matches('"').as_bytes().to_vec()));
        forms.push(("URL".to_owned(), url(text).into_bytes()));
        let wide = text.encode_utf16().flat_map(u16::to_le_bytes);
        forms.push(("UTF-16".to_owned(), wide.collect()));
    }
    forms
}

/// The part of the base64 text that depends on the secret alone, where `shift` other bytes come before it.
fn inner(engine: &impl base64::Engine, secret: &[u8], shift: usize) -> Vec<u8> {
    let mut bytes = vec![0; shift];
    bytes.extend_from_slice(secret);
    let whole = bytes.len() / 3 * 3;
    let text = engine.encode(&bytes[..whole]).into_bytes();
    text[if shift == 0 { 0 } else { 4 }..].to_vec()
}

fn url(text: &str) -> String {
    let escape = |byte: u8| match byte {
        b'A'..=b'Z' | b'a'..=b'z' | b'0'..=b'9' | b'-' | b'_' | b'.' | b'~' => char::from(byte).to_string(),
        _ => format!("%{byte:02X}"),
    };
    text.bytes().map(escape).collect()
}
