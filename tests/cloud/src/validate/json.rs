//! JSON, as the newer services take it, against the shape of an action's input.

use serde_json::Value;

use super::model::{Model, Shape};

/// Adds what is wrong.
pub fn check(model: &Model, shape: &Shape, value: &Value, found: &mut Vec<String>) {
    below(model, "", shape, value, found);
}

fn below(model: &Model, path: &str, shape: &Shape, value: &Value, found: &mut Vec<String>) {
    match (shape.kind.as_str(), value) {
        ("structure", Value::Object(members)) => {
            for (name, value) in members {
                let path = format!("{path}/{name}");
                match model.member(shape, name) {
                    Some(member) => below(model, &path, member, value, found),
                    None => found.push(format!("{path} is unknown")),
                }
            }
            let missing = shape.required.iter().filter(|name| !members.contains_key(*name));
            found.extend(missing.map(|name| format!("{path}/{name} is missing")));
        }
        ("list", Value::Array(items)) => {
            for (at, value) in items.iter().enumerate() {
                if let Some(item) = model.item(shape) {
                    below(model, &format!("{path}/{at}"), item, value, found);
                }
            }
        }
        ("map", Value::Object(_)) => {}
        ("structure" | "list" | "map", _) => found.push(format!("{path} is not a {}", shape.kind)),
        (_, Value::String(text)) => {
            found.extend(shape.problem(text).map(|problem| format!("{path} {problem}")))
        }
        (_, Value::Number(number)) => {
            found.extend(
                shape
                    .problem(&number.to_string())
                    .map(|problem| format!("{path} {problem}")),
            );
        }
        (_, Value::Bool(_)) if shape.kind == "boolean" => {}
        _ => found.push(format!("{path} is not a {}", shape.kind)),
    }
}
