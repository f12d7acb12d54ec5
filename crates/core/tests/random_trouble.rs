//! Launches through trouble at random: reads that lag behind, lost requests, lost answers, programs that are killed; and
//! a long time without a word from the server.

#![allow(clippy::unwrap_used)] // a test that can't go on should stop
#![allow(clippy::print_stdout)] // the figures of a long run

mod common;

use std::time::Duration;

use fastrand::Rng;
use slipway_core::engine::Engine;
use slipway_core::error::ErrorKind;
use slipway_core::testing::{Fault, World, cases};
use slipway_core::view::{LogQuery, Status};

use common::{settled, world_in_memory};

/// Calls that may go wrong.
const CALLS: [&str; 12] = [
    "run_instance",
    "import_key_pair",
    "create_security_group",
    "allow_ingress",
    "instances",
    "console",
    "password_data",
    "hello",
    "messages",
    "terminate_instance",
    "delete_security_group",
    "delete_key_pair",
];

fn trouble(random: &mut Rng, world: &World) {
    world.set_lag(Duration::from_secs(random.u64(0..=60)));
    for call in CALLS {
        let fault = match random.u8(0..6) {
            0 => Fault::LostRequest,
            1 => Fault::LostAnswer,
            2 => Fault::Refused(ErrorKind::Throttled),
            _ => continue,
        };
        world.faults.next(call, fault, random.u32(1..=4));
    }
}

/// Kills the engine at random moments and goes on with the next. Gives the last one, and how many were killed.
async fn killed_now_and_then(random: &mut Rng, world: &World, mut engine: Engine) -> (Engine, u64) {
    let kills = random.u64(0..4);
    for _ in 0..kills {
        tokio::time::sleep(Duration::from_secs(random.u64(0..90))).await;
        engine.kill();
        engine = world.engine().await.unwrap();
    }
    (engine, kills)
}

#[tokio::test(start_paused = true)]
async fn whatever_goes_wrong_there_is_one_server_and_then_none() {
    let (seeds, mut killed) = (cases(25, 1_000), 0);
    for seed in 1..=seeds {
        let mut random = Rng::with_seed(seed);
        let (world, _folder, engine) = world_in_memory().await;
        trouble(&mut random, &world);
        let id = engine.launch(World::request("demo", &[])).await.unwrap();
        let (engine, kills) = killed_now_and_then(&mut random, &world, engine).await;
        killed += kills;
        let view = settled(&engine, &id).await;
        assert_eq!(
            view.server.status,
            Status::Ready,
            "seed {seed}: {:?}",
            view.failure
        );
        trouble(&mut random, &world);
        engine.terminate(&id).await.unwrap();
        let view = settled(&engine, &id).await;
        assert_eq!(view.server.status, Status::Terminated, "seed {seed}");
        let left = world.contents();
        assert_eq!(left.ever, 1, "seed {seed}");
        assert!(left.instances.is_empty() && left.groups.is_empty(), "seed {seed}");
        assert!(
            left.key_pairs.is_empty() && world.secret_names().is_empty(),
            "seed {seed}"
        );
        engine.close().await;
    }
    println!("{seeds} seeds, {killed} kills: one server each, nothing left after terminate");
}

#[tokio::test(start_paused = true)]
async fn reads_that_know_of_nothing_new_for_up_to_a_minute_fail_no_launch() {
    let seeds = cases(25, 10_000);
    for seed in 1..=seeds {
        let (world, _folder, engine) = world_in_memory().await;
        world.set_lag(Duration::from_millis(Rng::with_seed(seed).u64(0..=60_000)));
        let id = engine.launch(World::request("demo", &[])).await.unwrap();
        let view = settled(&engine, &id).await;
        assert_eq!(
            view.server.status,
            Status::Ready,
            "seed {seed}: {:?}",
            view.failure
        );
        assert_eq!(world.contents().ever, 1, "seed {seed}");
        engine.close().await;
    }
    println!("{seeds} launches where reads lag behind: none failed");
}

#[tokio::test(start_paused = true)]
async fn a_lost_answer_to_the_request_for_a_server_never_makes_two() {
    let launches = cases(20, 1_000);
    for number in 0..launches {
        let (world, _folder, engine) = world_in_memory().await;
        world.set_lag(Duration::from_secs(number % 60));
        world.faults.next("run_instance", Fault::LostAnswer, 1);
        let id = engine.launch(World::request("demo", &[])).await.unwrap();
        assert_eq!(settled(&engine, &id).await.server.status, Status::Ready);
        assert_eq!(world.contents().ever, 1, "case {number}");
        engine.close().await;
    }
    println!("{launches} lost answers to RunInstances: one server each");
}

#[tokio::test(start_paused = true)]
async fn after_a_long_silence_of_the_agent_every_message_is_there_once() {
    let (world, _folder, engine) = world_in_memory().await;
    world.set_chatter(cases(500, 5_000) as u32);
    let hours = cases(1, 24);
    let silence = Duration::from_secs(hours * 3600);
    for call in ["hello", "messages", "messages_answer"] {
        world.faults.during(call, Fault::LostRequest, silence);
    }
    let begun = tokio::time::Instant::now();
    let id = engine.launch(World::request("demo", &[])).await.unwrap();
    let view = settled(&engine, &id).await;
    assert!(begun.elapsed() >= silence);
    assert_eq!(view.server.status, Status::Ready, "{:?}", view.failure);
    let numbers = all_numbers(&engine, &id).await;
    assert!(numbers.len() as u64 >= cases(5_000, 50_000));
    assert!(numbers.iter().copied().eq(1..=numbers.len() as i64));
    println!(
        "{hours} hours of silence, then {} messages once and in order, {:?} later",
        numbers.len(),
        begun.elapsed().saturating_sub(silence)
    );
}

async fn all_numbers(engine: &Engine, id: &str) -> Vec<i64> {
    let mut numbers: Vec<i64> = Vec::new();
    loop {
        let query = LogQuery {
            limit: 1_000,
            after: Some(numbers.last().copied().unwrap_or(0)),
            ..LogQuery::default()
        };
        let page = engine.log_page(id, &query).await.unwrap();
        if page.lines.is_empty() {
            return numbers;
        }
        numbers.extend(page.lines.iter().map(|line| line.number));
    }
}
