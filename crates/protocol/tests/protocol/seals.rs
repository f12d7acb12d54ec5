//! Sealing: only the receiver opens it, and only what the sender sealed.

use proptest::prelude::*;
use slipway_protocol::Secret;
use slipway_protocol::sealing::{Key, PublicKey, SealError, Sealed, open, seal};

use crate::samples::{agent_key, app_key};

#[test]
fn a_sealed_text_with_any_character_changed_is_not_opened() {
    let Sealed(text) = seal(b"password", &app_key(), &agent_key().public()).unwrap();
    for at in 0..text.len() {
        let mut changed = text.clone().into_bytes();
        changed[at] = if changed[at] == b'A' { b'B' } else { b'A' };
        let changed = Sealed(String::from_utf8(changed).unwrap());
        assert!(
            open(&changed, &agent_key(), &app_key().public()).is_err(),
            "character {at}"
        );
    }
}

#[test]
fn a_sealed_text_that_was_cut_anywhere_is_not_opened() {
    let Sealed(text) = seal(b"password", &app_key(), &agent_key().public()).unwrap();
    for length in 0..text.len() {
        let cut = Sealed(text[..length].into());
        assert!(
            open(&cut, &agent_key(), &app_key().public()).is_err(),
            "{length} characters"
        );
    }
}

#[test]
fn the_same_text_is_never_sealed_the_same_way_twice() {
    let once = seal(b"password", &app_key(), &agent_key().public()).unwrap();
    assert_ne!(
        once,
        seal(b"password", &app_key(), &agent_key().public()).unwrap()
    );
}

#[test]
fn keys_survive_their_text_and_byte_forms() {
    let key = Key::generate();
    let again = Key::from_bytes(key.to_bytes().expose()).unwrap();
    assert_eq!(again.public(), key.public());
    assert_eq!(PublicKey::from_text(&key.public().to_text()), Ok(key.public()));
    for wrong in ["", "AAAA", "no base64!", &"A".repeat(200)] {
        assert_eq!(PublicKey::from_text(wrong), Err(SealError::Key));
    }
    assert!(Key::from_bytes(&[0; 31]).is_err());
}

#[test]
fn secrets_and_private_keys_are_not_printed() {
    assert_eq!(format!("{:?}", Secret::new("hunter2".to_owned())), "Secret(…)");
    assert_eq!(format!("{:?}", app_key()), "Key(…)");
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn whatever_is_sealed_is_opened(plain in prop::collection::vec(any::<u8>(), 0..2000)) {
        let sealed = seal(&plain, &agent_key(), &app_key().public()).unwrap();
        let opened = open(&sealed, &app_key(), &agent_key().public()).unwrap();
        prop_assert_eq!(opened.as_slice(), plain.as_slice());
    }

    #[test]
    fn hostile_text_is_refused(text in "[A-Za-z0-9+/=\\PC]{0,200}") {
        prop_assert!(open(&Sealed(text), &agent_key(), &app_key().public()).is_err());
    }
}
