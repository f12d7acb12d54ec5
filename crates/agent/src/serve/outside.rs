//! What port 8080 answers: GET with the right token, and nothing else.

use std::io;
use std::net::IpAddr;
use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant};

use bytes::Bytes;
use http::header::{CONTENT_LENGTH, HeaderMap, HeaderValue};
use http::{Method, Request, StatusCode, Version};
use http_body_util::combinators::UnsyncBoxBody;
use http_body_util::{BodyExt as _, StreamBody};
use hyper::body::{Frame, Incoming};
use slipway_protocol::order::{self, Act};
use slipway_protocol::routes::{self, Hello, MAX_MESSAGES, MAX_WAIT_SECONDS, ORDER_HEADER};
use slipway_protocol::sealing::Sealed;
use tokio::io::AsyncReadExt as _;
use tokio_util::io::ReaderStream;
use tokio_util::sync::CancellationToken;

use super::accept::{Answering, Peer};
use super::answer::{self, Answer, json, json_bytes, refuse, with_body};
use super::failures::Failures;
use super::limits::Limits;
use super::store::Store;
use super::token::Tokens;
use crate::config::Config;
use crate::identity::Identity;
use crate::private;

/// Most bytes of an unwanted body that are read, so that its sender gets to see the refusal.
const UNWANTED_BYTES: usize = 64 * 1024;

/// The routes of port 8080.
pub struct Outside {
    config: Config,
    identity: Identity,
    tokens: Tokens,
    store: Store,
    limits: Limits,
    failures: Mutex<Failures>,
    acknowledged: CancellationToken,
    closing: CancellationToken,
}

impl Outside {
    /// `acknowledged` is cancelled when the app orders that the finished work be removed; `closing` ends waiting requests.
    pub fn new(
        config: &Config,
        identity: &Identity,
        store: Store,
        limits: Limits,
        acknowledged: CancellationToken,
        closing: CancellationToken,
    ) -> Self {
        Outside {
            config: config.clone(),
            identity: identity.clone(),
            tokens: Tokens::new(identity.token_sha256, config.next_token_file()),
            store,
            limits,
            failures: Mutex::default(),
            acknowledged,
            closing,
        }
    }

    async fn route(&self, request: &Request<Incoming>) -> Answer {
        let uri = request.uri();
        match uri.path() {
            routes::MESSAGES => match Question::parse(uri.query().unwrap_or_default()) {
                Some(question) => self.messages(question, request.headers()).await,
                None => refuse(StatusCode::BAD_REQUEST, "after, limit and wait are whole numbers"),
            },
            routes::STEPS => json(StatusCode::OK, &self.store.steps(&self.identity.stream)),
            routes::LOG => self.log().await.unwrap_or_else(|error| disk_failed(&error)),
            routes::HELLO => json(StatusCode::OK, &self.hello()),
            _ => refuse(StatusCode::NOT_FOUND, "there is nothing here"),
        }
    }

    async fn messages(&self, question: Question, headers: &HeaderMap) -> Answer {
        let over = self.store.is_acknowledged(question.after) && self.is_ordered_to_scrub(headers);
        if !over && !question.wait.is_zero() {
            tokio::select! {
                () = self.store.wait_beyond(question.after, question.wait) => {}
                () = self.closing.cancelled() => {}
            }
        }
        let page = self
            .store
            .page(&self.identity.stream, question.after, question.limit)
            .await;
        if over {
            self.acknowledged.cancel();
        }
        match page {
            Ok(page) => json_bytes(StatusCode::OK, page),
            Err(error) => disk_failed(&error),
        }
    }

    /// The token alone would not do: it may have gone to somebody else who answered the app first. Only the app can
    /// seal this order, and only to this agent.
    fn is_ordered_to_scrub(&self, headers: &HeaderMap) -> bool {
        let mut shown = headers.get_all(ORDER_HEADER).iter();
        let (Some(text), None) = (shown.next(), shown.next()) else {
            return false;
        };
        let sealed = Sealed(String::from_utf8_lossy(text.as_bytes()).into_owned());
        let opened = order::open(&sealed, &self.identity.key, &self.identity.app_key);
        opened.is_ok_and(|order| order.launch == self.identity.launch && order.act == Act::Scrub {})
    }

    fn hello(&self) -> Hello {
        Hello {
            protocol: slipway_protocol::VERSION,
            agent: env!("CARGO_PKG_VERSION").to_owned(),
            launch: self.identity.launch.clone(),
            instance: self.identity.instance.clone(),
            stream: self.identity.stream.clone(),
            key: self.identity.key.public().to_text(),
            attempt: self.store.attempt(),
        }
    }

    /// The log as long as it is now: lines that come while it is sent wait for the next request.
    async fn log(&self) -> io::Result<Answer> {
        const TEXT: &str = "text/plain; charset=utf-8";
        let file = match private::existing(&self.config.log_file()) {
            Ok(file) => tokio::fs::File::from_std(file),
            Err(error) if error.kind() == io::ErrorKind::NotFound => {
                return Ok(with_body(TEXT, StatusCode::OK, UnsyncBoxBody::default()));
            }
            Err(error) => return Err(error),
        };
        let length = file.metadata().await?.len();
        let chunks = ReaderStream::with_capacity(file.take(length), 64 * 1024);
        let frames = futures_util::StreamExt::map(chunks, |chunk| chunk.map(Frame::<Bytes>::data));
        let mut answer = with_body(TEXT, StatusCode::OK, StreamBody::new(frames).boxed_unsync());
        answer
            .headers_mut()
            .insert(CONTENT_LENGTH, HeaderValue::from(length));
        Ok(answer)
    }

    fn refuse_stranger(&self, address: IpAddr) -> Answer {
        let mut failures = self.failures.lock().unwrap_or_else(PoisonError::into_inner);
        if failures.note(address, self.limits.failures_a_minute, Instant::now()) {
            return refuse(StatusCode::TOO_MANY_REQUESTS, "too many wrong tokens");
        }
        refuse(StatusCode::UNAUTHORIZED, "the token is missing or wrong")
    }

    async fn refuse_method(&self, request: Request<Incoming>) -> Answer {
        // Whoever is still sending would see a reset connection instead of the answer.
        let _ = answer::read(request.into_body(), UNWANTED_BYTES, self.limits.body).await;
        refuse(StatusCode::FORBIDDEN, "this port only answers GET")
    }
}

impl Answering for Outside {
    async fn answer(&self, request: Request<Incoming>, peer: &Peer) -> Answer {
        if request.method() != Method::GET {
            return self.refuse_method(request).await;
        }
        if request.version() != Version::HTTP_11 {
            return refuse(StatusCode::BAD_REQUEST, "this port speaks HTTP/1.1");
        }
        if !self.tokens.are_shown(request.headers()) {
            return self.refuse_stranger(peer.address);
        }
        peer.place.prove();
        self.route(&request).await
    }
}

/// A disk error is the machine's own business; the app only learns that there was one.
fn disk_failed(error: &io::Error) -> Answer {
    tracing::error!(%error, "a file can't be read");
    refuse(
        StatusCode::INTERNAL_SERVER_ERROR,
        "the disk of the instance can't be read",
    )
}

/// The query of [`routes::MESSAGES`]. Parameters that this version does not know are ignored.
#[derive(Debug, PartialEq)]
struct Question {
    after: u64,
    limit: usize,
    wait: Duration,
}

impl Question {
    fn parse(query: &str) -> Option<Self> {
        let mut question = Question {
            after: 0,
            limit: MAX_MESSAGES,
            wait: Duration::ZERO,
        };
        for (name, value) in query.split('&').filter_map(|pair| pair.split_once('=')) {
            match name {
                "after" => question.after = value.parse().ok()?,
                "limit" => question.limit = value.parse::<usize>().ok()?.clamp(1, MAX_MESSAGES),
                "wait" => {
                    let seconds = value.parse::<u32>().ok()?.min(MAX_WAIT_SECONDS);
                    question.wait = Duration::from_secs(seconds.into());
                }
                _ => {}
            }
        }
        Some(question)
    }
}

#[cfg(test)]
#[path = "outside_tests.rs"]
mod tests;
