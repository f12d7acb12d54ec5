//! The WebDriver protocol, as much of it as the tests speak (W3C Recommendation “WebDriver”).

use std::time::Duration;

use serde_json::{Value, json};
use slipway_tests::room::program;

/// The key under which the protocol hands elements over.
pub const ELEMENT: &str = "element-6066-11e4-a52e-4f735466cecf";
/// The driver needs a moment to listen.
const PATIENCE: Duration = Duration::from_secs(20);

/// One opened window.
pub struct Driver {
    client: reqwest::Client,
    session: String,
}

impl Driver {
    /// Opens the window.
    pub async fn open(address: &str) -> Self {
        let client = reqwest::Client::builder().no_proxy().build().unwrap();
        until_listening(&client, address).await;
        let options = json!({ "binary": program("slipway-window"), "args": [] });
        let wanted = json!({ "alwaysMatch": { "webkitgtk:browserOptions": options } });
        let answer = ask(
            &client,
            &format!("{address}/session"),
            json!({ "capabilities": wanted }),
        )
        .await
        .unwrap();
        let id = answer["sessionId"].as_str().unwrap();
        let session = format!("{address}/session/{id}");
        Driver { client, session }
    }

    /// Asks the window for something; an error says why not.
    pub async fn post(&self, path: &str, body: Value) -> Result<Value, String> {
        ask(&self.client, &format!("{}/{path}", self.session), body).await
    }

    /// Runs a script in the page.
    pub async fn run(&self, script: &str, args: Value) -> Result<Value, String> {
        self.post("execute/sync", json!({ "script": script, "args": args }))
            .await
    }

    /// Closes the window.
    pub async fn close(self) {
        self.client.delete(&self.session).send().await.unwrap();
    }
}

async fn until_listening(client: &reqwest::Client, address: &str) {
    let status = format!("{address}/status");
    let listening = async {
        while client.get(&status).send().await.is_err() {
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
    };
    tokio::time::timeout(PATIENCE, listening)
        .await
        .expect("the driver listens");
}

async fn ask(client: &reqwest::Client, url: &str, body: Value) -> Result<Value, String> {
    let answer = client
        .post(url)
        .json(&body)
        .send()
        .await
        .map_err(|e| e.to_string())?;
    let good = answer.status().is_success();
    let mut body: Value = answer.json().await.map_err(|e| e.to_string())?;
    let value = body["value"].take();
    if good { Ok(value) } else { Err(value.to_string()) }
}
