use super::*;

#[test]
fn a_key_fits_into_the_smallest_keychain_and_its_public_half_is_openssh() {
    let key = generate().unwrap();
    assert!(key.expose().len() < 2560, "{} bytes", key.expose().len());
    let public = openssh_public_key(&key, "slipway 01J\n").unwrap();
    let fields: Vec<&str> = public.split(' ').collect();
    assert_eq!((fields.len(), fields[0], fields[2]), (3, "ssh-rsa", "slipway01J"));
    let blob = BASE64.decode(fields[1]).unwrap();
    assert!(blob.starts_with(b"\0\0\0\x07ssh-rsa\0\0\0\x03\x01\0\x01\0\0\x01\x01\0"));
    assert_eq!(blob.len(), 4 + 7 + 4 + 3 + 4 + 257);
}

#[test]
fn both_encodings_of_a_private_key_are_read() {
    let key = generate().unwrap();
    // PKCS#8 wraps PKCS#1 behind 26 bytes of header for RSA-2048 (RFC 5208).
    let pkcs1 = Secret::new(key.expose()[26..].to_vec());
    assert_eq!(
        openssh_public_key(&pkcs1, "x").unwrap(),
        openssh_public_key(&key, "x").unwrap()
    );
    assert_eq!(pkcs8(&pkcs1).unwrap().expose(), key.expose());
}

#[test]
fn a_damaged_key_is_an_error_that_does_not_show_it() {
    for bytes in [Vec::new(), vec![0x30], b"hunter2".to_vec(), vec![0x30; 1200]] {
        let error = openssh_public_key(&Secret::new(bytes), "x").unwrap_err();
        assert_eq!(error.sentence, "The private key of this launch can't be read.");
    }
}

#[test]
fn a_cut_off_public_key_is_not_read() {
    let der = [0x30, 0x07, 0x02, 0x02, 0x00, 0x81, 0x02, 0x01, 0x03];
    assert_eq!(
        components(&der),
        Some(([0x00, 0x81].as_slice(), [0x03].as_slice()))
    );
    for end in 0..der.len() {
        assert_eq!(components(&der[..end]), None);
    }
}
