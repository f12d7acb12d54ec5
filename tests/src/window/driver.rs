//! The WebDriver protocol, as much of it as the tests speak (W3C Recommendation “WebDriver”).

use std::path::Path;
use std::time::{Duration, Instant};

use serde_json::{Value, json};

/// The key under which the protocol hands elements over.
pub const ELEMENT: &str = "element-6066-11e4-a52e-4f735466cecf";
/// For whatever the driver and what the window calls do in a moment, on a busy computer.
const PATIENCE: Duration = Duration::from_secs(60);
/// For the window to open.
const OPENS: Duration = Duration::from_secs(30);
const LOOK: Duration = Duration::from_millis(50);

/// One opened window.
pub struct Driver {
    runtime: tokio::runtime::Runtime,
    client: reqwest::Client,
    session: String,
}

impl Driver {
    /// Opens the window: a program that the driver at this address starts.
    ///
    /// # Errors
    /// Why it did not open.
    pub fn open(address: &str, program: &Path) -> Result<Self, String> {
        let runtime = tokio::runtime::Builder::new_current_thread()
            .enable_all()
            .build()
            .expect("a runtime");
        let client = reqwest::Client::builder()
            .no_proxy()
            .timeout(PATIENCE)
            .build()
            .expect("an HTTP client");
        let options = json!({ "binary": program, "args": [] });
        let wanted = json!({ "alwaysMatch": { "webkitgtk:browserOptions": options } });
        let mut driver = Driver {
            runtime,
            client,
            session: format!("{address}/session"),
        };
        driver.until_listening(address);
        let begin = driver.client.post(driver.url("")).timeout(OPENS);
        let answer = driver.ask(begin.json(&json!({ "capabilities": wanted })))?;
        let id = answer["sessionId"].as_str().ok_or("there is no session")?;
        driver.session = format!("{address}/session/{id}");
        Ok(driver)
    }

    /// Asks the window for something; an error says why not.
    pub fn post(&self, path: &str, body: Value) -> Result<Value, String> {
        self.ask(self.client.post(self.url(path)).json(&body))
    }

    /// Asks the window what something is.
    pub fn get(&self, path: &str) -> Result<Value, String> {
        self.ask(self.client.get(self.url(path)))
    }

    /// Runs a script in the page.
    pub fn run(&self, script: &str, args: Value) -> Result<Value, String> {
        self.post("execute/sync", json!({ "script": script, "args": args }))
    }

    /// Runs a script in the page that hands its answer to the function it gets as last argument.
    pub fn run_until_told(&self, script: &str, args: Value) -> Result<Value, String> {
        self.post("execute/async", json!({ "script": script, "args": args }))
    }

    /// Waits.
    pub fn pause(&self, time: Duration) {
        self.runtime.block_on(async { tokio::time::sleep(time).await });
    }

    /// Waits until something outside the window has come about.
    pub fn until(&self, what: &str, mut has: impl FnMut() -> bool) {
        let begun = Instant::now();
        while !has() {
            assert!(begun.elapsed() < PATIENCE, "never: {what}");
            self.pause(LOOK);
        }
    }

    /// What a site answers to a browser.
    pub fn fetch(&self, address: &str) -> String {
        let page = async {
            self.client
                .get(address)
                .send()
                .await?
                .error_for_status()?
                .text()
                .await
        };
        let page = self.runtime.block_on(page);
        page.unwrap_or_else(|reason| panic!("{address} does not answer: {reason}"))
    }

    fn url(&self, path: &str) -> String {
        format!("{}/{path}", self.session)
            .trim_end_matches('/')
            .to_owned()
    }

    fn until_listening(&self, address: &str) {
        let status = format!("{address}/status");
        let begun = Instant::now();
        while self.ask(self.client.get(&status)).is_err() {
            assert!(begun.elapsed() < PATIENCE, "WebKitWebDriver does not listen");
            self.pause(LOOK);
        }
    }

    fn ask(&self, request: reqwest::RequestBuilder) -> Result<Value, String> {
        self.runtime.block_on(async {
            let answer = request.send().await.map_err(|e| format!("{e:?}"))?;
            let good = answer.status().is_success();
            let mut body: Value = answer.json().await.map_err(|e| e.to_string())?;
            let value = body["value"].take();
            if good { Ok(value) } else { Err(value.to_string()) }
        })
    }
}
