//! Calls that a page under somebody else's control would make: none outside the list is answered, nonsense is refused
//! with words, and the program goes on as if nothing had been.

use std::collections::BTreeSet;

use serde_json::{Value, json};
use slipway_tests::window::{Page, Screen, processes};

/// Runs one command with each of several arguments, given as JSON text; gives what came of each.
const CALL: &str = r#"
const done = arguments[arguments.length - 1];
const [command, bodies] = arguments;
const one = async (body) => window.__TAURI_INTERNALS__.invoke(command, body === null ? undefined : JSON.parse(body));
const told = (thrown) => ({ refused: typeof thrown === 'string' ? thrown : (thrown?.sentence ?? String(thrown)) });
const late = () => new Promise((end) => setTimeout(() => end({ late: true }), 30_000));
const ended = (body) => Promise.race([one(body).then(() => ({ answered: true }), told), late()]);
Promise.all(bodies.map(ended)).then(done, (thrown) => done(String(thrown)));
"#;

/// What Tauri and its plugins could do, and names that every JavaScript object has.
const FOREIGN: [&str; 28] = [
    "",
    "exec",
    "eval",
    "read_file",
    "open",
    "Settings",
    "settings ",
    "settings\u{0}",
    "../settings",
    "__proto__",
    "constructor",
    "toString",
    "hasOwnProperty",
    "plugin:",
    "plugin:event|emit",
    "plugin:event|emit_to",
    "plugin:fs|read_text_file",
    "plugin:shell|execute",
    "plugin:shell|open",
    "plugin:opener|open_url",
    "plugin:process|exit",
    "plugin:path|resolve_directory",
    "plugin:app|version",
    "plugin:window|close",
    "plugin:webview|create_webview_window",
    "plugin:menu|new",
    "plugin:notification|notify",
    "plugin:window-state|save_window_state",
];

#[test]
fn no_call_outside_the_list_is_answered_and_nonsense_is_refused_with_words() {
    let mut screen = Screen::new();
    let page = screen.open();
    page.sees("button", "Launch a practice server");
    let before = processes::of_home(&screen.home());
    nothing_foreign_is_answered(&page);
    nonsense_is_refused(&page);
    nothing_has_changed(&screen, &page);
    assert_eq!(processes::of_home(&screen.home()), before, "the same processes");
}

fn nothing_foreign_is_answered(page: &Page) {
    // WebKit takes its time for names that are far longer than any message of a page.
    let long = "a".repeat(1 << 14);
    for command in FOREIGN.into_iter().chain([long.as_str()]) {
        let shown: String = command.chars().take(40).collect();
        for outcome in call(page, command, &bodies()) {
            let words = outcome["refused"].as_str();
            assert!(
                words.is_some_and(|words| !words.is_empty()),
                "“{shown}”: {outcome}"
            );
        }
    }
}

fn nonsense_is_refused(page: &Page) {
    for command in commands() {
        let outcomes = call(page, &command, &bodies());
        for (body, outcome) in bodies().iter().zip(outcomes) {
            let shown: String = body.to_string().chars().take(60).collect();
            let refused = outcome["refused"].as_str().is_some_and(|words| words.len() > 5);
            // Some ask for nothing, so that whatever else they are given is not looked at.
            let answered = outcome["answered"] == true;
            assert!(refused || answered, "{command} {shown}: {outcome}");
            assert!(
                refused || ASK_FOR_NOTHING.contains(&command.as_str()),
                "{command} {shown} was answered"
            );
        }
    }
}

/// Commands without arguments, and those whose arguments may all be left out.
const ASK_FOR_NOTHING: [&str; 16] = [
    "settings",
    "notices",
    "list_profiles",
    "file_profiles",
    "prices",
    "create_default_network",
    "list_servers",
    "list_images",
    "list_recipes",
    "broken_recipes",
    "catalog",
    "draft",
    "save_draft",
    "doctor",
    "sweep",
    "switch_region",
];

fn nothing_has_changed(screen: &Screen, page: &Page) {
    let polluted = page
        .0
        .run("return 'polluted' in {} || 'polluted' in window", json!([]));
    assert_eq!(polluted, Ok(json!(false)));
    let servers = screen.room.done(&["--profile", "practice", "servers", "--json"]);
    assert_eq!(servers.json(), Vec::<Value>::new());
    page.click_beginning("link", "Settings");
    page.sees("heading", "Settings");
    page.click_beginning("link", "Servers");
    page.sees("button", "Launch a practice server");
}

/// The names as the program itself lists them.
fn commands() -> BTreeSet<String> {
    let build = include_str!("../../../src-tauri/build.rs");
    let list = build
        .split("COMMANDS")
        .nth(1)
        .and_then(|rest| rest.split("];").next());
    let names = list.unwrap().split('"').skip(1).step_by(2).map(str::to_owned);
    let names: BTreeSet<String> = names.collect();
    assert!(names.len() >= 40, "{names:?}");
    names
}

/// Arguments under every name that a command takes, each of a wrong type or shape.
fn bodies() -> Vec<Value> {
    // Under fifteen names: a megabyte in all.
    let long = "x".repeat(1 << 16);
    let deep = format!("{}{}", "[".repeat(5_000), "]".repeat(5_000));
    let values = [
        "null".to_owned(),
        "-1".to_owned(),
        "1e308".to_owned(),
        "[]".to_owned(),
        "[[{}]]".to_owned(),
        r#"{"__proto__": {"polluted": true}, "constructor": {"prototype": {"polluted": true}}}"#.to_owned(),
        format!("[\"{long}\"]"),
        deep,
    ];
    let names = [
        "id",
        "name",
        "of",
        "act",
        "page",
        "query",
        "settings",
        "profile",
        "draft",
        "secrets",
        "minutes",
        "restart",
        "offer",
        "region",
        "description",
    ];
    let body = |value: &String| {
        let parts: Vec<String> = names.iter().map(|name| format!("\"{name}\": {value}")).collect();
        json!(format!("{{{}}}", parts.join(", ")))
    };
    let whole = [
        json!(null),
        json!("{}"),
        json!(r#"{"__proto__": {"id": "demo", "polluted": true}}"#),
    ];
    values.iter().map(body).chain(whole).collect()
}

fn call(page: &Page, command: &str, bodies: &[Value]) -> Vec<Value> {
    let outcomes = page.0.run_until_told(CALL, json!([command, bodies]));
    let outcomes = outcomes.unwrap_or_else(|reason| panic!("{command}: {reason}"));
    outcomes
        .as_array()
        .unwrap_or_else(|| panic!("{command}: {outcomes}"))
        .clone()
}
