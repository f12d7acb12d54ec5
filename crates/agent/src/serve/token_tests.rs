use http::HeaderValue;

use super::*;

fn shown(value: &str) -> HeaderMap {
    HeaderMap::from_iter([(AUTHORIZATION, HeaderValue::from_str(value).unwrap())])
}

#[test]
fn only_the_right_token_opens() {
    let hash = TokenHash::of("0123456789abcdef");
    assert!(hash.is_shown(&shown("Bearer 0123456789abcdef")));
    for wrong in [
        "",
        "Bearer ",
        "Bearer 0123456789abcde",
        "Bearer  0123456789abcdef",
        "Basic 0123456789abcdef",
    ] {
        assert!(!hash.is_shown(&shown(wrong)), "{wrong}");
    }
    assert!(!hash.is_shown(&HeaderMap::new()));
}

#[test]
fn the_hash_itself_does_not_open() {
    let hash = TokenHash::of("secret");
    assert!(!hash.is_shown(&shown(&format!("Bearer {}", hex::encode(hash.0)))));
}

#[test]
fn no_random_token_opens() {
    let hash = TokenHash::of("secret");
    for guess in 0..100_000u32 {
        assert!(!hash.is_shown(&shown(&format!(
            "Bearer {:08x}",
            crc32fast::hash(&guess.to_le_bytes())
        ))));
    }
}
