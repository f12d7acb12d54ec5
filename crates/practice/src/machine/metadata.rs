//! Instance metadata, version 2 only (EC2 User Guide, “Use the Instance Metadata Service”): a session token first,
//! then user data, the instance's id and its tags as they are now. Beside it the one download that practice needs.

use std::collections::HashMap;
use std::convert::Infallible;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use http::{HeaderMap, Method, Request, StatusCode};
use hyper::body::Incoming;
use tokio::net::TcpListener;

use crate::account::BASE_IMAGE;
use crate::ids;
use crate::ledger::tags;
use crate::machine::Machine;
use crate::machine::web::{self, Answer};
use crate::trouble::Outcome;

const TTL: &str = "x-aws-ec2-metadata-token-ttl-seconds";
const TOKEN: &str = "x-aws-ec2-metadata-token";
const LONGEST_SECONDS: u64 = 21_600;
const TAGS: &str = "/latest/meta-data/tags/instance";

/// Session tokens and when they run out.
#[derive(Clone, Default)]
struct Sessions(Arc<Mutex<HashMap<String, Instant>>>);

/// Answers until it is dropped.
pub async fn serve(machine: Machine, listener: TcpListener) -> Infallible {
    let sessions = Sessions::default();
    web::serve(listener, move |request| {
        let (machine, sessions) = (machine.clone(), sessions.clone());
        async move { route(&machine, &sessions, &request).await }
    })
    .await
}

async fn route(machine: &Machine, sessions: &Sessions, request: &Request<Incoming>) -> Answer {
    let path = request.uri().path();
    match (request.method(), path) {
        (&Method::PUT, "/latest/api/token") => sessions.begin(request.headers()),
        (&Method::GET, "/practice/theme.zip") => web::answer(StatusCode::OK, "application/zip", crate::THEME),
        (&Method::GET, _) if !sessions.knows(request.headers()) => {
            web::text(StatusCode::UNAUTHORIZED, "a session token is needed")
        }
        (&Method::GET, _) => match value(machine, path).await {
            Ok(Some(text)) => web::text(StatusCode::OK, text),
            Ok(None) => web::text(StatusCode::NOT_FOUND, "there is no such value"),
            Err(trouble) => web::text(StatusCode::INTERNAL_SERVER_ERROR, trouble.to_string()),
        },
        _ => web::text(StatusCode::METHOD_NOT_ALLOWED, "only GET is possible"),
    }
}

async fn value(machine: &Machine, path: &str) -> Outcome<Option<String>> {
    if let Some(key) = path.strip_prefix(TAGS) {
        return tag(machine, key.trim_start_matches('/')).await;
    }
    let row = machine.row().await?;
    Ok(match path {
        "/latest/user-data" => Some(row.request.user_data).filter(|text| !text.is_empty()),
        "/latest/meta-data/instance-id" => Some(row.id),
        "/latest/meta-data/instance-type" => Some(row.request.size),
        "/latest/meta-data/ami-id" => Some(row.own_image().unwrap_or(BASE_IMAGE).to_owned()),
        "/latest/meta-data/public-ipv4" => Some(row.ports.host.to_string()),
        _ => None,
    })
}

/// The value of a tag, or the names of all for an empty key.
async fn tag(machine: &Machine, key: &str) -> Outcome<Option<String>> {
    let id = machine.id.clone();
    let tags = machine
        .ask(move |machine| machine.ledger.read(|ledger| tags::of(ledger, &id)))
        .await?;
    if key.is_empty() {
        let names: Vec<String> = tags.into_keys().collect();
        return Ok(Some(names.join("\n")));
    }
    Ok(tags.get(key).cloned())
}

impl Sessions {
    fn begin(&self, headers: &HeaderMap) -> Answer {
        let seconds = headers
            .get(TTL)
            .and_then(|ttl| ttl.to_str().ok()?.parse::<u64>().ok());
        let Some(seconds) = seconds.filter(|seconds| (1..=LONGEST_SECONDS).contains(seconds)) else {
            return web::text(
                StatusCode::BAD_REQUEST,
                "a time to live of 1 to 21600 seconds is needed",
            );
        };
        // A proxy in between would let others in; EC2 refuses it in the same way.
        if headers.contains_key("x-forwarded-for") {
            return web::text(StatusCode::FORBIDDEN, "not through a proxy");
        }
        let Ok(random) = ids::random::<32>() else {
            return web::text(StatusCode::INTERNAL_SERVER_ERROR, "no random numbers");
        };
        let token = ids::hex(&random);
        let now = Instant::now();
        let mut tokens = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        tokens.retain(|_, ends| *ends > now);
        tokens.insert(token.clone(), now + Duration::from_secs(seconds));
        web::text(StatusCode::OK, token)
    }

    fn knows(&self, headers: &HeaderMap) -> bool {
        let tokens = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let ends = headers
            .get(TOKEN)
            .and_then(|token| tokens.get(token.to_str().ok()?));
        ends.is_some_and(|ends| *ends > Instant::now())
    }
}
