//! Every command typed in odd ways: none may panic, hang or take what it was not given.

use std::process::Command;

use slipway_tests::room::{Ran, Room, program};

/// With `{}` for an odd value.
const COMMANDS: &[&[&str]] = &[
    &["watch", "{}"],
    &["access", "{}"],
    &["access", "{}", "--rdp", "-"],
    &["retry", "{}"],
    &["resume", "{}", "--offer", "{}"],
    &["keep", "{}"],
    &["console", "{}"],
    &["log", "{}", "--search", "{}"],
    &["start", "{}"],
    &["stop", "{}"],
    &["restart", "{}"],
    &["terminate", "{}", "--yes"],
    &["image", "create", "{}", "--name", "{}", "--description", "{}"],
    &["image", "delete", "{}", "--yes"],
    &["launch", "--recipe", "{}", "--name", "demo"],
    &["launch", "--image", "{}", "--name", "demo"],
    &["launch", "--recipe", "practice-site", "--name", "{}"],
    &[
        "launch",
        "--recipe",
        "practice-site",
        "--name",
        "demo",
        "--size",
        "{}",
    ],
    &["recipes", "show", "{}"],
    &["recipes", "check", "{}"],
    &["profiles", "use", "{}"],
    &["profiles", "remove", "{}"],
    &["servers", "--region", "{}"],
    &["offer", "--recipe", "{}"],
    &["doctor", "--size", "{}"],
    &["sweep", "--delete", "{}"],
];

fn odd_values() -> Vec<String> {
    let odd = [
        "",
        " ",
        "it's \"odd\"",
        "🚀 שלום",
        "\u{202e}evil",
        "a\nb\x1b[31m",
        "$(id)",
        "../../etc/passwd",
    ];
    odd.into_iter()
        .map(str::to_owned)
        .chain(["x".repeat(300)])
        .collect()
}

fn typed(command: &[&str], value: &str) -> Vec<String> {
    let word = |word: &&str| {
        if *word == "{}" {
            value.to_owned()
        } else {
            (*word).to_owned()
        }
    };
    command.iter().map(word).collect()
}

fn refused_in_words(ran: &Ran, typed: &[String]) {
    assert!(
        matches!(ran.status, 1 | 2),
        "{typed:?}: {}\n{}{}",
        ran.status,
        ran.out,
        ran.err
    );
    let said = format!("{}{}", ran.out, ran.err);
    assert!(!said.contains("panicked"), "{typed:?}: {said}");
    assert!(!said.contains(['\x1b', '\u{202e}']), "{typed:?}: {said:?}");
    assert!(said.len() < 3_000 && !said.trim().is_empty(), "{typed:?}: {said}");
}

#[test]
fn odd_values_are_refused_in_words() {
    let room = Room::new();
    for command in COMMANDS {
        for value in odd_values() {
            let typed = typed(command, &value);
            let words: Vec<&str> = typed.iter().map(String::as_str).collect();
            refused_in_words(&room.run(&words), &typed);
        }
    }
    assert_eq!(room.processes(), []);
}

#[test]
fn odd_values_are_refused_in_one_line_of_json() {
    let room = Room::new();
    for command in COMMANDS.iter().filter(|command| !command.contains(&"-")) {
        let typed = typed(command, "it's \"odd\"\n");
        let words: Vec<&str> = typed.iter().map(String::as_str).chain(["--json"]).collect();
        let ran = room.run(&words);
        assert!(matches!(ran.status, 1 | 2), "{typed:?}: {}", ran.out);
        assert!(
            ran.json().iter().all(|line| line["type"].is_string()),
            "{typed:?}: {}",
            ran.out
        );
        assert!(!ran.out.is_empty(), "{typed:?}: {}", ran.err);
    }
}

#[cfg(unix)]
#[test]
fn closed_and_full_streams_end_a_command_quietly() {
    let room = Room::new();
    room.done(&["launch", "--recipe", "practice-site", "--name", "demo"]);
    let commands = [
        "servers",
        "servers --all",
        "recipes",
        "recipes show practice-site",
        "profiles",
        "policy",
        "offer --all",
        "doctor",
        "access demo",
        "access demo --rdp -",
        "log demo",
        "log demo --json",
        "console demo",
        "image list",
        "watch demo",
        "completions bash",
        "help",
        "--version",
        "launch --help",
        "sweep",
    ];
    for typed in commands {
        for streams in [
            ">&-",
            "2>&-",
            "<&-",
            ">&- 2>&- <&-",
            "| true",
            "> /dev/full",
            "2> /dev/full",
        ] {
            let line = format!("timeout 60 \"$slipway\" {typed} {streams}");
            let slipway = room.command(&[]);
            let mut command = Command::new("sh");
            command
                .args(["-c", &line])
                .env("slipway", program("slipway"))
                .current_dir(room.path());
            command.envs(
                slipway
                    .get_envs()
                    .filter_map(|(name, value)| Some((name, value?))),
            );
            let ran = Ran::from(command.output().unwrap());
            assert!(!ran.err.contains("panicked"), "{line}: {}", ran.err);
            assert!(matches!(ran.status, 0..=2), "{line}: {} {}", ran.status, ran.err);
        }
    }
}
