//! Secrets: born here and sent sealed, and in nothing that is shown or stored.

use serde_json::json;
use slipway_protocol::message::Kind;
use slipway_protocol::{Message, Outcome};
use std::os::unix::fs::PermissionsExt;

use crate::world::{World, lines, outcome, plan, script};

fn sealed(world: &World, messages: &[Message]) -> Vec<(String, String)> {
    let secrets = messages.iter().filter_map(|message| match &message.kind {
        Kind::Secret { name, sealed } => Some((name.clone(), world.open(sealed))),
        _ => None,
    });
    secrets.collect()
}

#[tokio::test]
async fn a_born_secret_reaches_the_app_once_and_is_taken_out_of_every_line() {
    let talkative = "printf 'password: %s' \"$DB\" | head -c 20; sleep 0.1; printf %s \"$DB\" | tail -c +11; echo; \
        echo \"$DB\" >&2; printf %s \"$DB\" > ../seen; exit 4";
    let mut step = script("a", &[], talkative);
    step["env"] = json!({"DB": "${secret.db}"});
    let mut plan = plan(json!([step]));
    plan.secrets = serde_json::from_value::<Vec<_>>(json!([{"name": "db", "origin": "born"}])).unwrap();
    let mut world = World::new(plan).await;
    world.start();
    let messages = world.end_of(1).await;
    world.kill().await;
    let secrets = sealed(&world, &messages);
    assert_eq!(secrets.len(), 1);
    let (name, value) = secrets[0].clone();
    assert_eq!((name.as_str(), value.len()), ("db", 24));
    assert_eq!(world.read("data/seen"), value, "the step got the real one");
    // Which of a program's two outputs is heard first is not said.
    let mut heard = lines(&messages, "a");
    heard.sort();
    assert_eq!(heard, ["password: •••", "•••"]);
    for file in [
        "data/queue.jsonl",
        "data/journal.jsonl",
        "data/install.log",
        "console.log",
    ] {
        assert!(!world.read(file).contains(&value), "{file}");
    }
    let mode = std::fs::metadata(world.path("data/secrets.json"))
        .unwrap()
        .permissions()
        .mode();
    assert_eq!(mode & 0o777, 0o600);
}

#[tokio::test]
async fn a_born_secret_survives_a_kill_unchanged_and_is_not_sent_twice() {
    let mut step = script("a", &[], "sleep 0.4");
    step["env"] = json!({"DB": "${secret.db}"});
    let mut plan = plan(json!([step]));
    plan.secrets = serde_json::from_value::<Vec<_>>(json!([{"name": "db", "origin": "born"}])).unwrap();
    let mut world = World::new(plan).await;
    world.start();
    let sent = |messages: &[Message]| {
        messages
            .iter()
            .any(|message| matches!(message.kind, Kind::Secret { .. }))
    };
    world.inbox.wait_for("the secret", sent).await;
    let before = world.read("data/secrets.json");
    world.kill().await;
    let messages = world.succeed().await;
    assert_eq!(sealed(&world, &messages).len(), 1);
    assert_eq!(world.read("data/secrets.json"), before);
}

#[tokio::test]
async fn a_fresh_administrator_password_is_set_and_sent() {
    let mut plan = plan(json!([]));
    plan.fresh_administrator_password = true;
    let mut world = World::new(plan).await;
    world.program("set-password", "cat > password");
    let messages = world.succeed().await;
    let secrets = sealed(&world, &messages);
    assert_eq!(
        secrets,
        [("administrator_password".to_owned(), world.read("password"))]
    );
    assert_eq!(world.read("password").len(), 24);
}

#[tokio::test]
async fn a_password_that_can_not_be_set_fails_the_attempt_with_the_programs_words() {
    let mut plan = plan(json!([]));
    plan.fresh_administrator_password = true;
    let mut world = World::new(plan).await;
    world.program(
        "set-password",
        "cat > /dev/null; echo 'the policy says no' >&2; exit 1",
    );
    world.start();
    let Outcome::Failed { step, reason } = outcome(&world.end_of(1).await, 1) else {
        panic!()
    };
    assert_eq!(step, None);
    assert!(reason.contains("the policy says no"), "{reason}");
}

#[tokio::test]
async fn a_secret_in_an_argument_is_refused() {
    let mut plan = plan(json!([script("a", &[], "echo ${secret.db}")]));
    plan.secrets = serde_json::from_value::<Vec<_>>(json!([{"name": "db", "origin": "born"}])).unwrap();
    let mut world = World::new(plan).await;
    world.start();
    let Outcome::Failed { reason, .. } = outcome(&world.end_of(1).await, 1) else {
        panic!()
    };
    assert!(reason.contains("other processes could read it"), "{reason}");
}

#[tokio::test]
async fn a_file_written_with_a_secret_is_the_owners_alone() {
    let write = |id: &str, content: &str| json!({"id": id, "title": id, "kind": "write_file", "to": format!("${{machine.work}}/../{id}.txt"), "content": content});
    let mut plan = plan(json!([write("open", "hello"), write("closed", "x=${secret.db}")]));
    plan.secrets = serde_json::from_value::<Vec<_>>(json!([{"name": "db", "origin": "born"}])).unwrap();
    let mut world = World::new(plan).await;
    world.succeed().await;
    let mode = |name: &str| std::fs::metadata(world.path(name)).unwrap().permissions().mode() & 0o777;
    assert_eq!(mode("data/closed.txt"), 0o600);
    assert_ne!(mode("data/open.txt"), 0o600);
    assert_eq!(world.read("data/closed.txt").len(), "x=".len() + 24);
}
