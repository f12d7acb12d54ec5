//! The window on the cloud of the tests, and a terminal that looks at the same data, profiles and keychain.

use serde_json::{Value, json};
use slipway_test_adapter::cloud::{Cloud, REGION};
use slipway_test_adapter::terminal::Terminal;
use slipway_tests::window::{Page, Screen};

/// Both faces; they end before the cloud does.
pub struct World {
    pub screen: Screen,
    pub terminal: Terminal,
    pub cloud: Cloud,
}

impl World {
    /// Before anybody has told of an account.
    pub fn new() -> Self {
        Self::on(Terminal::without_profile)
    }

    /// With a profile that is in use already.
    pub fn with_profile() -> Self {
        Self::on(|cloud| Terminal::on(cloud, REGION))
    }

    fn on(terminal: impl FnOnce(&Cloud) -> Terminal) -> Self {
        let cloud = Cloud::with_processes();
        let terminal = terminal(&cloud);
        let mut screen = Screen::new();
        screen.environment = terminal.environment();
        World {
            screen,
            terminal,
            cloud,
        }
    }

    /// Launches from the terminal, which does not wait for the end.
    pub fn launch(&self, name: &str, more: &[&str]) {
        let launch = [
            "launch", "--recipe", "ec2-site", "--name", name, "--yes", "--detach",
        ];
        self.terminal.done(&[&launch, more].concat());
    }

    /// Nothing that was made is left, and AWS would have understood every request.
    pub fn is_left_empty(&self) {
        assert_eq!(
            self.cloud.leftovers(REGION),
            Vec::<String>::new(),
            "by moto's word"
        );
        assert_eq!(self.cloud.told("violations"), json!([]));
    }
}

/// What the server itself shows: its console, and its screen as a picture that is really drawn.
pub fn look_inside(page: &Page) {
    page.click("button", "Look");
    page.sees("region", "Its console");
    page.sees("img", "Its screen");
    let drawn = "return document.querySelector('img[alt=\"Its screen\"]')?.naturalWidth > 0";
    assert_ne!(page.until("the screen is drawn", drawn), Value::Null);
}

/// Removes a server that is on the screen, and waits until it is gone.
pub fn terminate(page: &Page, button: &str, name: &str) {
    page.click("button", button);
    page.sees("heading", &format!("Terminate {name}?"));
    if page.has("textbox", "Type “") {
        page.fill(&format!("Type “{name}” to go on"), name);
    }
    page.click("button", "Terminate");
    page.will_see("heading", &format!("{name} is gone"));
}
