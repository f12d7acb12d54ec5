//! A keychain that can't be used: what needs no secret goes on without it, and nothing of the cloud stays because of it.
#![allow(clippy::unwrap_used)] // a test that can't go on should stop

mod common;

use std::time::Duration;

use slipway_core::error::ErrorKind;
use slipway_core::testing::{Fault, World};
use slipway_core::view::Status;

use common::{nothing_left, settled, world};

const FOR_DAYS: Duration = Duration::from_secs(7 * 24 * 3600);
const REFUSED: Fault = Fault::Refused(ErrorKind::Keychain);
const CALLS: [&str; 3] = ["secret_get", "secret_put", "secret_delete"];

fn loses_its_keychain(world: &World) {
    for call in CALLS {
        world.faults.during(call, REFUSED, FOR_DAYS);
    }
}

#[tokio::test(start_paused = true)]
async fn a_launch_that_the_checks_refused_is_terminated_without_a_keychain() {
    let (world, _folder, engine) = world().await;
    loses_its_keychain(&world);
    world
        .faults
        .next("checks", Fault::Refused(ErrorKind::Unsupported), 1);
    let id = engine.launch(World::request("demo", &[])).await.unwrap();
    assert_eq!(settled(&engine, &id).await.server.status, Status::Failed);
    engine.terminate(&id).await.unwrap();
    let gone = settled(&engine, &id).await;
    assert_eq!(gone.server.status, Status::Terminated);
    assert_eq!(gone.leftovers, Vec::<String>::new(), "it never had a secret");
    assert_eq!(world.calls("secret_delete"), 0, "nothing was there to delete");
    engine
        .check_removable(slipway_core::testing::ACCOUNT)
        .await
        .unwrap();
}

#[tokio::test(start_paused = true)]
async fn a_launch_that_waits_for_a_keychain_is_terminated_without_one() {
    let (world, _folder, engine) = world().await;
    loses_its_keychain(&world);
    let id = engine.launch(World::request("demo", &[])).await.unwrap();
    common::seconds(60).await;
    assert_eq!(engine.view(&id).await.unwrap().server.status, Status::Parked);
    engine.terminate(&id).await.unwrap();
    let gone = settled(&engine, &id).await;
    assert_eq!(gone.server.status, Status::Terminated);
    assert_eq!(gone.leftovers, Vec::<String>::new());
    nothing_left(&world);
}

#[tokio::test(start_paused = true)]
async fn a_lost_keychain_keeps_no_server_and_what_stays_in_it_is_told_and_deleted_later() {
    let (world, _folder, engine) = world().await;
    let id = engine.launch(World::request("demo", &[])).await.unwrap();
    assert_eq!(settled(&engine, &id).await.server.status, Status::Ready);
    loses_its_keychain(&world);
    engine.terminate(&id).await.unwrap();
    let gone = settled(&engine, &id).await;
    assert_eq!(gone.server.status, Status::Terminated);
    let told = gone.leftovers.join("\n");
    assert!(told.contains("keychain") && told.contains("key_pair"), "{told}");
    let contents = world.contents();
    assert!(contents.instances.is_empty() && contents.groups.is_empty() && contents.key_pairs.is_empty());
    assert!(!world.secret_names().is_empty());

    world.faults.clear();
    let next = engine.launch(World::request("next", &[])).await.unwrap();
    settled(&engine, &next).await;
    engine.terminate(&next).await.unwrap();
    settled(&engine, &next).await;
    nothing_left(&world);
    assert_eq!(engine.view(&id).await.unwrap().leftovers, Vec::<String>::new());
}
