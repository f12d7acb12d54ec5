use std::path::Path;
use std::process::Command;

use aws_lc_rs::rsa::Pkcs1PublicEncryptingKey;
use proptest::prelude::*;

use super::*;

fn encrypted(password: &[u8], key: &Secret<Vec<u8>>) -> String {
    let key = PrivateDecryptingKey::from_pkcs8(key.expose()).unwrap();
    let key = Pkcs1PublicEncryptingKey::new(key.public_key()).unwrap();
    let mut buffer = vec![0; key.ciphertext_size()];
    BASE64.encode(key.encrypt(password, &mut buffer).unwrap())
}

#[test]
fn password_data_is_read_whatever_its_line_ends() {
    let key = key_pair::generate().unwrap();
    let data = encrypted("p@ss;Wörd".as_bytes(), &key);
    let (head, tail) = data.split_at(76);
    for data in [
        data.clone(),
        format!("\r\n{data}\r\n"),
        format!("{head}\r\n{tail}\n"),
    ] {
        assert_eq!(decrypt_password_data(&data, &key).unwrap().expose(), "p@ss;Wörd");
    }
}

#[test]
fn what_is_not_for_this_key_is_an_error() {
    let (key, other) = (key_pair::generate().unwrap(), key_pair::generate().unwrap());
    for data in [
        "",
        "no base64!",
        "AAAA",
        &encrypted(b"secret", &other),
        &encrypted(b"\xff\xfe", &key),
    ] {
        let error = decrypt_password_data(data, &key).unwrap_err();
        assert!(
            error.sentence.contains("can't be decrypted"),
            "{}",
            error.sentence
        );
    }
}

/// EC2 encrypts with OpenSSL; so does this test, from the OpenSSH text that EC2 would have been given.
#[test]
fn what_openssl_encrypts_to_the_imported_key_is_read() {
    let folder = tempfile::tempdir().unwrap();
    let path = |name: &str| folder.path().join(name).display().to_string();
    let key = key_pair::generate().unwrap();
    std::fs::write(
        path("public.der"),
        spki(&key_pair::openssh_public_key(&key, "x").unwrap()),
    )
    .unwrap();
    std::fs::write(path("password"), "From 0penSSL!").unwrap();
    let (public, password, data) = (path("public.der"), path("password"), path("data"));
    let args = [
        "pkeyutl", "-encrypt", "-pubin", "-keyform", "DER", "-inkey", &public, "-in", &password, "-out",
        &data,
    ];
    let Ok(output) = Command::new("openssl").args(args).output() else {
        assert!(crate::testing::may_lack("openssl"), "this machine has no openssl");
        println!("skipped: this machine has no openssl");
        return;
    };
    assert!(
        output.status.success(),
        "{}",
        String::from_utf8_lossy(&output.stderr)
    );
    let data = BASE64.encode(std::fs::read(Path::new(&data)).unwrap());
    assert_eq!(
        decrypt_password_data(&data, &key).unwrap().expose(),
        "From 0penSSL!"
    );
}

/// A SubjectPublicKeyInfo made of nothing but the OpenSSH text.
fn spki(openssh: &str) -> Vec<u8> {
    let blob = BASE64.decode(openssh.split(' ').nth(1).unwrap()).unwrap();
    let field = |at: usize| {
        let length = u32::from_be_bytes(blob[at..at + 4].try_into().unwrap()) as usize;
        &blob[at + 4..at + 4 + length]
    };
    let exponent = field(4 + field(0).len());
    let modulus = field(8 + field(0).len() + exponent.len());
    let numbers = der(0x30, &[der(0x02, modulus), der(0x02, exponent)].concat());
    // rsaEncryption with its NULL parameters, RFC 3279.
    let algorithm = der(0x30, &hex::decode("06092a864886f70d0101010500").unwrap());
    let bits = der(0x03, &[&[0], numbers.as_slice()].concat());
    der(0x30, &[algorithm, bits].concat())
}

fn der(tag: u8, content: &[u8]) -> Vec<u8> {
    let length = u16::try_from(content.len()).unwrap().to_be_bytes();
    let head = match content.len() {
        0..=0x7f => vec![tag, length[1]],
        0x80..=0xff => vec![tag, 0x81, length[1]],
        _ => vec![tag, 0x82, length[0], length[1]],
    };
    [head.as_slice(), content].concat()
}

#[test]
fn strong_passwords_may_be_chosen() {
    for password in [
        "Correct-Horse",
        "abcdefgh1234!",
        "ABCDEFGH1234!",
        "Пароль-Сервера",
        "with spaces A1 🚀",
    ] {
        assert_eq!(check_administrator_password(password), Ok(()), "{password}");
    }
    assert_eq!(check_administrator_password(&"Aa1".repeat(42)), Ok(()));
}

#[test]
fn weak_passwords_are_refused_for_their_reason_and_not_repeated() {
    let long = "Aa1".repeat(43);
    for (password, reason) in [
        ("", "too short"),
        ("Short-1", "too short"),
        ("alllowercaseletters", "too simple"),
        ("lowercase1234", "too simple"),
        ("My-ADMINISTRATOR-1", "holds the word Administrator"),
        ("Two-Lines-1\nx", "a line end"),
        ("Harbour-light\u{a0}2026", "a special space"),
        ("Harbour-light-2026\u{200b}", "invisible"),
        (&long, "too long"),
    ] {
        let error = check_administrator_password(password).unwrap_err();
        assert_eq!(error.kind, ErrorKind::Input);
        assert!(
            error.sentence.starts_with("The Administrator password "),
            "{}",
            error.sentence
        );
        assert!(error.sentence.contains(reason), "{}", error.sentence);
        assert!(password.is_empty() || !format!("{error:?}").contains(password));
    }
}

proptest! {
    #[test]
    fn arbitrary_password_data_never_panics(data in any::<String>()) {
        let key = Secret::new(vec![1, 2, 3]);
        prop_assert!(decrypt_password_data(&data, &key).is_err());
    }
}
