//! Profiles and regions: a launch goes where it was asked to go, and profiles come and go while all goes on.
#![allow(clippy::unwrap_used)] // a test that can't go on should stop

mod common;

use slipway_core::cloud::Verdict;
use slipway_core::engine::Engine;
use slipway_core::error::ErrorKind;
use slipway_core::testing::{ACCOUNT, PROFILE, REGION, World};
use slipway_core::view::Status;
use slipway_core::view::choice::Draft;

use common::{settled, world};

async fn ready(engine: &Engine, id: &str) {
    let view = settled(engine, id).await;
    assert_eq!(view.server.status, Status::Ready, "{:?}", view.failure);
}

#[tokio::test(start_paused = true)]
async fn a_launch_goes_to_the_region_that_was_asked_for() {
    let (world, _folder, engine) = world().await;
    let mut request = World::paid("elsewhere");
    request.region = Some("test-2".into());
    let id = engine.launch(request).await.unwrap();
    ready(&engine, &id).await;
    assert_eq!(engine.view(&id).await.unwrap().server.region, "test-2");
    assert_eq!(world.regions(), ["test-2"]);
    engine.terminate(&id).await.unwrap();
    engine.settled(&id).await.unwrap();
    assert!(world.contents().instances.is_empty());
}

#[tokio::test(start_paused = true)]
async fn a_region_that_is_unknown_or_not_switched_on_is_refused() {
    let (_world, _folder, engine) = world().await;
    let mut request = World::paid("nowhere");
    request.region = Some("test-9".into());
    assert_eq!(
        engine.launch(request.clone()).await.unwrap_err().kind,
        ErrorKind::NotFound
    );
    request.region = Some("test-3".into());
    assert_eq!(
        engine.launch(request).await.unwrap_err().kind,
        ErrorKind::AccountNotReady
    );
}

#[tokio::test(start_paused = true)]
async fn another_windows_is_taken_where_the_recipe_was_made_for_it() {
    let (_world, _folder, engine) = world().await;
    let mut request = World::paid("newer");
    request.family = Some("windows-2052".into());
    let refused = engine.launch(request.clone()).await.unwrap_err();
    assert_eq!(refused.kind, ErrorKind::Input);
    assert!(refused.hint.contains("windows-2025"), "{refused}");
    request.family = Some("windows-2025".into());
    let id = engine.launch(request).await.unwrap();
    ready(&engine, &id).await;
    let launch = engine.store().launch(&id).await.unwrap().unwrap().0;
    assert_eq!(launch.spec.base_family, "windows-2025");
    let mut unknown = Draft {
        recipe: "paid-sight".into(),
        ..Draft::default()
    };
    let told = engine.doctor(ACCOUNT, &unknown).await.unwrap();
    assert!(
        told.findings.iter().any(|one| one.fix.contains("paid-site")),
        "{told:?}"
    );
    unknown.recipe = "paid-site".into();
    let told = engine.doctor(ACCOUNT, &unknown).await.unwrap();
    assert!(
        told.findings.iter().all(|one| one.verdict == Verdict::Good),
        "{told:?}"
    );
}

#[tokio::test(start_paused = true)]
async fn a_name_that_is_taken_or_no_name_is_found_by_the_checks() {
    let (_world, _folder, engine) = world().await;
    let id = engine.launch(World::paid("taken")).await.unwrap();
    ready(&engine, &id).await;
    for (name, verdict) in [
        ("free", Verdict::Good),
        ("taken", Verdict::Blocking),
        ("no name", Verdict::Blocking),
    ] {
        let draft = Draft {
            name: name.into(),
            ..Draft::default()
        };
        let told = engine.doctor(ACCOUNT, &draft).await.unwrap();
        let found = told.findings.iter().find(|one| one.about == "Name").unwrap();
        assert_eq!(found.verdict, verdict, "{found:?}");
    }
}

#[tokio::test(start_paused = true)]
async fn servers_of_two_regions_are_read_with_one_request_each() {
    let (world, _folder, engine) = world().await;
    for (name, region) in [("one", REGION), ("two", "test-2"), ("three", "test-2")] {
        let mut request = World::paid(name);
        request.region = Some(region.into());
        let id = engine.launch(request).await.unwrap();
        ready(&engine, &id).await;
    }
    let before = world.calls("instances");
    engine.refresh(ACCOUNT).await.unwrap();
    assert_eq!(world.calls("instances") - before, 2);
}

#[tokio::test(start_paused = true)]
async fn profiles_come_and_go_while_the_engine_is_open() {
    let (world, _folder, engine) = world().await;
    engine.put_profile(world.profile("client", false));
    engine.switch_profile("client").await.unwrap();
    engine.ask_accounts().await;
    let profiles = engine.profiles().await.unwrap();
    let client = profiles.iter().find(|profile| profile.name == "client").unwrap();
    assert!(client.current);
    assert_eq!(client.account.as_deref(), Some("123456789012"));
    engine.remove_profile("client").await.unwrap();
    assert_eq!(engine.current_profile().await.unwrap(), PROFILE);
    assert_eq!(
        engine.servers("client").await.unwrap_err().kind,
        ErrorKind::NotFound
    );
}

#[tokio::test(start_paused = true)]
async fn a_profile_with_servers_is_not_let_go_and_its_launch_waits_for_its_return() {
    let (world, _folder, engine) = world().await;
    let id = engine.launch(World::paid("demo")).await.unwrap();
    ready(&engine, &id).await;
    let refused = engine.check_removable(ACCOUNT).await.unwrap_err();
    assert!(refused.sentence.contains("demo"), "{refused}");
    assert!(engine.check_removable(PROFILE).await.is_err());
    engine.remove_profile(ACCOUNT).await.unwrap();
    let _attendance = engine.attend();
    let other = engine.launch(World::request("other", &[])).await.unwrap();
    ready(&engine, &other).await;
    engine.put_profile(world.profile(ACCOUNT, false));
    engine.terminate(&id).await.unwrap();
    engine.settled(&id).await.unwrap();
}
