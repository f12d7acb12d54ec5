//! Building answers, and reading bodies within limits.

use std::io;
use std::time::Duration;

use bytes::Bytes;
use http::header::{CACHE_CONTROL, CONNECTION, CONTENT_TYPE, HeaderValue, X_CONTENT_TYPE_OPTIONS};
use http::{Response, StatusCode};
use http_body_util::combinators::UnsyncBoxBody;
use http_body_util::{BodyExt as _, Full, Limited};
use hyper::body::Incoming;
use serde::Serialize;

/// What goes out.
pub type Answer = Response<UnsyncBoxBody<Bytes, io::Error>>;

/// JSON that is written already.
pub fn json_bytes(status: StatusCode, json: Vec<u8>) -> Answer {
    with_type("application/json", status, json)
}

/// A value as JSON.
pub fn json(status: StatusCode, value: &impl Serialize) -> Answer {
    match serde_json::to_vec(value) {
        Ok(json) => json_bytes(status, json),
        Err(_) => refuse(
            StatusCode::INTERNAL_SERVER_ERROR,
            "the answer can't be written as JSON",
        ),
    }
}

/// A sentence why not. The connection is closed after it: whoever is refused should not hold one.
pub fn refuse(status: StatusCode, reason: &str) -> Answer {
    let mut answer = with_type(
        "text/plain; charset=utf-8",
        status,
        format!("{reason}\n").into_bytes(),
    );
    let close = HeaderValue::from_static("close");
    answer.headers_mut().insert(CONNECTION, close);
    answer
}

/// Any body with its headers.
pub fn with_body(kind: &'static str, status: StatusCode, body: UnsyncBoxBody<Bytes, io::Error>) -> Answer {
    let mut answer = Response::new(body);
    *answer.status_mut() = status;
    let headers = answer.headers_mut();
    headers.insert(CONTENT_TYPE, HeaderValue::from_static(kind));
    headers.insert(CACHE_CONTROL, HeaderValue::from_static("no-store"));
    headers.insert(X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff"));
    answer
}

fn with_type(kind: &'static str, status: StatusCode, body: Vec<u8>) -> Answer {
    let body = Full::new(Bytes::from(body)).map_err(|never| match never {});
    with_body(kind, status, body.boxed_unsync())
}

/// Why a body was not read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum BodyError {
    /// More bytes than allowed.
    TooLong,
    /// It did not come in time.
    TooSlow,
    /// The transfer broke off.
    Broken,
}

/// A whole body.
pub async fn read(body: Incoming, most: usize, within: Duration) -> Result<Bytes, BodyError> {
    let collected = tokio::time::timeout(within, Limited::new(body, most).collect());
    match collected.await.map_err(|_| BodyError::TooSlow)? {
        Ok(whole) => Ok(whole.to_bytes()),
        Err(error) if error.is::<http_body_util::LengthLimitError>() => Err(BodyError::TooLong),
        Err(_) => Err(BodyError::Broken),
    }
}
