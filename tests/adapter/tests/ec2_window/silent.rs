//! A server on which nobody ever answers: the window says why it waits, and shows what the server itself shows.

use serde_json::json;

use crate::world::{World, look_inside, terminate};

#[test]
fn ours_a_silent_server_says_what_it_waits_for_and_can_be_looked_into() {
    let mut world = World::with_profile();
    let denied =
        json!({"error": {"code": "AccessDenied", "status": 403, "message": "A test asked for this."}});
    // Only once the server is there, so that what fails is its own download.
    world.launch("lost", &[]);
    world
        .cloud
        .fault(&json!({"action": "GetObject", "effect": denied}));
    let page = world.screen.open();
    page.click("link", "lost");
    page.will_see("text", "The installer could not be started on “lost”");
    page.sees("button", "Allow my current address");
    look_inside(&page);
    let console = page.sees("region", "Its console");
    assert!(console.contains("403"), "{console}");
    terminate(&page, "Terminate…", "lost");
    world.is_left_empty();
}
