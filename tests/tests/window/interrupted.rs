//! A window that ends in the middle of a launch, killed or closed, and is opened again: all is there and goes on.

use std::process::Stdio;

use serde_json::json;
use slipway_tests::leftovers::instances_ever;
use slipway_tests::window::{Page, Screen, processes};

use crate::wizard;

/// Slow enough to be interrupted in the middle.
const SPEED: &str = "3";

#[test]
fn a_killed_window_shows_everything_when_it_is_opened_again_and_goes_on() {
    let mut screen = Screen::at_speed(SPEED);
    let page = screen.open();
    page.click("button", "Launch a practice server");
    wizard::launch(&page, "hardy");
    in_the_middle(&page);
    screen.kill_window();
    it_is_all_there_and_goes_on(&mut screen);
}

#[test]
fn a_closed_window_gives_the_launch_back_and_goes_on_when_it_is_opened_again() {
    let mut screen = Screen::at_speed(SPEED);
    let page = screen.open();
    page.click("button", "Launch a practice server");
    wizard::launch(&page, "hardy");
    in_the_middle(&page);
    let wanted = json!({ "width": 1100, "height": 700 });
    page.0.post("window/rect", wanted).unwrap();
    page.0
        .until("the window has its new size", || size(&page) == (1100, 700));
    screen.quit(&page);
    let page = it_is_all_there_and_goes_on(&mut screen);
    assert_eq!(size(&page), (1100, 700));
    a_second_start_ends_and_brings_the_first_to_front(&screen, &page);
}

fn in_the_middle(page: &Page) {
    page.until(
        "in the middle",
        "return /Installing · [2-6] of/.test(document.body.innerText)",
    );
}

fn it_is_all_there_and_goes_on(screen: &mut Screen) -> Page {
    let page = screen.open();
    page.click("link", "hardy");
    page.sees("button", "Create the database");
    page.will_see("heading", "hardy is up");
    let log = screen.room.done(&["log", "hardy", "--json"]).json();
    let numbers: Vec<_> = log.iter().filter_map(|line| line["number"].as_i64()).collect();
    assert!(
        numbers.is_sorted_by(|one, next| one < next),
        "no line twice: {numbers:?}"
    );
    assert_eq!(instances_ever(&screen.room), 1);
    page
}

fn a_second_start_ends_and_brings_the_first_to_front(screen: &Screen, page: &Page) {
    let before = processes::of_home(&screen.home());
    let second = screen
        .command(slipway_tests::room::program("slipway-window"))
        .stderr(Stdio::null())
        .status();
    assert!(second.unwrap().success());
    page.0.until("the second is gone, with all that it started", || {
        processes::of_home(&screen.home()) == before
    });
    page.sees("heading", "hardy is up");
    screen.press(page, "ctrl+2");
    page.sees("heading", "No images yet");
}

fn size(page: &Page) -> (u64, u64) {
    let rect = page.0.get("window/rect").unwrap();
    (
        rect["width"].as_u64().unwrap_or(0),
        rect["height"].as_u64().unwrap_or(0),
    )
}
