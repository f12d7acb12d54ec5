//! Answers that never arrive: the cloud has done it, and we do not know.

use std::collections::BTreeSet;
use std::sync::Arc;

use serde_json::json;
use slipway_core::cloud::{InstanceFilter, RunInstance};
use slipway_core::error::Retry;
use slipway_core::ports::Cloud;
use slipway_tests::long::cases;
use tokio::sync::Semaphore;
use tokio::task::JoinSet;

use crate::world::{World, run};

const AT_ONCE: usize = 16;
/// Of all answers to RunInstances. The SDK tries twice, so a quarter of the launches end without an answer.
const LOST_PERCENT: u8 = 50;

#[tokio::test(flavor = "multi_thread")]
async fn rewritten_launches_with_lost_answers_give_exactly_one_instance_each() {
    let count = cases(100, 1_000);
    let world = Arc::new(World::on_paper());
    let (_, group) = world.ready().await;
    let fault = json!({"action": "RunInstances", "effect": "lost_answer", "percent": LOST_PERCENT});
    world.cloud.fault(&fault);
    let turns = Arc::new(Semaphore::new(AT_ONCE));
    let mut launches = JoinSet::new();
    for number in 0..count {
        let (world, turns) = (Arc::clone(&world), Arc::clone(&turns));
        let request = run(&group, &format!("token-{number}"));
        launches.spawn(async move {
            let _turn = turns.acquire().await.expect("a turn");
            ensure(&world, request).await
        });
    }
    let ids: BTreeSet<String> = launches.join_all().await.into_iter().collect();
    let requests = world.cloud.told("requests");
    let all = requests.as_array().expect("a list").iter();
    let lost = all.filter(|request| !request["fault"].is_null()).count();
    println!("{count} launches, {lost} answers lost, {} instances", ids.len());
    assert!(lost > count / 2, "only {lost} answers were lost");
    assert_eq!(ids.len(), count, "each launch knows an instance of its own");
    let ever = world.there("instances_ever");
    assert!(
        ever.iter().eq(&ids),
        "moto has {} instances, not just those",
        ever.len()
    );
}

/// As the ledger does it: after an answer that was not seen, look for the token, and only then send the same again.
async fn ensure(world: &World, request: RunInstance) -> String {
    loop {
        match world.aws.run_instance(&request).await {
            Ok(started) => return started.id,
            Err(error) => assert_eq!(error.kind.retry(), Retry::Later, "{error:?}"),
        }
        let filter = InstanceFilter::Token(request.token.clone());
        if let Some(found) = world.aws.instances(&filter).await.expect("asked").pop() {
            return found.id;
        }
    }
}
