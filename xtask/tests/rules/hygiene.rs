//! What has no place in the code: postponed work, tests that never run, traces of one machine.

use crate::sources::{Source, all};

/// Marks of postponed work. Split, so that this file does not hold them.
const POSTPONED: &[&str] = &[
    concat!("TO", "DO"),
    concat!("FIX", "ME"),
    concat!("todo", "!("),
    concat!("unimple", "mented!("),
    concat!("#[", "ignore"),
];

/// Folders that exist on one machine only.
const MACHINE_PATHS: &[&str] = &[
    concat!("/wo", "rk/"),
    concat!("/ro", "ot/"),
    concat!("/tmp/", "wt"),
    concat!("/ho", "me/runner"),
];

const CRATES_IO: &str = "registry+https://github.com/rust-lang/crates.io-index";
const NPM: &str = "https://registry.npmjs.org/";

#[test]
fn nothing_is_postponed_and_no_test_is_left_out() {
    assert_eq!(found(POSTPONED), Vec::<String>::new());
}

#[test]
fn no_file_names_a_folder_of_one_machine() {
    assert_eq!(found(MACHINE_PATHS), Vec::<String>::new());
}

#[test]
fn dependencies_come_from_the_public_registries() {
    let sources = all();
    let foreign = sources
        .iter()
        .flat_map(|source| match source.path.rsplit('/').next() {
            Some("Cargo.lock") => values(source, "source = ", CRATES_IO),
            Some("package-lock.json") => values(source, "\"resolved\": ", NPM),
            _ => Vec::new(),
        });
    assert_eq!(foreign.collect::<Vec<_>>(), Vec::<String>::new());
}

fn found(marks: &[&str]) -> Vec<String> {
    let lines = |source: &Source| numbered(source, |line| marks.iter().any(|mark| line.contains(mark)));
    all()
        .iter()
        .filter(|source| !source.path.ends_with("lock"))
        .flat_map(lines)
        .collect()
}

/// Lines that name a package's origin, but not this one.
fn values(source: &Source, key: &str, origin: &str) -> Vec<String> {
    numbered(source, |line| {
        line.trim_start().starts_with(key) && !line.contains(&format!("{key}\"{origin}"))
    })
}

fn numbered(source: &Source, wanted: impl Fn(&str) -> bool) -> Vec<String> {
    let lines = source.text.lines().enumerate().filter(|(_, line)| wanted(line));
    lines
        .map(|(index, line)| format!("{}:{}: {}", source.path, index + 1, line.trim()))
        .collect()
}
