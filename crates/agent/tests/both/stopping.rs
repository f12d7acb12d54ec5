//! The machine stops itself when its time is up: said before, done once, no matter what becomes of the processes.

use std::os::unix::fs::PermissionsExt as _;
use std::path::PathBuf;
use std::process::Stdio;
use std::time::Duration;

use serde_json::json;
use slipway_protocol::routes::Page;
use slipway_protocol::{Limits, Message};
use tokio::process::{Child, Command};

use crate::process::{AGENT, app, world_with_port};
use crate::world::World;

const PATIENCE: Duration = Duration::from_secs(60);

/// A server whose only step ends with this code, with these limits; how often it was stopped is in the file.
async fn server(code: &str, limits: Limits) -> (World, PathBuf) {
    let mut world = world_with_port().await;
    let script = format!("sleep 1; exit {code}");
    let steps = json!([{"id": "a", "title": "a", "kind": "run", "program": "sh", "args": ["-c", script]}]);
    world.brief.plan.steps = serde_json::from_value(steps).unwrap();
    world.brief.limits = limits;
    world.metadata.instance.lock().unwrap().user_data = Some(world.brief.to_line().unwrap());
    let stops = world.config.data_dir.with_extension("stops");
    let program = world.config.data_dir.with_extension("stop");
    std::fs::write(
        &program,
        format!("#!/bin/sh\necho stopped >> {}\n", stops.display()),
    )
    .unwrap();
    std::fs::set_permissions(&program, std::fs::Permissions::from_mode(0o700)).unwrap();
    world.config.system.stop_with = Some(program);
    (world, stops)
}

fn run(world: &World) -> Child {
    let mut command = Command::new(AGENT);
    command.arg("run").args(world.config.to_arguments());
    command.stdin(Stdio::null()).kill_on_drop(true).spawn().unwrap()
}

async fn until(what: &str, mut is_so: impl AsyncFnMut() -> bool) {
    let waiting = async {
        while !is_so().await {
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
    };
    tokio::time::timeout(PATIENCE, waiting).await.expect(what);
}

async fn told(world: &World, text: &str) -> bool {
    let Ok(answer) = app(world).await.get("/v1/messages?after=0").await else {
        return false;
    };
    let page: Page = answer.json();
    page.messages
        .iter()
        .any(|message: &Message| message.text.contains(text))
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_failed_server_says_that_it_will_stop_and_stops() {
    let limits = Limits {
        stop_failed_after_minutes: Some(0),
        ..Limits::default()
    };
    let (world, stops) = server("3", limits).await;
    let _run = run(&world);
    until("it stops", async || stops.exists()).await;
    until("it says so", async || {
        told(&world, "because the install has failed").await
    })
    .await;
    assert_eq!(std::fs::read_to_string(&stops).unwrap(), "stopped\n");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_stop_timer_stops_a_server_once_and_not_again_when_it_is_started() {
    let limits = Limits {
        stop_after_minutes: Some(0),
        ..Limits::default()
    };
    let (world, stops) = server("0", limits).await;
    let mut first = run(&world);
    until("it stops", async || stops.exists()).await;
    until("it notes that", async || {
        std::fs::read_to_string(world.config.clock_file())
            .is_ok_and(|clock| clock.contains("\"timer_done\":true"))
    })
    .await;
    first.kill().await.unwrap();
    let _second = run(&world);
    tokio::time::sleep(Duration::from_secs(3)).await;
    assert_eq!(std::fs::read_to_string(&stops).unwrap(), "stopped\n");
}
