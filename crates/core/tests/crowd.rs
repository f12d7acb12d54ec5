//! Many launches at once, of which some fail, some are cancelled, and all lose their program now and then.

#![allow(clippy::unwrap_used)] // a test that can't go on should stop
#![allow(clippy::print_stdout)] // the figures of a long run

mod common;

use fastrand::Rng;
use futures::future::join_all;
use slipway_core::engine::Engine;
use slipway_core::testing::{World, cases};
use slipway_core::view::{LogQuery, Status};

use common::{seconds, settled, world, world_in_memory};

/// Of so many launches one fails, one is cancelled, and once the program is killed.
const OF: u64 = 20;

/// How launch number `number` should end.
fn expected(number: u64) -> Status {
    match number % OF {
        3 => Status::Failed,
        7 => Status::Terminated,
        _ => Status::Ready,
    }
}

#[tokio::test(start_paused = true)]
async fn a_crowd_of_launches_ends_as_each_should_and_none_hears_of_another() {
    let count = cases(OF, 5 * OF);
    let (world, _folder, mut engine) = world().await;
    let mut ids = Vec::new();
    for number in 0..count {
        let fails: &[(&str, &str)] = match expected(number) {
            Status::Failed => &[("fail_at", "database")],
            _ => &[],
        };
        let request = World::request(&format!("demo-{number}"), fails);
        ids.push((engine.launch(request).await.unwrap(), expected(number)));
    }
    let mut random = Rng::with_seed(18);
    let cancelled = ids.iter().filter(|(_, end)| *end == Status::Terminated);
    let mut attendances = Vec::new();
    for (id, _) in cancelled {
        seconds(random.u64(5..25)).await;
        engine.terminate(id).await.unwrap();
        attendances.clear();
        engine.kill();
        engine = world.engine().await.unwrap();
        attendances.push(engine.attend());
    }
    for (id, end) in &ids {
        let view = settled(&engine, id).await;
        assert_eq!(
            view.server.status, *end,
            "{}: {:?}",
            view.server.name, view.failure
        );
        hears_of_itself_alone(&engine, id).await;
    }
    let mut left: Vec<String> = world.contents().instances;
    left.sort();
    let kept = ids.iter().filter(|(_, end)| *end != Status::Terminated);
    let mut kept: Vec<String> = kept.map(|(id, _)| id.clone()).collect();
    kept.sort();
    assert_eq!(left, kept, "one server each");
    println!("{count} launches at once: each in its right end, none heard of another");
}

#[tokio::test(start_paused = true)]
async fn launches_made_together_ask_once_what_all_of_them_want_to_know() {
    let (world, _folder, engine) = world_in_memory().await;
    let requests = (0..OF).map(|number| World::request(&format!("demo-{number}"), &[]));
    let launches = join_all(requests.map(|request| engine.launch(request))).await;
    for launch in launches {
        assert_eq!(
            settled(&engine, &launch.unwrap()).await.server.status,
            Status::Ready
        );
    }
    assert_eq!((world.calls("catalog"), world.calls("checks")), (1, 1));
    assert_eq!(world.calls("run_instance") as u64, OF);
    let later = engine.launch(World::request("later", &[])).await.unwrap();
    settled(&engine, &later).await;
    assert_eq!((world.calls("catalog"), world.calls("checks")), (2, 2));
}

async fn hears_of_itself_alone(engine: &Engine, id: &str) {
    let query = LogQuery {
        limit: 1_000,
        after: Some(0),
        ..LogQuery::default()
    };
    let lines = engine.log_page(id, &query).await.unwrap().lines;
    let numbers = lines.iter().map(|line| line.number);
    assert!(numbers.eq(1..=lines.len() as i64), "{id}: {lines:?}");
    let working = lines
        .iter()
        .filter_map(|line| line.text.strip_prefix("working for "));
    assert!(working.into_iter().all(|who| who == id), "{id}: {lines:?}");
}
