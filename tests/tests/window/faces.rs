//! Both faces at once: the terminal works on the same journal, and each sees what the other does.

use serde_json::Value;
use slipway_tests::window::{Page, Screen};

use crate::wizard;

#[test]
fn the_terminal_and_the_window_show_the_same() {
    let mut screen = Screen::at_speed("20");
    let page = screen.open();
    page.click("button", "Launch a practice server");
    wizard::launch(&page, "shared");
    page.will_see("text", "Installing ·");
    let watching = screen.room.start(&["watch", "shared", "--json"]);
    page.will_see("heading", "shared is up");
    let watched = watching.wait_with_output().unwrap();
    let lines = String::from_utf8(watched.stdout).unwrap();
    let lines: Vec<Value> = lines
        .lines()
        .map(|line| serde_json::from_str(line).unwrap())
        .collect();
    let end = lines.last().unwrap();
    assert_eq!(end["outcome"], "ready", "{end}");
    let last = lines.iter().rfind(|line| line["type"] == "launch").unwrap();
    the_steps_are_the_same(&page, &last["launch"]);
    page.sees("text", end["site_url"].as_str().unwrap());
    the_lists_are_the_same(&screen, &page);
}

fn the_steps_are_the_same(page: &Page, launch: &Value) {
    for step in launch["steps"].as_array().unwrap() {
        assert_eq!(step["state"], "done");
        page.sees("button", step["title"].as_str().unwrap());
    }
}

fn the_lists_are_the_same(screen: &Screen, page: &Page) {
    page.click_beginning("link", "Servers");
    page.sees("link", "shared");
    // What the terminal does appears in the window by itself.
    screen.room.done(&["stop", "shared"]);
    page.sees("text", "Stopped");
    let servers = screen.room.done(&["servers", "--json"]).json();
    assert_eq!(servers[0]["status"], "stopped");
    screen.launch("other");
    page.sees("link", "other");
    page.sees("text", "Ready");
    screen.room.done(&["terminate", "shared", "other", "--yes"]);
    page.sees("heading", "No servers yet");
}
