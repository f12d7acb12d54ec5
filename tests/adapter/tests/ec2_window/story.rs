//! The life of a server on an AWS account in the window: from the first access key until nothing is left.

use serde_json::json;
use slipway_test_adapter::cloud::{KEY, REGION};
use slipway_test_adapter::terminal::SECRET;
use slipway_tests::window::Page;

use crate::wizard;
use crate::world::{World, terminate};

#[test]
fn rewritten_a_server_lives_and_goes_without_a_trace() {
    let mut world = World::new();
    let page = world.screen.open();
    page.click("button", "Look around first");
    a_profile_is_added(&page);
    page.click_beginning("link", "Servers");
    page.click("link", "Launch a server");
    wizard::launch(&page, "shop");
    it_is_seen_until_it_is_up(&page);
    let address = the_site_shows_its_title(&page);
    the_password_is_the_terminals(&world, &page);
    a_changed_address_is_let_in(&world, &page);
    an_image_is_made_and_launched_from(&page);
    a_stop_and_a_start_give_another_address(&page, &address);
    everything_goes(&page);
    assert_eq!(world.cloud.there("instances_ever", REGION).len(), 2);
    world.is_left_empty();
}

fn a_profile_is_added(page: &Page) {
    page.click_beginning("link", "Profiles");
    page.click("button", "Add a profile");
    for (label, text) in [
        ("Name", "work"),
        ("Region", REGION),
        ("Access key id", KEY),
        ("Secret access key", SECRET),
    ] {
        page.fill(label, text);
    }
    page.click("button", "Add the profile");
    page.will_see("text", "work was added.");
    page.click("button", "Use it: work");
    page.sees("text", "work is in use.");
}

fn it_is_seen_until_it_is_up(page: &Page) {
    page.will_see("heading", "shop");
    page.sees_a_launch();
    page.will_see("button", "Create the database");
    page.will_see("heading", "shop is up");
}

/// The address.
fn the_site_shows_its_title(page: &Page) -> String {
    let address = page.sees("text", "http://");
    let site = page.0.fetch(&address);
    assert!(site.contains(wizard::TITLE), "{site}");
    page.sees("button", "Hold to show the CMS password");
    address
}

/// AWS made it and sealed it to our key; both faces open it.
fn the_password_is_the_terminals(world: &World, page: &Page) {
    let asked = ["access", "shop", "--json", "--show-password"];
    let access = world.terminal.done(&asked).last();
    let password = access["password"].as_str().unwrap();
    assert!(!page.text().contains(password));
    page.hold("button", "Hold to show the Administrator password");
    page.sees("text", password);
    page.let_go();
}

fn a_changed_address_is_let_in(world: &World, page: &Page) {
    world.cloud.rules(&json!({"client": "198.51.100.8"}));
    page.click("button", "Allow my current address");
    page.will_see("text", "This computer’s present address is let in.");
    page.until(
        "the panel tells who may connect now",
        "return /Only .*198\\.51\\.100\\.8.* may connect/.test(document.body.innerText)",
    );
    let groups = world.cloud.as_somebody("Action=DescribeSecurityGroups", REGION);
    for allowed in ["198.51.100.8/32", "203.0.113.0/24"] {
        assert!(groups.contains(allowed), "{allowed}: {groups}");
    }
}

fn an_image_is_made_and_launched_from(page: &Page) {
    page.fill("Name", "shop-image");
    page.fill("Description", "The shop as it was handed over");
    page.click("button", "Make the image");
    page.sees("heading", "Servers");
    page.click_beginning("link", "Images");
    page.will_see("link", "Launch from it: shop-image");
    page.click("link", "Launch from it: shop-image");
    wizard::launch_copy(page, "copy");
    page.will_see("heading", "copy is up");
}

fn a_stop_and_a_start_give_another_address(page: &Page, before: &str) {
    page.click_beginning("link", "Servers");
    page.click("link", "shop");
    page.will_see("heading", "shop is up");
    page.click("button", "Power");
    page.click("menuitem", "Stop…");
    page.click("button", "Stop");
    page.will_see("heading", "shop is off");
    page.will_see("text", "It is off");
    page.click("button", "Start");
    page.will_see("heading", "shop is up");
    let after = page.sees("text", "http://");
    assert_ne!(after, before);
    assert!(page.0.fetch(&after).contains(wizard::TITLE));
}

fn everything_goes(page: &Page) {
    terminate(page, "Terminate…", "shop");
    page.click_beginning("link", "Servers");
    page.click("link", "copy");
    terminate(page, "Terminate…", "copy");
    page.click_beginning("link", "Images");
    page.click("button", "Delete… shop-image");
    page.click("button", "Delete");
    page.will_see("heading", "No images yet");
}
