//! Wrong and hostile input: a sentence that names the field, exit status 2, and nothing begun.

use slipway_tests::room::{Ran, Room};

fn refused(room: &Room, arguments: &[&str], word: &str) {
    let ran = room.run(arguments);
    assert_eq!(ran.status, 2, "{arguments:?}\n{}{}", ran.out, ran.err);
    assert!(
        ran.err.contains(word),
        "{arguments:?} should say {word:?}: {}",
        ran.err
    );
    assert!(
        !ran.err.contains('\x1b') && !ran.err.contains('\u{202e}'),
        "{:?}",
        ran.err
    );
    assert!(ran.err.len() < 2_000, "{}", ran.err.len());
}

#[test]
fn names_that_can_not_be_used_are_refused_by_field() {
    let room = Room::new();
    let long = "n".repeat(100_000);
    for name in [
        "",
        " ",
        "a b",
        "-x",
        "a\"b",
        "a\nb",
        "</powershell>",
        "\u{202e}evil",
        "🚀",
        "../up",
        &long,
    ] {
        refused(
            &room,
            &["launch", "--recipe", "practice-site", &format!("--name={name}")],
            "name",
        );
    }
    assert_eq!(room.processes(), []);
    assert_eq!(room.done(&["servers", "--json"]).out, "");
}

#[test]
fn answers_that_can_not_be_used_are_refused_by_field() {
    let room = Room::new();
    let launch = |set: &str, word: &str| {
        refused(
            &room,
            &[
                "launch",
                "--recipe",
                "practice-site",
                "--name",
                "demo",
                "--set",
                set,
            ],
            word,
        );
    };
    let long = format!("title={}", "x".repeat(100_000));
    launch("title=", "Site title");
    launch("title=two\nlines", "Site title");
    launch("title=\u{202e}turned", "Site title");
    launch(&long, "Site title");
    launch("titel=Hello", "title");
    launch("fail_at=databse", "database");
}

#[test]
fn unknown_things_list_the_near_names() {
    let room = Room::new();
    refused(
        &room,
        &["launch", "--recipe", "practise-site", "--name", "demo"],
        "practice-site",
    );
    refused(&room, &["--profile", "practise", "servers"], "practice");
    refused(&room, &["servers", "--region", "practise"], "practice");
    refused(&room, &["watch", "nobody"], "nobody");
    refused(
        &room,
        &["launch", "--image", "nothing", "--name", "demo"],
        "nothing",
    );
    refused(&room, &["image", "delete", "nothing", "--yes"], "nothing");
    refused(&room, &["terminate", "nobody", "--yes"], "nobody");
    refused(&room, &["recipes", "show", "practice"], "practice-site");
}

#[test]
fn a_broken_recipe_file_names_line_and_reason() {
    let room = Room::new();
    let file = room.path().join("broken.toml");
    std::fs::write(&file, "id = \"broken\"\ntitle = 7\n").unwrap();
    let ran = room.run(&["recipes", "check", "broken.toml"]);
    assert_eq!(ran.status, 2);
    assert!(ran.out.contains("broken.toml:2: "), "{}", ran.out);
    refused(&room, &["recipes", "check", "missing.toml"], "missing.toml");
}

#[test]
fn a_usage_error_is_json_where_json_was_asked_for() {
    let room = Room::new();
    let ran = room.run(&["launch", "--json"]);
    assert_eq!((ran.status, ran.err.as_str()), (2, ""));
    let error = ran.last();
    assert_eq!(
        (error["type"].as_str(), error["kind"].as_str()),
        (Some("error"), Some("input")),
        "{error}"
    );
}

#[test]
fn hostile_titles_come_through_safely_to_the_page() {
    let room = Room::new();
    let title = "a\"b'c</title><script>alert(1)</script> $(id) `id` </powershell> %PATH% & 🚀 שלום";
    room.done(&[
        "launch",
        "--recipe",
        "practice-site",
        "--name",
        "odd",
        "--set",
        &format!("title={title}"),
    ]);
    let access = room.done(&["access", "odd", "--json"]).last();
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .unwrap();
    let page = runtime.block_on(async {
        let client = reqwest::Client::builder().no_proxy().build().unwrap();
        client
            .get(access["site_url"].as_str().unwrap())
            .send()
            .await
            .unwrap()
            .text()
            .await
            .unwrap()
    });
    assert!(page.contains("🚀 שלום") && page.contains("$(id) `id`"), "{page}");
    assert!(!page.contains("<script>alert"), "{page}");
}

#[test]
fn removing_without_a_terminal_needs_yes() {
    let room = Room::new();
    room.done(&["launch", "--recipe", "practice-site", "--name", "kept"]);
    refused(&room, &["terminate", "kept"], "--yes");
    assert!(room.done(&["servers"]).out.contains("kept"));
}

#[test]
fn a_chosen_password_comes_by_standard_input_and_is_the_one_that_counts() {
    let room = Room::new();
    let chosen = "Correct-Horse-Battery-9";
    let file = room.path().join("input");
    // As a Windows editor writes it.
    std::fs::write(&file, format!("\u{feff}{chosen}\r\n")).unwrap();
    let mut command = room.command(&[
        "launch",
        "--recipe",
        "practice-site",
        "--name",
        "own",
        "--password-stdin",
    ]);
    let launched: Ran = command
        .stdin(std::fs::File::open(&file).unwrap())
        .output()
        .unwrap()
        .into();
    assert_eq!(launched.status, 0, "{}{}", launched.out, launched.err);
    assert!(!launched.out.contains(chosen) && !launched.err.contains(chosen));
    let access = room.done(&["access", "own", "--json", "--show-password"]).last();
    assert_eq!(access["password"], chosen);
}
