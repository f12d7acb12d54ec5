//! A newcomer's first hour: launch, get the keys, keep an image, launch from it, terminate; and nothing is left behind.

use std::os::unix::fs::PermissionsExt;

use slipway_tests::leftovers::leftovers;
use slipway_tests::window::{Page, Screen};

use crate::wizard;

#[test]
fn a_newcomer_launches_gets_the_keys_makes_an_image_and_terminates() {
    // Slow enough for the progress of the image to be seen.
    let mut screen = Screen::at_speed("20");
    let page = screen.open();
    page.sees("heading", "A Windows web server with a CMS");
    page.click("button", "Launch a practice server");
    wizard::launch(&page, "first");
    screen.look_away();
    the_launch_is_seen(&page);
    its_end_is_told(&screen, &page);
    let address = page.sees("text", "http://127.0.0.1");
    the_site_opens(&screen, &page, &address);
    the_rdp_file_is_saved_and_shown(&screen, &page);
    an_image_is_made(&page);
    a_copy_is_launched(&page);
    everything_is_terminated(&screen, &page);
}

fn the_launch_is_seen(page: &Page) {
    page.sees("heading", "first");
    page.sees_a_launch();
    page.will_see("button", "Create the database");
    page.until(
        "a line of the log",
        "return document.querySelectorAll('[data-number]').length > 3",
    );
    page.will_see("heading", "first is up");
}

fn its_end_is_told(screen: &Screen, page: &Page) {
    page.0
        .until("the desktop was told", || screen.bus.heard("first is up"));
}

fn the_site_opens(screen: &Screen, page: &Page, address: &str) {
    page.click("button", "Open the site");
    page.0.until("the browser was asked", || {
        screen.opened().iter().any(|one| one == address)
    });
    let site = page.0.fetch(address);
    assert!(site.contains("Slipway’s first site"), "{site}");
}

fn the_rdp_file_is_saved_and_shown(screen: &Screen, page: &Page) {
    page.click("button", "Save .rdp file");
    page.sees("text", "Saved as");
    let file = screen.downloads().join("first.rdp");
    let mode = std::fs::metadata(&file).unwrap().permissions().mode();
    assert_eq!(mode & 0o777, 0o600);
    let text = std::fs::read_to_string(&file).unwrap();
    assert!(text.contains("full address:s:127.0.0.1"), "{text}");
    let shown = format!("file://{}", file.display());
    page.0
        .until("the file was shown in its folder", || screen.bus.heard(&shown));
}

fn an_image_is_made(page: &Page) {
    page.fill("Name", "first-image");
    page.fill("Description", "The site with nothing changed");
    page.click("button", "Make the image");
    page.sees("heading", "Servers");
    page.sees("text", "Making an image");
    page.sees("progressbar", "Progress of first");
    page.click_beginning("link", "Images");
    page.will_see("link", "Launch from it: first-image");
    page.sees("text", "The site with nothing changed");
    page.click_beginning("link", "Servers");
    page.will_see("text", "Ready");
    page.click_beginning("link", "Images");
}

fn a_copy_is_launched(page: &Page) {
    page.click("link", "Launch from it: first-image");
    page.sees("text", "Step 1 of 5");
    wizard::name_and_launch(page, "second");
    page.will_see("heading", "second is up");
}

fn everything_is_terminated(screen: &Screen, page: &Page) {
    page.click("button", "Terminate…");
    // Of a server that is ready the name has to be typed.
    page.click("button", "Terminate");
    assert!(page.has("heading", "Terminate second?"));
    page.fill("Type “second” to go on", "second");
    page.click("button", "Terminate");
    page.click_beginning("link", "Servers");
    // The driver presses where a thing was a moment ago: the row above has to be gone before.
    page.until(
        "the copy is gone from the list",
        "return document.querySelectorAll('ul[aria-label=Servers] > li').length === 1",
    );
    page.click("button", "More for first");
    page.click("menuitem", "Terminate…");
    page.fill("Type “first” to go on", "first");
    page.click("button", "Terminate");
    page.will_see("heading", "No servers yet");
    screen.room.done(&["image", "delete", "first-image", "--yes"]);
    assert_eq!(leftovers(&screen.room), Vec::<String>::new());
}
