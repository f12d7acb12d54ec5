//! Nothing is written twice.

use std::collections::HashMap;

use crate::sources::functions;

/// Shorter functions may well be the same by chance.
const LEAST_LINES: usize = 6;

#[test]
fn no_function_is_written_twice() {
    let mut by_body: HashMap<String, Vec<String>> = HashMap::new();
    let long = functions()
        .into_iter()
        .filter(|function| function.lines >= LEAST_LINES);
    for function in long.filter(|function| !for_tests(&function.name)) {
        by_body.entry(function.body).or_default().push(function.name);
    }
    let twice: Vec<_> = by_body.into_values().filter(|names| names.len() > 1).collect();
    assert!(twice.is_empty(), "the same body in several functions: {twice:#?}");
}

/// Tests of two crates have no place to share their samples.
fn for_tests(name: &str) -> bool {
    let (path, _) = name.split_once(": ").unwrap();
    path.contains("tests/") || path.ends_with("tests.rs") || path.contains("/testing/")
}
