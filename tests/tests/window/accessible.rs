//! Every main screen of the real window, light and dark, looked over by axe-core: nothing is found.

use std::path::Path;

use serde_json::{Value, json};
use slipway_tests::window::{Page, Screen};

use crate::wizard;

/// Comes with the front end's own tests.
const AXE: &str = "../ui/node_modules/axe-core/axe.min.js";
/// Brings what glides to its end; true once nothing does any more, because one that has ended may set off another.
const REST: &str = "const gliding = document.getAnimations().filter((one) => one instanceof CSSTransition); \
    gliding.forEach((one) => one.finish()); return gliding.length === 0";
const LOOK_OVER: &str = "const told = arguments[arguments.length - 1]; \
    axe.run(document, { resultTypes: ['violations'] }).then( \
      (found) => told(found.violations.map((one) => `${one.id}: ${one.nodes[0].html}`)), \
      (error) => told([String(error)]))";

#[test]
fn axe_finds_nothing_on_any_screen() {
    let mut screen = Screen::at_speed("20");
    let page = screen.open();
    look_over(&page, "welcome", "Launch a practice server");
    page.click("button", "Launch a practice server");
    the_wizard(&page);
    look_over(&page, "watch", "Create the database");
    page.will_see("heading", "looked-at could not be installed");
    look_over(&page, "failed", "Go on without a restart");
    page.click("button", "Go on without a restart");
    page.will_see("heading", "looked-at is up");
    look_over(&page, "ready", "Open the site");
    page.click("button", "Terminate…");
    look_over(&page, "terminate", "Keep it");
    page.click("button", "Keep it");
    the_lists(&page);
}

fn the_wizard(page: &Page) {
    page.click_beginning("radio", "Practice site");
    look_over(page, "wizard-1", "Continue");
    wizard::name_and_check(page, "looked-at");
    for (number, step) in [(4, "Who gets in"), (3, "Size and disk"), (2, "Where it runs")] {
        page.click("button", step);
        look_over(page, &format!("wizard-{number}"), "Continue");
    }
    page.click("button", "Check and launch");
    page.choose("Practise a failure", "Publish the pages");
    look_over(page, "wizard-5", "Launch");
    page.click("button", "Launch");
    page.will_see("text", "Installing ·");
}

fn the_lists(page: &Page) {
    for (link, heading) in [
        ("Servers", "Servers"),
        ("Images", "No images yet"),
        ("Recipes", "Recipes"),
        ("Profiles", "Profiles"),
        ("Settings", "Appearance"),
    ] {
        page.click_beginning("link", link);
        page.sees("heading", heading);
        look_over(page, &link.to_lowercase(), "");
    }
}

/// In both themes, and the pictures of it where they are wanted.
fn look_over(page: &Page, name: &str, button: &str) {
    page.sees("button", button);
    for theme in ["light", "dark"] {
        page.0
            .run(
                "document.documentElement.dataset.theme = arguments[0]",
                json!([theme]),
            )
            .unwrap();
        let found = after_the_glide(page);
        assert_eq!(found, Value::Array(Vec::new()), "{name}, {theme}");
        page.picture(&format!("{name}-{theme}"));
    }
}

/// What axe finds when colours have come to rest: they glide from one theme, and from one state, to the other, and on a
/// screen that nobody sees few frames are drawn that would take them there.
fn after_the_glide(page: &Page) -> Value {
    let axe = std::fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join(AXE)).unwrap();
    page.0.run(&axe, json!([])).unwrap();
    page.until("all colours rest", REST);
    page.0.run_until_told(LOOK_OVER, json!([])).unwrap()
}
