//! Posts batches to the status service on this machine.

use std::path::PathBuf;
use std::time::Duration;

use reqwest::Client;
use reqwest::header::CONTENT_TYPE;
use slipway_protocol::routes::{Accepted, Batch, Inbox, MESSAGES};

use super::deliver::Transport;
use crate::{http, private};

const LONGEST: Duration = Duration::from_secs(30);

/// The way to the status service. Its port and secret change whenever it restarts.
pub struct ToInbox {
    file: PathBuf,
    client: Client,
    inbox: Option<Inbox>,
}

impl ToInbox {
    /// `file` is where the status service says how it is reached.
    pub fn new(file: PathBuf) -> reqwest::Result<Self> {
        Ok(ToInbox {
            file,
            client: http::local_client().timeout(LONGEST).build()?,
            inbox: None,
        })
    }

    fn inbox(&mut self) -> Result<Inbox, String> {
        if let Some(inbox) = &self.inbox {
            return Ok(inbox.clone());
        }
        let json =
            private::read(&self.file).map_err(|error| format!("the status service is not up: {error}"))?;
        let inbox: Inbox = serde_json::from_slice(&json).map_err(|error| error.to_string())?;
        self.inbox = Some(inbox.clone());
        Ok(inbox)
    }

    async fn try_post(&mut self, batch: &Batch) -> Result<Accepted, String> {
        let inbox = self.inbox()?;
        let body = serde_json::to_vec(batch).map_err(|error| error.to_string())?;
        let request = self
            .client
            .post(format!("http://127.0.0.1:{}{MESSAGES}", inbox.port))
            .bearer_auth(&inbox.secret)
            .header(CONTENT_TYPE, "application/json")
            .body(body);
        let answer = request.send().await.map_err(|error| error.to_string())?;
        if !answer.status().is_success() {
            return Err(format!("the status service answers {}", answer.status()));
        }
        let body = answer.bytes().await.map_err(|error| error.to_string())?;
        serde_json::from_slice(&body).map_err(|error| error.to_string())
    }
}

impl Transport for ToInbox {
    async fn post(&mut self, batch: &Batch) -> Result<Accepted, String> {
        let result = self.try_post(batch).await;
        if result.is_err() {
            self.inbox = None;
        }
        result
    }
}
