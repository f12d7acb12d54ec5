//! Orders by tags: once each, from the app alone.

use std::collections::BTreeMap;

use serde_json::{Value, json};
use slipway_protocol::message::Kind;
use slipway_protocol::order::{self, Act, Order, OrderResult};
use slipway_protocol::sealing::Key;
use slipway_protocol::{Message, Outcome, Plan};

use crate::world::{World, applied, outcome, plan, script};

fn failing() -> Plan {
    plan(json!([script("a", &[], "echo ran >> ../ran; exit 1")]))
}

fn answers(messages: &[Message]) -> Vec<(u32, OrderResult, String)> {
    let answers = messages.iter().filter_map(|message| match message.kind {
        Kind::OrderDone { order, result } => Some((order, result, message.text.clone())),
        _ => None,
    });
    answers.collect()
}

async fn answered(world: &World, count: usize) -> Vec<(u32, OrderResult, String)> {
    let enough = |messages: &[Message]| answers(messages).len() >= count;
    answers(&world.inbox.wait_for("an answer", enough).await)
}

/// Everything that is no order of the app's, as somebody who may write tags could leave it.
fn stray(world: &World) -> BTreeMap<String, String> {
    let order = |launch: &str, number| Order {
        launch: launch.into(),
        number,
        act: Act::Retry { restart: false },
    };
    let agent = world.agent_key().public();
    let sealed = |key: &Key, order: Order| order::to_tags(&order, key, &agent).unwrap();
    let mut tags = BTreeMap::new();
    tags.extend(sealed(&Key::generate(), order("launch-1", 1)));
    tags.extend(sealed(&world.app, order("launch-2", 2)));
    let renamed = sealed(&world.app, order("launch-1", 5)).into_iter();
    tags.extend(renamed.map(|(name, value)| (name.replace("order-5", "order-6"), value)));
    let plain = [
        ("77.1of1", "garbage"),
        ("78.1of1", "\u{fffd}\u{1f480} \u{0}"),
        ("4294967295.1of1", "c2VhbGVk"),
        ("4294967296.1of1", "c2VhbGVk"),
        ("01.1of1", "c2VhbGVk"),
        ("9.1of2", "half"),
        ("10.1of99999999999999999999", "x"),
        ("-1.1of1", "x"),
        ("", "x"),
    ];
    let named = |(name, value): (&str, &str)| (format!("slipway-order-{name}"), value.to_owned());
    tags.extend(plain.map(named));
    tags.insert("slipway-order-79.1of1".into(), "A".repeat(100_000));
    for part in 1..=40 {
        tags.insert(format!("slipway-order-1.{part}of40"), "AAAA".into());
        tags.insert(format!("slipway-order-{}.1of1", 1000 + part), "AAAA".into());
    }
    tags
}

#[tokio::test]
async fn tags_that_the_app_did_not_seal_are_not_answered_and_end_nothing() {
    let mut world = World::new(plan(json!([script("a", &[], "sleep 4")]))).await;
    let tags = stray(&world);
    world.metadata.instance.lock().unwrap().tags.extend(tags);
    world.start();
    let messages = world.end_of(1).await;
    assert!(
        matches!(outcome(&messages, 1), Outcome::Succeeded { .. }),
        "{messages:?}"
    );
    assert_eq!(answers(&messages), []);
    assert!(world.ended().await.success());
    let log = world.read("data/install.log");
    assert!(log.contains("looks like order 77"), "{log}");
    assert!(log.matches("looks like order").count() <= 20, "{log}");
}

#[tokio::test]
async fn stray_tags_do_not_hide_an_order_and_use_up_no_number() {
    let mut world = World::new(failing()).await;
    let tags = stray(&world);
    world.metadata.instance.lock().unwrap().tags.extend(tags);
    world.start();
    world.end_of(1).await;
    // Whatever was there under the same names is written over by the app.
    world.order(1, Act::Retry { restart: false });
    let messages = world.end_of(2).await;
    assert_eq!(world.read("data/ran"), "ran\nran\n");
    let done: Vec<(u32, OrderResult)> = answers(&messages)
        .into_iter()
        .map(|(order, result, _)| (order, result))
        .collect();
    assert_eq!(done, [(1, OrderResult::Done)]);
}

#[tokio::test]
async fn a_secret_whose_tags_show_up_after_those_of_a_later_order_is_taken() {
    let mut licensed = script("licensed", &[], "printf %s \"$KEY\" > ../key");
    licensed["env"] = json!({"KEY": "${secret.licence}"});
    let mut plan = plan(json!([licensed]));
    plan.secrets = serde_json::from_value::<Vec<_>>(json!([{"name": "licence", "origin": "sent"}])).unwrap();
    let mut world = World::new(plan).await;
    world.start();
    world.order(2, Act::Extend { minutes: 5 });
    answered(&world, 1).await;
    let (name, value) = ("licence".into(), "L-123456".into());
    world.order(1, Act::Secret { name, value });
    assert!(matches!(
        outcome(&world.end_of(1).await, 1),
        Outcome::Succeeded { .. }
    ));
    assert_eq!(world.read("data/key"), "L-123456");
}

#[tokio::test]
async fn another_token_is_kept_as_its_hash_and_a_scrub_by_tags_is_refused() {
    let mut world = World::new(failing()).await;
    world.start();
    world.end_of(1).await;
    let sha256 = "ab".repeat(32);
    world.order(
        1,
        Act::Token {
            sha256: sha256.clone(),
        },
    );
    assert_eq!(answered(&world, 1).await[0].1, OrderResult::Done);
    assert_eq!(world.read("data/next-token"), sha256);
    world.order(2, Act::Token { sha256: "ab".into() });
    assert_eq!(answered(&world, 2).await[1].1, OrderResult::Refused);
    world.order(3, Act::Scrub {});
    assert_eq!(answered(&world, 3).await[2].1, OrderResult::Refused);
    assert_eq!(world.read("data/next-token"), sha256);
}

#[tokio::test]
async fn an_order_that_is_still_there_after_a_restart_is_acknowledged_again_and_not_carried_out_again() {
    let mut world = World::new(failing()).await;
    world.start();
    world.end_of(1).await;
    world.order(1, Act::Retry { restart: false });
    world.end_of(2).await;
    world.kill().await;
    world.start();
    let all = answered(&world, 2).await;
    assert_eq!(all[0], all[1]);
    assert_eq!(all[0].1, OrderResult::Done);
    tokio::time::sleep(std::time::Duration::from_millis(300)).await;
    assert_eq!(world.read("data/ran"), "ran\nran\n");
}

#[tokio::test]
async fn a_retry_of_what_still_runs_is_refused() {
    let mut world = World::new(plan(json!([script("a", &[], "sleep 3")]))).await;
    world.start();
    world.order(1, Act::Retry { restart: false });
    let (_, result, text) = answered(&world, 1).await.remove(0);
    assert_eq!(result, OrderResult::Refused);
    assert!(text.contains("still at work"), "{text}");
}

#[tokio::test]
async fn an_order_that_puts_the_stop_off_is_kept_beside_the_failure_it_concerns() {
    let mut world = World::new(failing()).await;
    world.start();
    world.end_of(1).await;
    world.order(1, Act::Extend { minutes: 90 });
    let (_, result, text) = answered(&world, 1).await.remove(0);
    assert_eq!(result, OrderResult::Done);
    assert!(text.contains("90 minutes"), "{text}");
    let kept: Value = serde_json::from_str(&world.read("data/stop.json")).unwrap();
    assert_eq!(
        kept,
        json!({"failed_attempt": 1, "extension": {"order": 1, "minutes": 90}})
    );
}

#[tokio::test]
async fn an_order_of_a_newer_app_is_refused_with_a_sentence() {
    let mut world = World::new(failing()).await;
    world.start();
    world.order(1, Act::Unknown(json!({"dance": {"how": "well"}})));
    let (_, result, text) = answered(&world, 1).await.remove(0);
    assert_eq!(result, OrderResult::Refused);
    assert!(text.contains("newer agent"), "{text}");
}

#[tokio::test]
async fn a_step_waits_for_its_secret_while_the_others_go_on() {
    let mut licensed = script("licensed", &[], "printf %s \"$KEY\" > ../key");
    licensed["env"] = json!({"KEY": "${secret.licence}"});
    let mut plan = plan(json!([licensed, applied("free", &[])]));
    plan.secrets = serde_json::from_value::<Vec<_>>(json!([
        {"name": "licence", "origin": "sent"}, {"name": "late", "origin": "sent"},
    ]))
    .unwrap();
    let mut world = World::new(plan).await;
    world.start();
    let finished = |messages: &[Message], id: &str| {
        let of_step = messages
            .iter()
            .filter(|message| message.step.as_deref() == Some(id));
        of_step
            .into_iter()
            .any(|message| matches!(message.kind, Kind::StepFinished { .. }))
    };
    world
        .inbox
        .wait_for("the free step", |messages| finished(messages, "free"))
        .await;
    assert!(!finished(&world.inbox.messages(), "licensed"));
    let secret = |name: &str, value: &str| Act::Secret {
        name: name.into(),
        value: value.into(),
    };
    world.order(1, secret("licence", "L-1234"));
    world
        .inbox
        .wait_for("the licensed step", |messages| finished(messages, "licensed"))
        .await;
    assert_eq!(world.read("data/key"), "L-1234");
    let (_, _, said) = answered(&world, 1).await.remove(0);
    assert_eq!(said, "The secret “licence” has come.");
    // All is done, but a secret that the app still owes has not come.
    let waits = |messages: &[Message]| {
        messages
            .iter()
            .any(|message| message.text.contains("has not come yet: late"))
    };
    world.inbox.wait_for("the wait for the other secret", waits).await;
    world.order(2, secret("late", "x-late-x"));
    assert!(matches!(
        outcome(&world.end_of(1).await, 1),
        Outcome::Succeeded { .. }
    ));
}

#[tokio::test]
async fn a_chosen_administrator_password_is_set_by_standard_input_and_told_to_nobody() {
    let mut plan = plan(json!([script(
        "a",
        &[],
        "sleep 1; echo \"the password is Chosen-1-Password\""
    )]));
    plan.secrets =
        serde_json::from_value::<Vec<_>>(json!([{"name": "administrator_password", "origin": "sent"}]))
            .unwrap();
    let mut world = World::new(plan).await;
    world.program(
        "set-password",
        "cat > password; tr '\\0' ' ' < /proc/$$/cmdline > arguments",
    );
    world.start();
    let value = "Chosen-1-Password".to_owned();
    world.order(
        1,
        Act::Secret {
            name: "administrator_password".into(),
            value,
        },
    );
    let messages = world.end_of(1).await;
    assert_eq!(world.read("password"), "Chosen-1-Password");
    assert!(!world.read("arguments").contains("Chosen-1"));
    let told: Value = serde_json::to_value(&messages).unwrap();
    assert!(!told.to_string().contains("Chosen-1"), "{told}");
}
