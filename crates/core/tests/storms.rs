//! Storms in virtual time: a cloud that refuses nearly everything for ten minutes, keys that expire at each step, programs
//! that are killed in the middle of a terminate or an image.
#![allow(clippy::unwrap_used)] // a test that can't go on should stop
#![allow(clippy::print_stdout)] // the figures of a long run

mod common;

use std::time::Duration;

use slipway_core::engine::Engine;
use slipway_core::error::ErrorKind;
use slipway_core::testing::{Fault, World, cases};
use slipway_core::view::{LaunchView, LogQuery, Status};

use common::{nothing_left, seconds, settled, world_in_memory};

const TEN_MINUTES: Duration = Duration::from_secs(600);
/// How long a launch takes in the fake world when all goes well, and a little more.
const WHOLE: u64 = 140;

#[tokio::test(start_paused = true)]
async fn ninety_percent_refused_for_ten_minutes_fail_no_launch_and_cost_at_most_twice_the_requests() {
    let launches = cases(20, 100);
    let calm = requests_of(launches, None).await;
    let storm = requests_of(launches, Some(launches)).await;
    println!("{launches} launches: {calm} requests in the calm, {storm} in the storm");
    assert!(storm <= 2 * calm, "{storm} requests instead of {calm}");
}

/// Requests of so many launches at once, all of which become ready; in a storm, where a seed is given.
async fn requests_of(launches: u64, storm: Option<u64>) -> usize {
    let (world, _folder, engine) = world_in_memory().await;
    if let Some(seed) = storm {
        world.faults.storm(ErrorKind::Throttled, 90, TEN_MINUTES, seed);
    }
    let mut ids = Vec::new();
    for number in 0..launches {
        let request = World::request(&format!("demo-{number}"), &[]);
        ids.push(engine.launch(request).await.unwrap());
    }
    for id in &ids {
        let view = settled(&engine, id).await;
        assert_eq!(view.server.status, Status::Ready, "{:?}", view.failure);
    }
    assert_eq!(world.contents().ever, launches as usize);
    engine.close().await;
    world.faults.requests()
}

#[tokio::test(start_paused = true)]
async fn keys_that_expire_at_any_step_stop_no_following_and_a_sign_in_is_seen_within_five_seconds() {
    for second in (0..WHOLE).step_by(cases(10, 1) as usize) {
        let (world, _folder, engine) = world_in_memory().await;
        let id = engine.launch(World::paid("demo")).await.unwrap();
        seconds(second).await;
        world
            .faults
            .storm(ErrorKind::CredentialsExpired, 100, 100 * TEN_MINUTES, 1);
        let before = lines(&engine, &id).await;
        seconds(60).await;
        let view = engine.view(&id).await.unwrap();
        let installing = view.steps.iter().any(|step| step.started.is_some());
        let through = view.server.status == Status::Ready;
        assert!(
            !installing || through || lines(&engine, &id).await > before,
            "expired after {second} s: messages go on"
        );
        assert!(
            through || waits_for_keys(&view),
            "expired after {second} s: {view:?}"
        );
        world.faults.clear();
        seconds(5).await;
        let view = engine.view(&id).await.unwrap();
        assert!(
            !waits_for_keys(&view),
            "expired after {second} s: {:?}",
            view.parked
        );
        let view = settled(&engine, &id).await;
        assert_eq!(
            (view.server.status, world.contents().ever),
            (Status::Ready, 1),
            "expired after {second} s: {:?}",
            view.failure
        );
    }
}

fn waits_for_keys(view: &LaunchView) -> bool {
    let parked = view.parked.as_ref();
    parked.is_some_and(|parked| parked.error.kind == ErrorKind::CredentialsExpired)
}

async fn lines(engine: &Engine, id: &str) -> i64 {
    let query = LogQuery {
        limit: 1,
        ..LogQuery::default()
    };
    engine.log_page(id, &query).await.unwrap().total
}

#[tokio::test(start_paused = true)]
async fn a_terminate_that_was_killed_at_any_delete_is_ended_by_the_next_program() {
    for call in [
        "terminate_instance",
        "delete_security_group",
        "delete_key_pair",
        "secret_delete",
    ] {
        for fault in [Fault::LostRequest, Fault::LostAnswer] {
            let (world, _folder, engine) = world_in_memory().await;
            let id = engine.launch(World::request("demo", &[])).await.unwrap();
            settled(&engine, &id).await;
            let before = world.calls(call);
            world.faults.during(call, fault, 100 * TEN_MINUTES);
            let attendance = engine.attend();
            engine.terminate(&id).await.unwrap();
            while world.calls(call) == before {
                seconds(1).await;
            }
            drop(attendance);
            engine.kill();
            world.faults.clear();
            let next = world.engine().await.unwrap();
            let view = settled(&next, &id).await;
            assert_eq!(view.server.status, Status::Terminated, "{call} {fault:?}");
            nothing_left(&world);
        }
    }
}

#[tokio::test(start_paused = true)]
async fn an_image_whose_making_is_cut_off_at_any_call_is_one_image_or_none() {
    for call in ["create_image", "images", "instances", "put_tags"] {
        for fault in [Fault::LostRequest, Fault::LostAnswer] {
            let (world, _folder, engine) = world_in_memory().await;
            let id = engine.launch(World::request("demo", &[])).await.unwrap();
            settled(&engine, &id).await;
            world.faults.during(call, fault, TEN_MINUTES);
            let asked = engine.create_image(&id, "demo-1", "").await;
            seconds(30).await;
            engine.kill();
            world.faults.clear();
            let next = world.engine().await.unwrap();
            next.image_settled(&id).await.unwrap();
            let made = if asked.is_ok() { vec!["demo-1"] } else { vec![] };
            assert_eq!(world.contents().images, made, "{call} {fault:?}");
        }
    }
}
