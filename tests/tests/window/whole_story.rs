//! A newcomer's first hour: launch, get the keys, terminate; and nothing is left behind.

use std::os::unix::fs::PermissionsExt;

use crate::driver::Driver;
use crate::page::Page;
use crate::screen::Screen;

#[tokio::test]
async fn a_newcomer_launches_gets_the_keys_and_terminates() {
    let screen = Screen::new();
    let page = Page(Driver::open(&screen.driver).await);
    page.click("button", "Launch a practice server").await;
    answer_the_wizard(&page, "first").await;
    page.sees("heading", "first").await;
    page.will_see("heading", "first is up").await;
    both_faces_show_the_same(&screen);

    page.click("button", "Save .rdp file").await;
    page.sees("text", "Saved as").await;
    let file = screen.downloads().join("first.rdp");
    assert_eq!(
        std::fs::metadata(&file).unwrap().permissions().mode() & 0o777,
        0o600
    );
    let text = std::fs::read_to_string(&file).unwrap();
    assert!(text.contains("full address:s:127.0.0.1"), "{text}");

    page.click("button", "Terminate…").await;
    page.fill("Type “first” to go on", "first").await;
    page.click("button", "Terminate").await;
    page.click_beginning("link", "Servers").await;
    page.will_see("heading", "No servers yet").await;
    page.0.close().await;
    assert_eq!(screen.room.processes(), []);
    assert_eq!(screen.room.secrets(), Vec::<String>::new());
}

async fn answer_the_wizard(page: &Page, name: &str) {
    page.click_beginning("radio", "Practice site").await;
    page.click("button", "Continue").await;
    page.fill("Name", name).await;
    for _ in 0..3 {
        page.click("button", "Continue").await;
    }
    page.click("button", "Launch").await;
}

/// The terminal works on the same journal.
fn both_faces_show_the_same(screen: &Screen) {
    let servers = screen.room.done(&["servers", "--json"]).json();
    assert_eq!(servers.len(), 1);
    assert_eq!(servers[0]["name"], "first");
    assert_eq!(servers[0]["status"], "ready");
}
