//! Installer and status service as processes, killed again and again while an app follows.
// Clippy takes only the functions marked as tests for tests; of the shared world only a part is needed.
#![allow(clippy::unwrap_used, clippy::print_stdout, dead_code)]

#[path = "../serve/client.rs"]
mod client;
#[path = "../serve/metadata.rs"]
mod metadata;
#[path = "../serve/process.rs"]
mod process;
#[path = "../serve/random.rs"]
mod random;
mod stopping;
#[path = "../serve/world.rs"]
mod world;

use std::process::{Child, Command, Stdio};
use std::time::Duration;

use serde_json::{Value, json};
use slipway_protocol::message::StepResult;
use slipway_protocol::routes::Page;
use slipway_protocol::{Act, Kind, Message, Outcome};

use crate::client::App;
use crate::process::{AGENT, Process, app, world_with_port};
use crate::random::Random;
use crate::world::World;

const KILLS: usize = 100;
const MESSAGES: usize = 10_000;
const STEPS: usize = 80;
const LINES: usize = 150;

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn over_a_hundred_kills_of_both_every_message_arrives_once_and_in_order() {
    let world = talkative_world().await;
    let following = tokio::spawn(follow(app(&world).await));
    let mut random = Random(5);
    let mut service = Process::start(&world.config).await;
    let mut installer = install(&world);
    for kill in 0..KILLS {
        tokio::time::sleep(Duration::from_millis(20 + random.below(120) as u64)).await;
        if random.below(2) == 0 {
            service.kill();
            service = Process::start(&world.config).await;
        } else {
            assert!(
                installer.try_wait().unwrap().is_none(),
                "it ended before kill {kill}"
            );
            installer.kill().unwrap();
            installer.wait().unwrap();
            installer = install(&world);
        }
    }
    assert!(!following.is_finished(), "the last kills came after the end");
    let followed = following.await.unwrap();
    installer.kill().unwrap();
    installer.wait().unwrap();
    assert!(followed.len() >= MESSAGES, "only {} messages", followed.len());
    assert_eq!(followed.len(), queued(&world).len());
    assert!(followed == queued(&world), "not what was queued, or not in order");
    assert_each_step_ended_once(&followed);
    println!(
        "{KILLS} kills of installer and status service, {} messages",
        followed.len()
    );
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn run_installs_tells_scrubs_and_ends() {
    let mut world = world_with_port().await;
    let steps =
        json!([{"id": "a", "title": "a", "kind": "run", "program": "sh", "args": ["-c", "echo hello"]}]);
    world.brief.plan.steps = serde_json::from_value(steps).unwrap();
    world.metadata.instance.lock().unwrap().user_data = Some(world.brief.to_line().unwrap());
    let app = app(&world).await;
    let mut run = tokio::process::Command::new(AGENT)
        .arg("run")
        .args(world.config.to_arguments())
        .stdin(Stdio::null())
        .kill_on_drop(true)
        .spawn()
        .unwrap();
    let messages = follow(app.clone()).await;
    assert!(messages.iter().any(|message| message.text == "hello"));
    let end = messages.last().map(|message| &message.kind);
    assert!(
        matches!(
            end,
            Some(Kind::End {
                outcome: Outcome::Succeeded { .. }
            })
        ),
        "{end:?}"
    );
    let order = world.order(Act::Scrub {}).await;
    let path = format!("/v1/messages?after={}&wait=0", messages.len());
    let _ = app.get_with_order(&path, &order).await;
    let ended = tokio::time::timeout(Duration::from_secs(30), run.wait()).await;
    assert!(ended.expect("it ends by itself").unwrap().success());
    for gone in [
        world.config.identity_file(),
        world.config.queue_file(),
        world.config.secrets_file(),
    ] {
        assert!(!gone.exists(), "{}", gone.display());
    }
    let ballast = world.config.data_dir.join("ballast");
    assert!(!ballast.exists(), "the ballast would travel in every image");
}

/// Many steps that say much; the last one fails, so that the files are kept.
async fn talkative_world() -> World {
    let mut world = world_with_port().await;
    let steps = (0..=STEPS).map(|at| {
        let needs: Vec<String> = at
            .checked_sub(1)
            .map(|before| format!("s{before}"))
            .into_iter()
            .collect();
        let text = match at {
            STEPS => "exit 1".to_owned(),
            _ => format!("seq 1 {LINES}; sleep 0.1"),
        };
        json!({"id": format!("s{at}"), "title": "talk", "kind": "run", "program": "sh",
            "args": ["-c", text], "needs": needs})
    });
    world.brief.plan.steps = serde_json::from_value(Value::Array(steps.collect())).unwrap();
    world.metadata.instance.lock().unwrap().user_data = Some(world.brief.to_line().unwrap());
    world
}

fn install(world: &World) -> Child {
    Command::new(AGENT)
        .arg("install")
        .args(world.config.to_arguments())
        .stdin(Stdio::null())
        .stderr(Stdio::null())
        .spawn()
        .unwrap()
}

/// Reads as the app does, until the attempt has ended.
async fn follow(app: App) -> Vec<Message> {
    let mut read: Vec<Message> = Vec::new();
    while !read
        .iter()
        .any(|message| matches!(message.kind, Kind::End { .. }))
    {
        let path = format!("/v1/messages?after={}&wait=1", read.len());
        match app.get(&path).await {
            Ok(answer) => read.extend(answer.json::<Page>().messages),
            Err(_) => tokio::time::sleep(Duration::from_millis(5)).await,
        }
    }
    read
}

/// What the installer wrote down before it sent anything.
fn queued(world: &World) -> Vec<Message> {
    let queue = std::fs::read_to_string(world.config.queue_file()).unwrap();
    let lines = queue
        .lines()
        .map(|line| serde_json::from_str::<Value>(line).unwrap());
    lines
        .filter_map(|mut line| serde_json::from_value(line.get_mut("message")?.take()).ok())
        .collect()
}

fn assert_each_step_ended_once(messages: &[Message]) {
    for at in 0..=STEPS {
        let id = format!("s{at}");
        let of_step = messages
            .iter()
            .filter(|message| message.step.as_ref() == Some(&id));
        let ends: Vec<&Kind> = of_step
            .map(|message| &message.kind)
            .filter(|kind| matches!(kind, Kind::StepFinished { .. }))
            .collect();
        assert_eq!(ends.len(), 1, "{id}");
        let done = matches!(
            ends[0],
            Kind::StepFinished {
                result: StepResult::Done,
                ..
            }
        );
        assert_eq!(done, at < STEPS, "{id}");
    }
    let end = messages.last().map(|message| &message.kind);
    assert!(
        matches!(
            end,
            Some(Kind::End {
                outcome: Outcome::Failed { .. }
            })
        ),
        "{end:?}"
    );
}
