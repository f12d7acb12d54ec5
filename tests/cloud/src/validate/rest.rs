//! REST, as the sign-in services speak it: members in the query, in headers, and in a body of JSON.

use serde_json::{Map, Value};

use super::json;
use super::model::{Model, Shape};
use crate::call::Call;

/// Adds what is wrong.
pub fn check(model: &Model, input: &Shape, call: &Call, found: &mut Vec<String>) {
    let mut members = match (input.payload(), &call.json) {
        (Some(payload), body) => Map::from_iter([(payload.to_owned(), body.clone())]),
        (None, Value::Object(body)) => body.clone(),
        (None, _) => Map::new(),
    };
    let mut named = Vec::new();
    for (member, place, name) in input.outside() {
        let value = match place {
            "querystring" => call.query(name),
            "header" => Some(call.header(name).to_owned()).filter(|value| !value.is_empty()),
            _ => None,
        };
        named.push(name.to_owned());
        members.extend(value.map(|value| (member.to_owned(), Value::String(value))));
    }
    let query = call.head.uri.query().unwrap_or_default();
    for (name, _) in url::form_urlencoded::parse(query.as_bytes()) {
        if !named.iter().any(|known| *known == name) {
            found.push(format!("?{name} is unknown"));
        }
    }
    json::check(model, input, &Value::Object(members), found);
}
