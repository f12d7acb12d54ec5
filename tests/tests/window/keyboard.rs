//! A full launch by keyboard alone.

use slipway_tests::window::{Page, Screen};

#[test]
fn a_launch_needs_no_mouse() {
    let mut screen = Screen::new();
    let page = screen.open();
    page.sees("button", "Launch a practice server");
    press_when_reached(&page, "Launch a practice server");
    page.sees("text", "Step 1 of 5");
    page.until(
        "the only recipe of this world is chosen",
        "return document.querySelector('input[type=radio]:checked') !== null",
    );
    for step in 2..=5 {
        if step == 3 {
            go_to(&page, "Name");
            page.keys(&["k", "e", "y", "s"]);
        }
        press_when_reached(&page, "Continue");
        page.sees("text", &format!("Step {step} of 5"));
    }
    press_when_reached(&page, "Launch");
    page.will_see("heading", "keys is up");
    terminate(&page);
}

fn terminate(page: &Page) {
    press_when_reached(page, "Terminate…");
    go_to(page, "Type “keys” to go on");
    page.keys(&["k", "e", "y", "s", ENTER]);
    page.will_see("heading", "keys is gone");
}

/// As WebDriver writes them.
const TAB: &str = "\u{E004}";
const ENTER: &str = "\u{E007}";
/// No screen has more places to stop at.
const STOPS: usize = 80;

fn press_when_reached(page: &Page, name: &str) {
    go_to(page, name);
    page.keys(&[ENTER]);
}

/// Tabs on until it is there.
fn go_to(page: &Page, name: &str) {
    for _ in 0..STOPS {
        if focused(page).starts_with(name) {
            return;
        }
        page.keys(&[TAB]);
    }
    panic!(
        "“{name}” is not within reach of the keyboard on:\n{}",
        page.text()
    );
}

/// The name of what has the focus.
fn focused(page: &Page) -> String {
    let script = "const one = document.activeElement; \
        return (one.getAttribute('aria-label') ?? one.labels?.[0]?.textContent ?? one.textContent).replace(/\\s+/g, ' ').trim()";
    let name = page.0.run(script, serde_json::json!([])).unwrap_or_default();
    name.as_str().unwrap_or_default().to_owned()
}
