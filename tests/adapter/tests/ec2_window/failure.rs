//! An install that fails on an AWS account: what it costs on, keeping it longer, looking inside, going on.

use slipway_tests::window::Page;

use crate::world::{World, look_inside, terminate};

#[test]
fn rewritten_a_failed_server_is_kept_longer_and_goes_on_from_its_step() {
    let mut world = World::with_profile();
    world.launch("broken", &["--set", "fail_at=database"]);
    let page = world.screen.open();
    page.click("link", "broken");
    page.will_see("heading", "broken could not be installed");
    it_would_stop_itself_and_is_kept(&page);
    look_inside(&page);
    page.click("button", "Go on without a restart");
    page.will_see("heading", "broken is up");
    terminate(&page, "Terminate…", "broken");
    world.is_left_empty();
}

/// A failed server stops itself four hours after it failed, unless somebody says otherwise.
fn it_would_stop_itself_and_is_kept(page: &Page) {
    page.sees("text", "It stops itself in about 3 h");
    page.click("button", "Keep it running: broken");
    page.will_see("text", "broken runs 4 hours longer before it stops itself.");
    page.sees("text", "It stops itself in about 7 h");
}
