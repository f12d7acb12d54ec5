//! The agent's HTTP client: TLS with a pinned certificate towards the status service, and a plain visit to the site.

mod connections;
mod failure;
mod page_size;
mod reading;
mod visit;

use std::time::Duration;

use async_trait::async_trait;
use reqwest::header::{AUTHORIZATION, HeaderValue};
use reqwest::{RequestBuilder, Response};
use serde::de::DeserializeOwned;
use sha2::{Digest, Sha256};
use slipway_core::error::{Error, ErrorKind, Result};
use slipway_core::ports::{Agent, AgentAddress, Answered, Visit};
use slipway_protocol::routes::{HELLO, Hello, LOG, MESSAGES, ORDER_HEADER, Page};

use connections::Connections;
use failure::{broken_off, from_status, no_answer, too_slow};
use page_size::PageSizes;

/// Largest page of messages or other JSON answer that is read, in bytes: 500 messages of 16 KB, escaped, fit.
const MAX_JSON_BYTES: usize = 32 * 1024 * 1024;
/// Largest log that is read, in bytes.
const MAX_LOG_BYTES: usize = 256 * 1024 * 1024;
/// Longest silence after a question without a wait of its own.
const PATIENCE: Duration = Duration::from_secs(10);

/// The client of all status services and sites. Connections are kept and reused for each host, port and pin.
#[derive(Debug, Default)]
pub struct AgentClient {
    connections: Connections,
    pages: PageSizes,
}

impl AgentClient {
    /// A client without any connection yet.
    pub fn new() -> Self {
        AgentClient::default()
    }

    async fn ask(&self, at: &AgentAddress, path: &str, wait: Duration) -> Result<Response> {
        self.send(at, self.question(at, path)?, wait).await
    }

    fn question(&self, at: &AgentAddress, path: &str) -> Result<RequestBuilder> {
        let url = format!("https://{}:{}{path}", in_url(&at.host), at.port);
        let client = self.connections.to_agent(at)?;
        Ok(client.get(url).header(AUTHORIZATION, bearer(at)?))
    }

    async fn send(&self, at: &AgentAddress, question: RequestBuilder, wait: Duration) -> Result<Response> {
        let answer = tokio::time::timeout(wait + PATIENCE, question.send())
            .await
            .map_err(|_| too_slow(at))?
            .map_err(|error| no_answer(at, error))?;
        if answer.status().is_success() {
            Ok(answer)
        } else {
            Err(from_status(at, answer.status()))
        }
    }
}

async fn json<T: DeserializeOwned>(answer: Response, at: &AgentAddress) -> Result<Answered<T>> {
    let tls_sha256 = certificate_of(&answer)?;
    let bytes = reading::whole(answer, MAX_JSON_BYTES, at).await?;
    let value = serde_json::from_slice(&bytes).map_err(|error| broken_off(at, &error))?;
    Ok(Answered { value, tls_sha256 })
}

#[async_trait]
impl Agent for AgentClient {
    async fn hello(&self, at: &AgentAddress) -> Result<Answered<Hello>> {
        json(self.ask(at, HELLO, Duration::ZERO).await?, at).await
    }

    async fn messages(&self, at: &AgentAddress, after: u64, wait_seconds: u32) -> Result<Answered<Page>> {
        let limit = self.pages.of(at);
        let path = format!("{MESSAGES}?after={after}&limit={limit}&wait={wait_seconds}");
        let answer = self
            .ask(at, &path, Duration::from_secs(wait_seconds.into()))
            .await?;
        let page = json(answer, at).await;
        self.pages.note(at, page.is_ok());
        page
    }

    async fn finish(&self, at: &AgentAddress, after: u64, order: &str) -> Result<()> {
        let question = self.question(at, &format!("{MESSAGES}?after={after}&wait=0"))?;
        let question = question.header(ORDER_HEADER, order);
        self.send(at, question, Duration::ZERO).await.map(drop)
    }

    async fn log(&self, at: &AgentAddress) -> Result<Answered<String>> {
        let answer = self.ask(at, LOG, Duration::ZERO).await?;
        let tls_sha256 = certificate_of(&answer)?;
        let bytes = reading::whole(answer, MAX_LOG_BYTES, at).await?;
        Ok(Answered {
            value: String::from_utf8_lossy(&bytes).into_owned(),
            tls_sha256,
        })
    }

    async fn visit(&self, url: &str) -> Result<Visit> {
        visit::visit(&self.connections, url).await
    }

    fn forget_connections(&self) {
        self.connections.forget();
    }
}

/// Marked as sensitive, so that no trace of the HTTP stack prints it.
fn bearer(at: &AgentAddress) -> Result<HeaderValue> {
    let mut value = HeaderValue::try_from(format!("Bearer {}", at.token.expose())).map_err(|error| {
        Error::new(
            ErrorKind::Internal,
            "The token of the installer has characters that can't be sent.",
        )
        .because(&error)
    })?;
    value.set_sensitive(true);
    Ok(value)
}

/// The certificate of the very connection that carried this answer.
fn certificate_of(answer: &Response) -> Result<String> {
    answer
        .extensions()
        .get::<reqwest::tls::TlsInfo>()
        .and_then(reqwest::tls::TlsInfo::peer_certificate)
        .map(|der| hex::encode(Sha256::digest(der)))
        .ok_or_else(|| {
            Error::new(
                ErrorKind::Internal,
                "The installer answered without a certificate.",
            )
        })
}

/// An IPv6 address stands in brackets.
fn in_url(host: &str) -> String {
    if host.contains(':') && !host.starts_with('[') {
        format!("[{host}]")
    } else {
        host.to_owned()
    }
}
