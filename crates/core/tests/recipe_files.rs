//! The recipe files in `recipes/`: good ones are read, bad ones name line and reason.
#![allow(clippy::unwrap_used, reason = "a test may fail")]

use std::path::{Path, PathBuf};

use slipway_core::error::ErrorKind;
use slipway_core::recipe::{Problem, Recipe, check};

fn files(prefix: &str) -> Vec<(PathBuf, String)> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/recipes");
    let mut found = Vec::new();
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.file_name().unwrap().to_string_lossy().starts_with(prefix) {
            let text = std::fs::read_to_string(&path).unwrap();
            found.push((path, text));
        }
    }
    assert!(!found.is_empty(), "there are files {prefix}*");
    found.sort();
    found
}

#[test]
fn good_recipes_have_no_problems() {
    for (path, text) in files("good-") {
        assert_eq!(check(&text), [], "{}", path.display());
    }
}

/// The first lines of a bad file say what is to be found: `# 14: words of the reason`.
#[test]
fn bad_recipes_name_line_and_reason() {
    for (path, text) in files("bad-") {
        let expected: Vec<(usize, &str)> = text
            .lines()
            .map_while(|line| line.strip_prefix("# "))
            .filter_map(|line| line.split_once(": "))
            .map(|(line, words)| (line.parse().unwrap(), words))
            .collect();
        let found = check(&text);
        let shown: Vec<String> = found.iter().map(ToString::to_string).collect();
        assert_eq!(found.len(), expected.len(), "{}: {shown:#?}", path.display());
        for (line, words) in expected {
            let says = |problem: &Problem| problem.line == line && problem.reason.contains(words);
            assert!(
                found.iter().any(says),
                "{}: nothing says “{words}” in line {line}: {shown:#?}",
                path.display()
            );
        }
    }
}

#[test]
fn the_error_names_file_line_and_reason_and_keeps_the_others_as_causes() {
    let (_, text) = files("bad-needs").remove(0);
    let error = Recipe::parse(&text, "recipes/x.toml").unwrap_err();
    assert_eq!(error.kind, ErrorKind::Recipe);
    assert_eq!(
        error.sentence,
        "recipes/x.toml, line 22: step “unpack” needs “theme”, but there is no such step; did you mean “themes”?"
    );
    assert_eq!(error.causes.len(), 1);
    assert!(error.hint.contains("the other problem"));
}

#[test]
fn the_example_in_the_documentation_is_right() {
    let text = include_str!("../../../docs/recipes.md");
    let example = text
        .split("```toml\n")
        .nth(1)
        .and_then(|rest| rest.split("```").next());
    assert_eq!(check(example.expect("there is an example")), []);
}
