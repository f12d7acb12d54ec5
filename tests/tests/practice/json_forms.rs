//! Every command with `--json`: each line has the form that docs/json.md promises.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value;
use slipway_tests::room::Room;

const DOCUMENT: &str = include_str!("../../../docs/json.md");
/// Types that only an AWS account shows, or only one that takes its time.
const ON_EC2_ONLY: &[&str] = &[
    "file_profile",
    "profile_changed",
    "network",
    "leftover",
    "kept",
    "waiting",
];

/// Everything that can be typed, in an order in which most of it works.
const STORY: &[&str] = &[
    "profiles",
    "profiles use practice",
    "offer",
    "doctor",
    "doctor --size t3.nano",
    "policy",
    "sweep",
    "recipes",
    "recipes show practice-site",
    "recipes check bad.toml",
    "servers",
    "launch --recipe practice-site --name demo",
    "launch --recipe practice-site --name demo",
    "launch --recipe practice-site --name broken --set fail_at=web_server",
    "retry broken",
    "servers --all",
    "watch demo",
    "resume demo",
    "access demo",
    "access demo --show-password",
    "access demo --rdp demo.rdp",
    "log demo",
    "log demo -n 3",
    "console demo",
    "keep demo",
    "image create demo --name first-image --wait",
    "image create broken --name second-image --wait",
    "image list",
    "launch --image first-image --name copy --detach",
    "watch copy",
    "stop demo",
    "start demo",
    "restart demo",
    "image create copy --name third-image",
    "terminate demo broken --yes",
    "image delete first-image --yes",
    "completions fish",
    "man pages",
    "watch nobody",
    "launch",
    "frobnicate",
];

/// What a line of a type holds: fields that are always there, and others.
#[derive(Debug, Default)]
struct Form {
    always: BTreeSet<String>,
    sometimes: BTreeSet<String>,
}

/// The table of the document, by type.
fn forms() -> BTreeMap<String, Form> {
    let (table, _) = DOCUMENT.split_once("## A server").unwrap();
    let rows = table.lines().filter(|line| line.starts_with("| `"));
    // The head is no type.
    let cells = rows
        .skip(1)
        .map(|row| row.split('|').map(str::trim).collect::<Vec<_>>());
    let forms = cells.filter(|cells| cells.len() == 6).map(|cells| {
        let mut form = Form::default();
        for field in cells[3].split(", ") {
            let (name, sometimes) = (
                field.trim_end_matches('?').trim_matches('`'),
                field.ends_with('?'),
            );
            let fields = if sometimes {
                &mut form.sometimes
            } else {
                &mut form.always
            };
            fields.insert(name.to_owned());
        }
        (cells[1].trim_matches('`').to_owned(), form)
    });
    forms.collect()
}

fn check(forms: &BTreeMap<String, Form>, typed: &str, line: &str) -> String {
    assert!(line.starts_with("{\"type\":\""), "{typed}: {line}");
    let value: Value = serde_json::from_str(line).unwrap_or_else(|_| panic!("{typed}: {line}"));
    let object = value.as_object().unwrap_or_else(|| panic!("{typed}: {line}"));
    let kind = value["type"].as_str().unwrap().to_owned();
    let form = forms
        .get(&kind)
        .unwrap_or_else(|| panic!("{typed}: “{kind}” is not in docs/json.md"));
    let found: BTreeSet<String> = object.keys().filter(|key| *key != "type").cloned().collect();
    let missing: Vec<_> = form.always.difference(&found).collect();
    assert!(missing.is_empty(), "{typed}: {missing:?} missing: {line}");
    let known: BTreeSet<String> = form.always.union(&form.sometimes).cloned().collect();
    let more: Vec<_> = found.difference(&known).collect();
    assert!(more.is_empty(), "{typed}: {more:?} not in docs/json.md: {line}");
    kind
}

#[test]
fn every_line_of_every_command_has_the_form_that_is_documented() {
    let (room, forms) = (Room::new(), forms());
    std::fs::write(room.path().join("bad.toml"), "id = 3\n").unwrap();
    let mut seen = BTreeSet::new();
    for typed in STORY.iter().copied() {
        let words: Vec<&str> = typed.split(' ').chain(["--json"]).collect();
        let ran = room.run(&words);
        assert!(matches!(ran.status, 0..=2), "{typed}: {}{}", ran.out, ran.err);
        let silent = matches!(typed, "sweep" | "servers");
        assert!(silent || !ran.out.is_empty(), "{typed} prints no line");
        seen.extend(ran.out.lines().map(|line| check(&forms, typed, line)));
    }
    let unseen: Vec<&String> = forms.keys().filter(|kind| !seen.contains(*kind)).collect();
    assert_eq!(
        unseen
            .iter()
            .filter(|kind| !ON_EC2_ONLY.contains(&kind.as_str()))
            .count(),
        0,
        "{unseen:?}"
    );
}
