//! Which crate may depend on which, as ARCHITECTURE.md draws it.

use std::collections::{BTreeSet, HashMap};
use std::process::Command;

use serde_json::Value;

use crate::sources::root;

/// Each crate and the crates of ours that it may use.
const MAY_USE: &[(&str, &[&str])] = &[
    ("slipway-protocol", &[]),
    ("slipway-agent", &["slipway-protocol"]),
    ("slipway-core", &["slipway-protocol"]),
    ("slipway-practice", &["slipway-core", "slipway-protocol"]),
    ("slipway-aws", &["slipway-core", "slipway-protocol"]),
    (
        "slipway-desktop",
        &[
            "slipway-aws",
            "slipway-practice",
            "slipway-core",
            "slipway-protocol",
        ],
    ),
    (
        "slipway-cli",
        &["slipway-desktop", "slipway-core", "slipway-protocol"],
    ),
    ("slipway-window", &["slipway-desktop", "slipway-core"]),
    ("xtask", &[]),
];

/// Whole-system tests may use everything.
const TESTS: &[&str] = &[
    "slipway-tests",
    "slipway-test-adapter",
    "slipway-test-cloud",
    "slipway-test-live",
    "slipway-bare-window",
];

/// What the product must not know, however far down: window, AWS SDK, keychain.
const NOT_IN_CORE: &[&str] = &["tauri", "aws-sdk", "aws-config", "keyring"];

#[test]
fn crates_depend_only_downwards() {
    let metadata = metadata();
    let mut wrong = Vec::new();
    for package in members(&metadata).filter(|package| !TESTS.contains(&name(package))) {
        let allowed = MAY_USE
            .iter()
            .find(|(crate_name, _)| *crate_name == name(package))
            .map(|(_, allowed)| *allowed);
        let allowed = allowed.unwrap_or_else(|| panic!("say in MAY_USE what {} may use", name(package)));
        let used = package["dependencies"]
            .as_array()
            .unwrap()
            .iter()
            .filter(|used| used["path"].is_string());
        wrong.extend(
            used.map(name)
                .filter(|used| !allowed.contains(used) && *used != name(package))
                .map(|used| (name(package), used)),
        );
    }
    assert!(wrong.is_empty(), "these edges are not allowed: {wrong:?}");
}

#[test]
fn core_knows_neither_window_nor_cloud_sdk_nor_keychain() {
    let metadata = metadata();
    let below = below(&metadata, "slipway-core");
    assert!(
        below.contains("slipway-protocol"),
        "the walk through the dependencies works"
    );
    let unwanted = |name: &&String| NOT_IN_CORE.iter().any(|prefix| name.starts_with(prefix));
    assert_eq!(
        below.iter().filter(unwanted).collect::<Vec<_>>(),
        Vec::<&String>::new()
    );
}

/// Names of all packages that a member is built from.
fn below(metadata: &Value, member: &str) -> BTreeSet<String> {
    let packages = metadata["packages"].as_array().unwrap();
    let names: HashMap<&str, &str> = packages
        .iter()
        .map(|package| (text(package, "id"), name(package)))
        .collect();
    let nodes = metadata["resolve"]["nodes"].as_array().unwrap();
    let nodes: HashMap<&str, &Value> = nodes.iter().map(|node| (text(node, "id"), node)).collect();
    let mut open: Vec<&str> = names
        .iter()
        .filter(|(_, name)| **name == member)
        .map(|(id, _)| *id)
        .collect();
    let mut seen = BTreeSet::new();
    while let Some(id) = open.pop() {
        if seen.insert(id) {
            open.extend(built_from(nodes[id]));
        }
    }
    seen.into_iter().map(|id| names[id].to_owned()).collect()
}

/// Ids of the direct dependencies, but not of those for tests only.
fn built_from(node: &Value) -> impl Iterator<Item = &str> {
    let for_tests = |dependency: &Value| {
        dependency["dep_kinds"]
            .as_array()
            .unwrap()
            .iter()
            .all(|kind| kind["kind"] == "dev")
    };
    let dependencies = node["deps"].as_array().unwrap().iter();
    dependencies
        .filter(move |dependency| !for_tests(dependency))
        .map(|dependency| text(dependency, "pkg"))
}

fn members(metadata: &Value) -> impl Iterator<Item = &Value> {
    let ours = metadata["workspace_members"].as_array().unwrap();
    metadata["packages"]
        .as_array()
        .unwrap()
        .iter()
        .filter(|package| ours.contains(&package["id"]))
}

fn metadata() -> Value {
    let mut ask = Command::new(env!("CARGO"));
    let output = ask
        .args(["metadata", "--format-version", "1", "--all-features"])
        .current_dir(root())
        .output()
        .unwrap();
    serde_json::from_slice(&output.stdout).unwrap()
}

fn name(value: &Value) -> &str {
    text(value, "name")
}

fn text<'a>(value: &'a Value, key: &str) -> &'a str {
    value[key].as_str().unwrap()
}
