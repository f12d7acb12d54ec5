//! A failure that was practised: what the screen says of it, and going on from the step.

use slipway_tests::window::{Page, Screen};

use crate::wizard;

#[test]
fn a_practised_failure_says_which_step_and_why_and_the_launch_goes_on_from_it() {
    let mut screen = Screen::new();
    let page = screen.open();
    page.click("button", "Launch a practice server");
    page.click_beginning("radio", "Practice site");
    wizard::name_and_check(&page, "trial");
    page.choose("Practise a failure", "Create the database");
    page.click("button", "Launch");

    page.will_see("heading", "trial could not be installed");
    page.sees("heading", "“Create the database”");
    let lines = page.sees("region", "Its last lines");
    assert!(lines.contains("this step was asked to fail"), "{lines}");
    page.until(
        "one step failed",
        "return document.body.innerText.includes(' 1 failed')",
    );
    assert!(
        !page.has("heading", "Make an image"),
        "of a failed server no image can be made"
    );
    the_log_can_be_saved(&screen, &page);
    the_list_says_what_failed(&page);

    page.click("button", "Go on without a restart");
    page.will_see("heading", "trial is up");
}

fn the_log_can_be_saved(screen: &Screen, page: &Page) {
    page.click("button", "Save the full log…");
    page.sees("text", "Saved as");
    let log = std::fs::read_to_string(screen.downloads().join("trial.log")).unwrap();
    assert!(log.contains("error: "), "{log}");
}

fn the_list_says_what_failed(page: &Page) {
    page.click_beginning("link", "Servers");
    page.sees("text", "Install failed");
    page.click("link", "See what failed on trial");
}
