//! Instance metadata (IMDSv2): user data, instance id and tags, from EC2 or from any world that looks like it.

use std::collections::BTreeMap;

use reqwest::{Client, Response, StatusCode};
use tokio::sync::Mutex;

use crate::http::local_client;

/// Longest life that IMDS gives a token, in seconds (EC2 User Guide, "Use the Instance Metadata Service").
const TOKEN_SECONDS: &str = "21600";

/// A client of the metadata endpoint. Holds the session token; share one by reference.
pub struct Imds {
    base: String,
    client: Client,
    token: Mutex<Option<String>>,
}

/// Why metadata could not be read.
#[derive(Debug, thiserror::Error)]
pub enum ImdsError {
    /// Nobody answers, or the answer broke off. It may come up later.
    #[error("the instance metadata endpoint does not answer: {0}")]
    Unreachable(#[from] reqwest::Error),
    /// An answer that is neither 200 nor 404.
    #[error("the instance metadata endpoint answered {status} for {path}")]
    Status {
        /// HTTP status.
        status: u16,
        /// What was asked for.
        path: String,
    },
    /// There must be an instance id, and there is none.
    #[error("the instance metadata holds no instance id")]
    NoInstanceId,
}

impl Imds {
    /// `base` is a URL without a path, such as `http://169.254.169.254`.
    pub fn new(base: &str) -> Result<Self, ImdsError> {
        Ok(Imds {
            base: base.trim_end_matches('/').to_owned(),
            client: local_client().build()?,
            token: Mutex::new(None),
        })
    }

    /// The user data as text; `None` where the instance has none.
    pub async fn user_data(&self) -> Result<Option<String>, ImdsError> {
        self.get("/latest/user-data").await
    }

    /// The instance id, such as `i-0123456789abcdef0`.
    pub async fn instance_id(&self) -> Result<String, ImdsError> {
        let id = self.get("/latest/meta-data/instance-id").await?;
        let id = id.map(|id| id.trim().to_owned()).filter(|id| !id.is_empty());
        id.ok_or(ImdsError::NoInstanceId)
    }

    /// The tags of the instance whose names are `wanted`; none where tags in metadata are turned off. One that can't
    /// be read is left out, so that it does not hide the others.
    pub async fn tags(&self, wanted: fn(&str) -> bool) -> Result<BTreeMap<String, String>, ImdsError> {
        let keys = self.get("/latest/meta-data/tags/instance/").await?;
        let mut tags = BTreeMap::new();
        for key in keys.unwrap_or_default().lines().filter(|key| wanted(key)) {
            let path = format!("/latest/meta-data/tags/instance/{key}");
            match self.get(&path).await {
                Ok(Some(value)) => drop(tags.insert(key.to_owned(), value)),
                // It may have gone away since the list was read.
                Ok(None) => {}
                Err(error) => tracing::debug!(%error, key, "a tag can't be read"),
            }
        }
        Ok(tags)
    }

    /// `None` for 404. A 401 means that the token has run out (or the endpoint was restarted): once more with a new one.
    async fn get(&self, path: &str) -> Result<Option<String>, ImdsError> {
        let mut answer = self.ask(path, false).await?;
        if answer.status() == StatusCode::UNAUTHORIZED {
            answer = self.ask(path, true).await?;
        }
        match answer.status() {
            StatusCode::OK => Ok(Some(answer.text().await?)),
            StatusCode::NOT_FOUND => Ok(None),
            status => Err(unexpected(status, path)),
        }
    }

    async fn ask(&self, path: &str, fresh_token: bool) -> Result<Response, ImdsError> {
        let token = self.token(fresh_token).await?;
        let request = self.client.get(format!("{}{path}", self.base));
        Ok(request.header("X-aws-ec2-metadata-token", token).send().await?)
    }

    async fn token(&self, fresh: bool) -> Result<String, ImdsError> {
        let mut held = self.token.lock().await;
        if let Some(token) = held.as_ref().filter(|_| !fresh) {
            return Ok(token.clone());
        }
        let path = "/latest/api/token";
        let request = self.client.put(format!("{}{path}", self.base));
        let request = request.header("X-aws-ec2-metadata-token-ttl-seconds", TOKEN_SECONDS);
        let answer = request.send().await?;
        if answer.status() != StatusCode::OK {
            return Err(unexpected(answer.status(), path));
        }
        let token = answer.text().await?;
        *held = Some(token.clone());
        Ok(token)
    }
}

fn unexpected(status: StatusCode, path: &str) -> ImdsError {
    ImdsError::Status {
        status: status.as_u16(),
        path: path.to_owned(),
    }
}
