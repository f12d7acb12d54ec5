//! The proof that the search finds what is there: a planted secret, in every form, in every kind of place.

use std::io::Write;
use std::process::Command;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use flate2::Compression;
use flate2::write::GzEncoder;

use slipway_tests::search::forms::forms;
use slipway_tests::search::found::{found, unpack};
use slipway_tests::search::places::{Sampler, Seen, files, processes};

const CANARY: &str = "Canary \"söng\" 4711";

/// Something that holds the secret in one of its forms.
fn planted(needle: &[u8]) -> Vec<u8> {
    [b"before", needle, b"after"].concat()
}

fn packed(plain: &[u8]) -> Vec<u8> {
    let mut gzip = GzEncoder::new(Vec::new(), Compression::best());
    gzip.write_all(plain).unwrap();
    gzip.finish().unwrap()
}

/// Ways in which it could lie in a file.
fn wrapped(needle: &[u8]) -> [(&'static str, Vec<u8>); 3] {
    let gzip = packed(&planted(needle));
    let line = format!("# slipway-brief {}\n", STANDARD.encode(&gzip));
    [
        ("plain", planted(needle)),
        ("gzip", planted(&gzip)),
        ("a brief", planted(line.as_bytes())),
    ]
}

#[test]
fn a_planted_secret_is_found_in_every_form_and_wrapping() {
    let room = tempfile::tempdir().unwrap();
    for (form, needle) in forms(CANARY.as_bytes()) {
        for (wrapping, content) in wrapped(&needle) {
            let file = room.path().join("machines/planted");
            std::fs::create_dir_all(file.parent().unwrap()).unwrap();
            std::fs::write(&file, content).unwrap();
            let mut seen = files(room.path());
            unpack(&mut seen);
            let hits = found(&seen, CANARY.as_bytes());
            assert!(
                hits.iter().any(|hit| hit.starts_with(&form)),
                "{form} in {wrapping}: {hits:?}"
            );
        }
    }
}

#[test]
fn secrets_that_are_no_text_are_found_too() {
    let secret: Vec<u8> = (0..48).map(|number| number * 5 + 3).collect();
    for (form, needle) in forms(&secret) {
        let seen = Seen::from([("a place".to_owned(), planted(&needle))]);
        let hits = found(&seen, &secret);
        assert!(hits.iter().any(|hit| hit.starts_with(&form)), "{form}: {hits:?}");
    }
}

#[test]
fn a_planted_secret_is_found_in_arguments_and_environments() {
    let sampler = Sampler::start(processes);
    let mut child = Command::new("sleep")
        .args(["0.3"])
        .env("PLANTED", CANARY)
        .spawn()
        .unwrap();
    let mut other = Command::new("sh")
        .args(["-c", "sleep 0.3; true", CANARY])
        .spawn()
        .unwrap();
    assert!(child.wait().unwrap().success() && other.wait().unwrap().success());
    let hits = found(&sampler.end(), CANARY.as_bytes());
    for place in ["raw in arguments", "raw in environment"] {
        assert!(hits.iter().any(|hit| hit.starts_with(place)), "{place}: {hits:?}");
    }
}
