//! What version 1 wrote is read as it was meant, and is still written the same way.

use std::fmt::Debug;
use std::path::PathBuf;

use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::Value;
use slipway_protocol::console::{self, Line, News};
use slipway_protocol::routes::Inbox;
use slipway_protocol::{Brief, Order, order};

use crate::samples::{self, Tags};

fn read(name: &str) -> String {
    let path = PathBuf::from(env!("CARGO_MANIFEST_DIR"))
        .join("golden/v1")
        .join(name);
    std::fs::read_to_string(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}

fn assert_golden<T: Serialize + DeserializeOwned + PartialEq + Debug>(name: &str, sample: &T) {
    let json: Value = serde_json::from_str(&read(name)).unwrap();
    let written = serde_json::to_value(sample).unwrap();
    assert_eq!(written, json, "{name} is written in another way");
    let text: T = serde_json::from_str(&read(name)).unwrap();
    assert_eq!(&text, sample, "{name} is read in another way");
}

#[test]
fn every_type_is_read_and_written_as_in_version_1() {
    assert_golden("brief.json", &samples::brief());
    assert_golden("brief-limits.json", &samples::brief_with_limits());
    assert_golden("run-waiting.json", &samples::waiting_run());
    assert_golden("page.json", &samples::page());
    assert_golden("batch.json", &samples::batch());
    assert_golden("accepted.json", &samples::accepted());
    assert_golden("hello.json", &samples::hello());
    assert_golden("steps.json", &samples::steps());
}

#[test]
fn the_inbox_of_version_1_is_read() {
    let inbox: Inbox = serde_json::from_str(&read("inbox.json")).unwrap();
    assert_eq!(
        (inbox.port, inbox.secret.as_str()),
        (49152, "0f".repeat(32).as_str())
    );
    let json: Value = serde_json::from_str(&read("inbox.json")).unwrap();
    assert_eq!(serde_json::to_value(&inbox).unwrap(), json);
}

#[test]
fn the_user_data_line_of_version_1_is_read() {
    assert_eq!(
        Brief::from_user_data(&read("user-data.txt")).unwrap(),
        samples::brief()
    );
}

#[test]
fn orders_are_read_and_written_as_in_version_1() {
    let json: Value = serde_json::from_str(&read("orders.json")).unwrap();
    assert_eq!(serde_json::to_value(samples::orders()).unwrap(), json);
    let orders: Vec<Order> = serde_json::from_value(json).unwrap();
    assert!(orders == samples::orders());
    let json: Value = serde_json::from_str(&read("order-extend.json")).unwrap();
    assert_eq!(serde_json::to_value(samples::extension()).unwrap(), json);
    assert!(serde_json::from_value::<Order>(json).unwrap() == samples::extension());
    let json: Value = serde_json::from_str(&read("orders-later.json")).unwrap();
    assert_eq!(serde_json::to_value(samples::later_orders()).unwrap(), json);
    assert!(serde_json::from_value::<Vec<Order>>(json).unwrap() == samples::later_orders());
}

#[test]
fn order_tags_that_version_1_sealed_are_opened() {
    let tags: Tags = serde_json::from_str(&read("order-tags.json")).unwrap();
    let sealed = order::from_tags(tags.iter().map(|(name, value)| (name.as_str(), value.as_str())));
    let (agent, app) = (samples::agent_key(), samples::app_key().public());
    let opened: Vec<Order> = sealed
        .values()
        .flatten()
        .map(|sealed| order::open(sealed, &agent, &app).unwrap())
        .collect();
    assert!(opened == samples::orders());
}

#[test]
fn console_lines_of_version_1_are_read_and_written() {
    let step = || "database".to_owned();
    let news = vec![
        News::Keys {
            tls_sha256: "ab".repeat(32),
            key: samples::agent_key().public().to_text(),
        },
        News::StepStarted(step()),
        News::StepDone(step()),
        News::StepFailed(step()),
        News::Succeeded,
        News::Failed,
        News::Trouble("the download broke off".into()),
    ];
    let launch = || "01JD0000000000000000000000".to_owned();
    let said: Vec<Line> = news
        .into_iter()
        .map(|news| Line {
            launch: launch(),
            news,
        })
        .collect();
    let console = read("console.txt");
    assert_eq!(console::lines(&console, &launch()), said);
    for line in said {
        assert!(console.contains(&line.to_string()), "{line}");
    }
}
