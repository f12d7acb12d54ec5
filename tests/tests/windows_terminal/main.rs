//! The story of the practice world, typed into `slipway` as it is built for Windows, under wine.

#![allow(clippy::unwrap_used, reason = "all of this is tests")]

mod terminal;

use crate::terminal::Terminal;

#[tokio::test]
async fn a_server_lives_and_goes_on_windows() {
    let terminal = Terminal::new();
    let launch = ["launch", "--recipe", "practice-site", "--name", "demo"];
    let launched =
        terminal.done(&[&["--profile", "practice"][..], &launch, &["--set", "title=Hello"]].concat());
    assert!(launched.contains("demo is ready"), "{launched}");
    terminal.done(&["access", "demo", "--rdp", "demo.rdp"]);
    let file = std::fs::read_to_string(terminal.path().join("demo.rdp")).unwrap();
    assert!(file.starts_with("full address:s:127.0.0.1:"), "{file}");

    terminal.done(&["image", "create", "demo", "--name", "demo-1", "--wait"]);
    terminal.done(&["launch", "--image", "demo-1", "--name", "copy"]);
    let site = reqwest::get(terminal.site("copy")).await.unwrap();
    let page = site.text().await.unwrap();
    assert!(page.contains("<title>Hello</title>"), "{page}");

    terminal.done(&["stop", "demo"]);
    terminal.done(&["start", "demo"]);
    terminal.done(&["terminate", "demo", "copy", "--yes"]);
    terminal.done(&["image", "delete", "demo-1", "--yes"]);
    assert_eq!(terminal.left(), Vec::<String>::new());
}

#[test]
fn a_failed_launch_goes_on_where_it_failed_on_windows() {
    let terminal = Terminal::new();
    let launch = [
        "--profile",
        "practice",
        "launch",
        "--recipe",
        "practice-site",
        "--name",
        "broken",
    ];
    let (status, said) = terminal.run(&[&launch[..], &["--set", "fail_at=database"]].concat());
    assert_eq!(status, Some(1), "{said}");
    assert!(said.contains("slipway retry broken"), "{said}");
    terminal.done(&["retry", "broken"]);
    terminal.done(&["terminate", "broken", "--yes"]);
    assert_eq!(terminal.left(), Vec::<String>::new());
}
