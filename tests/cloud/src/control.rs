//! The desk of the cloud: what tests in other programs, and people, ask it to do and to tell.
//!
//! `GET /_test-cloud/requests`, `/counts`, `/violations`, `/world`, `/address`; `POST /_test-cloud/faults` (a fault), `/rules`,
//! `/clock` (`{"ahead": 900}`), `/clear` (faults and requests),
//! `/sign-in` (`{"kind": "sso"}` or `"login"`; gives what the AWS command line would write into its cache). JSON in, JSON out.

use bytes::Bytes;
use http::Method;
use http::request::Parts;
use serde_json::{Value, json};

use crate::answer::{Answer, answer};
use crate::call::Place;
use crate::cloud::Cloud;
use crate::leftovers;

/// Paths of the desk; no bucket may be called so.
pub const PREFIX: &str = "/_test-cloud/";

/// Does or tells what is asked.
pub async fn respond(cloud: &Cloud, head: &Parts, body: &Bytes) -> Answer {
    let path = head.uri.path().trim_start_matches(PREFIX);
    if path == "address" {
        return answer(200, "text/plain", cloud.rules().client.clone());
    }
    let done = match (&head.method, path) {
        (&Method::GET, "requests") => Ok(json!(cloud.requests.all())),
        (&Method::GET, "counts") => Ok(json!(cloud.requests.counts())),
        (&Method::GET, "violations") => Ok(json!(cloud.requests.violations())),
        (&Method::GET, "rules") => Ok(json!(*cloud.rules())),
        (&Method::GET, "world") => Ok(json!(leftovers::of(cloud, &place(head)).await)),
        (&Method::POST, "sign-in") => read(body).and_then(|asked| cloud.sign_ins.begin(&asked)),
        (&Method::POST, path) => change(cloud, path, body),
        _ => Err("there is no such thing to ask".to_owned()),
    };
    match done {
        Ok(value) => answer(200, "application/json", format!("{value:#}\n")),
        Err(reason) => answer(400, "text/plain; charset=utf-8", format!("{reason}\n")),
    }
}

fn read(body: &Bytes) -> Result<Value, String> {
    serde_json::from_slice(body).map_err(|error| error.to_string())
}

fn change(cloud: &Cloud, path: &str, body: &Bytes) -> Result<Value, String> {
    let wrong = |error: serde_json::Error| error.to_string();
    match path {
        "faults" => cloud.faults.add(serde_json::from_slice(body).map_err(wrong)?),
        "rules" => *cloud.rules() = serde_json::from_slice(body).map_err(wrong)?,
        "clock" => {
            let ask = read(body)?;
            cloud
                .clock
                .set_ahead(ask["ahead"].as_i64().ok_or("“ahead” is missing")?);
        }
        "clear" => {
            cloud.faults.clear();
            cloud.requests.clear();
        }
        _ => return Err("there is no such thing to do".to_owned()),
    }
    Ok(json!({}))
}

/// `?region=…&key=…`; the usual ones of a test where they are not given.
fn place(head: &Parts) -> Place {
    let query = head.uri.query().unwrap_or_default();
    let value = |name: &str, usual: &str| {
        let mut pairs = url::form_urlencoded::parse(query.as_bytes());
        let found = pairs.find(|(key, _)| key == name);
        found.map_or_else(|| usual.to_owned(), |(_, value)| value.into_owned())
    };
    Place {
        access_key: value("key", "AKIATESTTESTTESTTEST"),
        region: value("region", "eu-central-1"),
    }
}
