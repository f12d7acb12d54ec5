//! A newer version may add fields and kinds: they are passed over or kept, never fatal.

use serde_json::{Map, Value, json};
use slipway_protocol::message::StepResult;
use slipway_protocol::order::OrderResult;
use slipway_protocol::plan::{Check, SecretOrigin};
use slipway_protocol::routes::{Hello, Page, StepState, Steps};
use slipway_protocol::{Act, Action, Brief, Kind, Level, Message, Order, Step};

use crate::samples;

/// Adds a field to every object, except where the only key says which kind it is.
fn with_news(value: Value) -> Value {
    match value {
        Value::Object(fields) => {
            let bare = ["exists", "succeeds", "sha256", "retry", "secret", "extend"];
            let kind_only = fields.len() == 1 && fields.keys().all(|key| bare.contains(&key.as_str()));
            let fields = fields.into_iter().map(|(key, inner)| match key.as_str() {
                "inputs" | "env" => (key, inner),
                _ => (key, with_news(inner)),
            });
            let mut fields: Map<String, Value> = fields.collect();
            if !kind_only {
                fields.insert("since_version_9".into(), json!([{"a": 1}]));
            }
            Value::Object(fields)
        }
        Value::Array(items) => items.into_iter().map(with_news).collect(),
        other => other,
    }
}

#[test]
fn unknown_fields_are_passed_over_everywhere() {
    let newer = |value| with_news(value);
    let brief = newer(serde_json::to_value(samples::brief()).unwrap());
    assert_eq!(serde_json::from_value::<Brief>(brief).unwrap(), samples::brief());
    let brief = newer(serde_json::to_value(samples::brief_with_limits()).unwrap());
    assert_eq!(
        serde_json::from_value::<Brief>(brief).unwrap(),
        samples::brief_with_limits()
    );
    let page = newer(serde_json::to_value(samples::page()).unwrap());
    assert_eq!(serde_json::from_value::<Page>(page).unwrap(), samples::page());
    let steps = newer(serde_json::to_value(samples::steps()).unwrap());
    assert_eq!(serde_json::from_value::<Steps>(steps).unwrap(), samples::steps());
    let hello = newer(serde_json::to_value(samples::hello()).unwrap());
    assert_eq!(serde_json::from_value::<Hello>(hello).unwrap(), samples::hello());
    let orders = newer(serde_json::to_value(samples::orders()).unwrap());
    assert!(serde_json::from_value::<Vec<Order>>(orders).unwrap() == samples::orders());
    let extension = newer(serde_json::to_value(samples::extension()).unwrap());
    assert!(serde_json::from_value::<Order>(extension).unwrap() == samples::extension());
}

#[test]
fn an_unknown_kind_is_kept_to_the_last_field() {
    let newer = json!({
        "number": 5, "attempt": 1, "time": 9, "level": "info", "text": "hi",
        "kind": "screenshot", "png": "aGk=", "size": {"width": 4}, "none": null,
    });
    let message: Message = serde_json::from_value(newer.clone()).unwrap();
    assert!(matches!(&message.kind, Kind::Unknown(kept) if kept["kind"] == "screenshot" && kept.len() == 4));
    assert_eq!(serde_json::to_value(&message).unwrap(), newer);
}

#[test]
fn a_known_kind_that_lacks_something_is_kept_as_unknown() {
    for kind in [
        json!({"kind": "step_progress"}),
        json!({"kind": "step_finished", "result": 7, "millis": 1}),
        json!({"kind": "end", "outcome": {"result": "paused"}}),
        json!({"kind": 3}),
        json!({}),
    ] {
        let read: Kind = serde_json::from_value(kind.clone()).unwrap();
        assert!(matches!(read, Kind::Unknown(_)), "{kind}");
        assert_eq!(serde_json::to_value(&read).unwrap(), kind);
    }
}

#[test]
fn unknown_words_are_read_as_unknown() {
    let word = || json!("ultraviolet");
    assert_eq!(serde_json::from_value::<Level>(word()).unwrap(), Level::Other);
    assert_eq!(
        serde_json::from_value::<StepResult>(word()).unwrap(),
        StepResult::Unknown
    );
    assert_eq!(
        serde_json::from_value::<StepState>(word()).unwrap(),
        StepState::Unknown
    );
    assert_eq!(
        serde_json::from_value::<OrderResult>(word()).unwrap(),
        OrderResult::Unknown
    );
    assert_eq!(
        serde_json::from_value::<SecretOrigin>(word()).unwrap(),
        SecretOrigin::Unknown
    );
}

#[test]
fn a_step_of_an_unknown_kind_is_kept_with_its_fields() {
    let newer =
        json!({"id": "iis", "title": "Turn on IIS", "kind": "windows_features", "names": ["Web-Server"]});
    let step: Step = serde_json::from_value(newer).unwrap();
    assert!(matches!(&step.action, Action::Unknown(kept) if kept["names"][0] == "Web-Server"));
    assert_eq!((step.timeout_seconds, step.retries), (1800, 0));
}

#[test]
fn unknown_checks_and_acts_are_kept() {
    let check: Check = serde_json::from_value(json!({"service_runs": "W3SVC"})).unwrap();
    assert_eq!(check, Check::Unknown(json!({"service_runs": "W3SVC"})));
    let act: Act = serde_json::from_value(json!({"pause": {"minutes": 5}})).unwrap();
    assert!(act == Act::Unknown(json!({"pause": {"minutes": 5}})));
}

#[test]
fn the_smallest_message_is_enough() {
    let message: Message =
        serde_json::from_str(r#"{"number":1,"attempt":1,"time":0,"kind":"line"}"#).unwrap();
    assert_eq!(
        (message.level, message.text.as_str(), message.step),
        (Level::Info, "", None)
    );
}
