//! Secrets: born here and sent sealed, and in nothing that is shown or stored.

use std::os::unix::fs::PermissionsExt;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD as BASE64;
use serde_json::{Value, json};
use slipway_protocol::message::Kind;
use slipway_protocol::{Message, Outcome};

use crate::world::{World, lines, outcome, plan, script};

/// Steps that each write the same file.
const RACES: usize = 100;

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

/// Somebody who may write to the folder puts a link to a file of their own, again and again, where the agent is about to
/// write a secret.
#[tokio::test]
async fn a_file_with_a_secret_is_not_written_through_a_link_in_a_hundred_races() {
    let steps: Vec<Value> = (0..RACES)
        .map(|at| {
            json!({"id": format!("w{at}"), "title": "w", "kind": "write_file", "resource": "disk",
                "to": "${machine.work}/../open/secret.txt", "content": "x=${secret.db}"})
        })
        .collect();
    let mut plan = plan(json!(steps));
    plan.secrets = serde_json::from_value::<Vec<_>>(json!([{"name": "db", "origin": "born"}])).unwrap();
    let mut world = World::new(plan).await;
    let folder = world.path("data/open");
    std::fs::create_dir_all(&folder).unwrap();
    let captured = world.path("captured");
    std::fs::write(&captured, "").unwrap();
    let racing = Arc::new(AtomicBool::new(true));
    let racers = ["secret.txt.slipway-part", "secret.txt"].map(|name| {
        let (link, target, racing) = (folder.join(name), captured.clone(), racing.clone());
        std::thread::spawn(move || {
            while racing.load(Ordering::Relaxed) {
                let _ = std::os::unix::fs::symlink(&target, &link);
            }
        })
    });
    world.start();
    let messages = world.end_of(1).await;
    racing.store(false, Ordering::Relaxed);
    racers.into_iter().for_each(|racer| racer.join().unwrap());
    assert_eq!(world.read("captured"), "", "the secret went through a link");
    // Where a race can't be won the step fails and says so; it is not written anyhow.
    if let Outcome::Failed { reason, .. } = outcome(&messages, 1) {
        assert!(
            reason.contains("another program keeps making this file"),
            "{reason}"
        );
    }
}

#[tokio::test]
async fn a_secret_is_taken_out_in_the_forms_that_programs_print_and_across_lines() {
    let said = [
        "printf %s \"$DB\" | base64 -w 0; echo",
        "printf %s \"user:$DB\" | base64 -w 0; echo",
        "printf %s \"$DB\" | od -An -v -tx1 | tr -d ' \\n'; echo",
        "printf %s \"$DB\" | fold -w 7; echo",
        "printf %s \"$DB\" | cut -c1-10 | tr -d '\\n'; sleep 0.1; printf %s \"$DB\" | cut -c11-",
        "printf %s \"$DB\" | cut -c1-10; sleep 0.1; printf %s \"$DB\" | cut -c11-",
        "printf %s \"$DB\" | cut -c1-10 >&2; printf %s \"$DB\" | cut -c11- >&2",
        "exit 3",
    ];
    let mut step = script("a", &[], &said.join("; "));
    step["env"] = json!({"DB": "${secret.db}"});
    let mut plan = plan(json!([step]));
    plan.secrets = serde_json::from_value::<Vec<_>>(json!([{"name": "db", "origin": "born"}])).unwrap();
    let mut world = World::new(plan).await;
    world.start();
    let messages = world.end_of(1).await;
    let (_, value) = sealed(&world, &messages).remove(0);
    let told = serde_json::to_string(&messages).unwrap()
        + &world.read("data/install.log")
        + &world.read("data/journal.jsonl");
    let pieces = [
        &value[..10],
        &value[10..],
        &value[7..14],
        &hex::encode(&value)[..20],
        &BASE64.encode(&value)[..12],
    ];
    for piece in pieces {
        assert!(!told.contains(piece), "{piece} of {value} in {told}");
    }
    assert!(
        lines(&messages, "a").len() >= 10,
        "lines are missing: {messages:#?}"
    );
}
