//! What is on the window, found by role and name as a screen reader tells them; all waiting is for something to appear.

use std::time::{Duration, Instant};

use serde_json::{Value, json};

use crate::driver::{Driver, ELEMENT};

const FIND: &str = include_str!("find.js");
const LOOK: Duration = Duration::from_millis(100);
/// For what the window does by itself.
const SOON: Duration = Duration::from_secs(20);
/// For what the practice world does, fast-forward, on a busy computer.
const LATER: Duration = Duration::from_secs(180);

/// The open window.
pub struct Page(pub Driver);

impl Page {
    /// Presses what has exactly this name.
    pub async fn click(&self, role: &str, name: &str) {
        self.press(role, name, true).await;
    }

    /// Presses what has a name that begins so.
    pub async fn click_beginning(&self, role: &str, name: &str) {
        self.press(role, name, false).await;
    }

    /// Types into an empty field.
    pub async fn fill(&self, label: &str, text: &str) {
        let id = self.wait("textbox", label, false, SOON).await;
        self.0
            .post(&format!("element/{id}/clear"), json!({}))
            .await
            .unwrap();
        self.0
            .post(&format!("element/{id}/value"), json!({ "text": text }))
            .await
            .unwrap();
    }

    /// Waits until something is there.
    pub async fn sees(&self, role: &str, name: &str) {
        self.wait(role, name, false, SOON).await;
    }

    /// Waits until the practice world has come so far.
    pub async fn will_see(&self, role: &str, name: &str) {
        self.wait(role, name, false, LATER).await;
    }

    /// All text that is shown, for messages.
    pub async fn text(&self) -> String {
        let text = self.0.run("return document.body.innerText", json!([])).await;
        text.map_or_else(|error| error, |text| text.as_str().unwrap_or_default().to_owned())
    }

    /// What is covered, by a dialog that is just closing, is pressed as soon as it is free.
    async fn press(&self, role: &str, name: &str, whole: bool) {
        let begun = Instant::now();
        loop {
            let id = self.wait(role, name, whole, SOON).await;
            let pressed = self.0.post(&format!("element/{id}/click"), json!({})).await;
            let Err(reason) = pressed else { return };
            assert!(begun.elapsed() < SOON, "{role} “{name}”: {reason}");
            tokio::time::sleep(LOOK).await;
        }
    }

    async fn wait(&self, role: &str, name: &str, whole: bool, patience: Duration) -> String {
        let begun = Instant::now();
        while begun.elapsed() < patience {
            // A page that is just being drawn anew may refuse a script; the next look tells.
            let found = self.0.run(FIND, json!([role, name, whole])).await;
            if let Some(id) = found.as_ref().ok().and_then(id_of) {
                return id;
            }
            tokio::time::sleep(LOOK).await;
        }
        panic!("no {role} “{name}” on:\n{}", self.text().await);
    }
}

fn id_of(found: &Value) -> Option<String> {
    found[ELEMENT].as_str().map(str::to_owned)
}
