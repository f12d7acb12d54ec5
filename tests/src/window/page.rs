//! What is on the window, found by role and name as a screen reader tells them; all waiting is for something to appear.

use std::path::Path;
use std::time::{Duration, Instant};

use base64::prelude::{BASE64_STANDARD as BASE64, Engine as _};
use serde_json::{Value, json};

use super::driver::{Driver, ELEMENT};

const FIND: &str = include_str!("find.js");
/// The environment variable that names the folder for pictures.
pub(super) const PICTURES: &str = "SLIPWAY_PICTURES";
const LOOK: Duration = Duration::from_millis(100);
/// For what the window does by itself.
const SOON: Duration = Duration::from_secs(30);
/// For what the practice world does, fast-forward, on a busy computer.
const LATER: Duration = Duration::from_secs(180);

/// The open window.
pub struct Page(pub Driver);

impl Page {
    /// Presses what has exactly this name.
    pub fn click(&self, role: &str, name: &str) {
        self.press(role, name, true);
    }

    /// Presses what has a name that begins so.
    pub fn click_beginning(&self, role: &str, name: &str) {
        self.press(role, name, false);
    }

    /// Presses the pointer on what has exactly this name, and keeps it down.
    pub fn hold(&self, role: &str, name: &str) {
        let origin = json!({ ELEMENT: self.wait(role, name, true, SOON) });
        let there = json!({ "type": "pointerMove", "origin": origin, "x": 0, "y": 0 });
        self.pointer(&[there, json!({ "type": "pointerDown", "button": 0 })]);
    }

    /// Lets the pointer go again.
    pub fn let_go(&self) {
        self.pointer(&[json!({ "type": "pointerUp", "button": 0 })]);
    }

    /// Types into a field in place of what is in it.
    pub fn fill(&self, label: &str, text: &str) {
        let id = self.wait("textbox", label, false, SOON);
        for (act, body) in [("clear", json!({})), ("value", json!({ "text": text }))] {
            let done = self.0.post(&format!("element/{id}/{act}"), body);
            done.unwrap_or_else(|reason| panic!("textbox “{label}”: {reason}"));
        }
    }

    /// Takes an option of a list.
    pub fn choose(&self, label: &str, option: &str) {
        self.wait("combobox", label, false, SOON);
        self.click("option", option);
    }

    /// What is in a field.
    pub fn value(&self, label: &str) -> String {
        let id = self.wait("textbox", label, false, SOON);
        let value = self.0.get(&format!("element/{id}/property/value"));
        value
            .ok()
            .and_then(|value| value.as_str().map(str::to_owned))
            .unwrap_or_default()
    }

    /// Waits until something is there; its text.
    pub fn sees(&self, role: &str, name: &str) -> String {
        self.text_of(&self.wait(role, name, false, SOON))
    }

    /// Waits until the practice world has come so far; the text of what then appears.
    pub fn will_see(&self, role: &str, name: &str) -> String {
        self.text_of(&self.wait(role, name, false, LATER))
    }

    /// Waits until the five phases of a launch are there.
    pub fn sees_a_launch(&self) {
        for phase in [
            "Requested",
            "Booting",
            "Windows is ready",
            "Installing",
            "Site is up",
        ] {
            self.sees("text", phase);
        }
    }

    /// Whether something is there now.
    pub fn has(&self, role: &str, name: &str) -> bool {
        self.find(role, name, false).is_some()
    }

    /// Waits until a script answers with something that is true in JavaScript; the answer.
    pub fn until(&self, what: &str, script: &str) -> Value {
        let begun = Instant::now();
        while begun.elapsed() < LATER {
            match self.0.run(script, json!([])) {
                Ok(Value::Null | Value::Bool(false)) | Err(_) => self.0.pause(LOOK),
                Ok(answer) => return answer,
            }
        }
        panic!("never {what} on:\n{}", self.text());
    }

    /// All text that is shown.
    pub fn text(&self) -> String {
        let text = self.0.run("return document.body.innerText", json!([]));
        text.map_or_else(|error| error, |text| text.as_str().unwrap_or_default().to_owned())
    }

    /// Writes a picture of the page into the folder that [`PICTURES`] names, where it names one.
    pub fn picture(&self, name: &str) {
        let Some(folder) = std::env::var_os(PICTURES) else {
            return;
        };
        // The first is of what was drawn before: without a screen to show on, WebKit draws when it is asked to.
        drop(self.0.get("screenshot"));
        self.0.pause(LOOK);
        let picture = self.0.get("screenshot").expect("a picture");
        let picture = BASE64
            .decode(picture.as_str().unwrap_or_default())
            .expect("Base64");
        let file = Path::new(&folder).join(format!("{name}.png"));
        std::fs::write(file, picture).expect("a file for the picture");
    }

    /// Presses keys, one after the other, as [`super::Driver`] names them.
    pub fn keys(&self, keys: &[&str]) {
        let strokes = keys
            .iter()
            .flat_map(|key| ["keyDown", "keyUp"].map(|kind| json!({ "type": kind, "value": key })));
        let strokes: Vec<Value> = strokes.collect();
        let actions = json!({ "actions": [{ "type": "key", "id": "keyboard", "actions": strokes }] });
        let done = self.0.post("actions", actions);
        done.unwrap_or_else(|reason| panic!("keys {keys:?}: {reason}"));
    }

    fn pointer(&self, acts: &[Value]) {
        let kind = json!({ "pointerType": "mouse" });
        let mouse = json!({ "type": "pointer", "id": "mouse", "parameters": kind, "actions": acts });
        let done = self.0.post("actions", json!({ "actions": [mouse] }));
        done.unwrap_or_else(|reason| panic!("the pointer: {reason}"));
    }

    /// What is covered, by a dialog that is just closing, is pressed as soon as it is free.
    fn press(&self, role: &str, name: &str, whole: bool) {
        let begun = Instant::now();
        loop {
            let id = self.wait(role, name, whole, SOON);
            let pressed = self.0.post(&format!("element/{id}/click"), json!({}));
            let Err(reason) = pressed else { return };
            assert!(begun.elapsed() < SOON, "{role} “{name}”: {reason}");
            self.0.pause(LOOK);
        }
    }

    fn wait(&self, role: &str, name: &str, whole: bool, patience: Duration) -> String {
        let begun = Instant::now();
        while begun.elapsed() < patience {
            if let Some(id) = self.find(role, name, whole) {
                return id;
            }
            self.0.pause(LOOK);
        }
        panic!("no {role} “{name}” on:\n{}", self.text());
    }

    /// A page that is just being drawn anew may refuse a script; the next look tells.
    fn find(&self, role: &str, name: &str, whole: bool) -> Option<String> {
        let found = self.0.run(FIND, json!([role, name, whole])).ok()?;
        found[ELEMENT].as_str().map(str::to_owned)
    }

    fn text_of(&self, id: &str) -> String {
        // The driver's own idea of text leaves out what may be cut off at the edge of its box.
        let element = json!([{ ELEMENT: id }]);
        let text = self
            .0
            .run("return arguments[0].innerText", element)
            .unwrap_or_default();
        text.as_str().unwrap_or_default().to_owned()
    }
}
