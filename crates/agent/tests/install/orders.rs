//! Orders by tags: once each, from the app alone.

use serde_json::{Value, json};
use slipway_protocol::message::Kind;
use slipway_protocol::order::{Act, Order, OrderResult};
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

#[tokio::test]
async fn orders_from_elsewhere_are_refused_and_change_nothing() {
    let mut world = World::new(failing()).await;
    world.start();
    world.end_of(1).await;
    let order = |launch: &str| Order {
        launch: launch.into(),
        number: 1,
        act: Act::Retry { restart: false },
    };
    world.order_as(&Key::generate(), order("launch-1"));
    let refused = answered(&world, 1).await;
    assert_eq!(refused[0].1, OrderResult::Refused);
    assert!(refused[0].2.contains("can't be opened"), "{refused:?}");
    world.metadata.instance.lock().unwrap().tags.clear();
    world.order_as(&world.app, order("launch-2"));
    assert!(answered(&world, 2).await[1].2.contains("another launch"));
    assert_eq!(world.read("data/ran"), "ran\n");
    // The number was not used up.
    world.metadata.instance.lock().unwrap().tags.clear();
    world.order(1, Act::Retry { restart: false });
    world.end_of(2).await;
    assert_eq!(world.read("data/ran"), "ran\nran\n");
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
