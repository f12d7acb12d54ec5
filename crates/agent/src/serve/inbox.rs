//! Where messages come in: POST from this very machine, with the secret that only its administrators can read.

use http::header::{HOST, HeaderMap, HeaderName, ORIGIN, TRANSFER_ENCODING, VIA};
use http::{Method, Request, StatusCode, Version};
use hyper::body::Incoming;
use slipway_protocol::routes::{self, Accepted, Batch, MAX_BODY_BYTES};

use super::accept::{Answering, Peer};
use super::answer::{self, Answer, BodyError, json, refuse};
use super::ledger::Refusal;
use super::limits::Limits;
use super::store::{AppendError, Store};
use super::token::TokenHash;

/// Headers of a request that somebody passed on, or that a page in a browser made.
const PASSED_ON: [HeaderName; 6] = [
    VIA,
    ORIGIN,
    HeaderName::from_static("forwarded"),
    HeaderName::from_static("x-forwarded-for"),
    HeaderName::from_static("x-forwarded-host"),
    HeaderName::from_static("x-real-ip"),
];

/// The route of the loopback port.
pub struct Inbox {
    secret: TokenHash,
    port: u16,
    store: Store,
    limits: Limits,
}

impl Inbox {
    /// `port` is the one that the listener got.
    pub fn new(secret: &str, port: u16, store: Store, limits: Limits) -> Self {
        let secret = TokenHash::of(secret);
        Inbox {
            secret,
            port,
            store,
            limits,
        }
    }

    /// The first reason to refuse a request by its head alone.
    fn objection(&self, request: &Request<Incoming>, peer: &Peer) -> Option<(StatusCode, &'static str)> {
        let headers = request.headers();
        let foreign = !peer.address.is_loopback()
            || request.uri().authority().is_some()
            || !self.is_own_host(headers)
            || PASSED_ON.iter().any(|name| headers.contains_key(name));
        if foreign || !self.secret.is_shown(headers) {
            return Some((
                StatusCode::FORBIDDEN,
                "only this machine's own installer may post here",
            ));
        }
        if request.version() != Version::HTTP_11 || headers.contains_key(TRANSFER_ENCODING) {
            return Some((StatusCode::BAD_REQUEST, "send HTTP/1.1 with a Content-Length"));
        }
        if request.uri().path() != routes::MESSAGES {
            return Some((StatusCode::NOT_FOUND, "there is nothing here"));
        }
        (request.method() != Method::POST).then_some((StatusCode::METHOD_NOT_ALLOWED, "this port takes POST"))
    }

    /// A browser that was lured here by a name of its attacker's sends that name.
    fn is_own_host(&self, headers: &HeaderMap) -> bool {
        let mut hosts = headers.get_all(HOST).iter();
        let (Some(host), None) = (hosts.next(), hosts.next()) else {
            return false;
        };
        let own = ["127.0.0.1", "localhost"].map(|name| format!("{name}:{}", self.port));
        own.iter().any(|own| host.as_bytes() == own.as_bytes())
    }

    async fn take(&self, body: Incoming) -> Answer {
        let body = match answer::read(body, MAX_BODY_BYTES, self.limits.body).await {
            Ok(body) => body,
            Err(BodyError::TooLong) => {
                return refuse(StatusCode::PAYLOAD_TOO_LARGE, "a batch has at most 1 MiB");
            }
            Err(BodyError::TooSlow) => {
                return refuse(StatusCode::REQUEST_TIMEOUT, "the batch did not come in time");
            }
            Err(BodyError::Broken) => return refuse(StatusCode::BAD_REQUEST, "the batch broke off"),
        };
        match serde_json::from_slice::<Batch>(&body) {
            Ok(batch) if batch.messages.len() <= routes::MAX_MESSAGES => self.store(batch).await,
            Ok(_) => refuse(StatusCode::PAYLOAD_TOO_LARGE, "a batch has at most 500 messages"),
            Err(_) => refuse(StatusCode::BAD_REQUEST, "the body is not a batch"),
        }
    }

    async fn store(&self, batch: Batch) -> Answer {
        match self.store.append(batch).await {
            Ok(accepted) => json(StatusCode::OK, &accepted),
            Err(AppendError::Refused(Refusal::Gap { through } | Refusal::Over { through })) => {
                json(StatusCode::CONFLICT, &Accepted { through })
            }
            Err(AppendError::Refused(Refusal::Malformed(why))) => refuse(StatusCode::BAD_REQUEST, why),
            Err(AppendError::Disk) => refuse(StatusCode::SERVICE_UNAVAILABLE, "the disk can't be written"),
        }
    }
}

impl Answering for Inbox {
    async fn answer(&self, request: Request<Incoming>, peer: &Peer) -> Answer {
        if let Some((status, why)) = self.objection(&request, peer) {
            return refuse(status, why);
        }
        peer.place.prove();
        self.take(request.into_body()).await
    }
}
