//! What only a real account brings: an address that changes, a zone without room, keys that expire, things left behind.
#![allow(clippy::unwrap_used)] // a test that can't go on should stop

mod common;

use std::time::Duration;

use slipway_core::cloud::{Finding, Verdict};
use slipway_core::engine::Engine;
use slipway_core::error::ErrorKind;
use slipway_core::testing::{ACCOUNT, Fault, World};
use slipway_core::view::choice::Draft;
use slipway_core::view::{LeftoverKind, LeftoverView, LogQuery, Status};

use common::{seconds, settled, world};

fn open_to(world: &World, id: &str, port: u16) -> Vec<String> {
    let rules = world.ingress(id).into_iter();
    rules
        .filter(|rule| rule.port == port)
        .map(|rule| rule.from)
        .collect()
}

#[tokio::test(start_paused = true)]
async fn the_status_port_is_closed_five_minutes_after_success_also_after_a_restart_of_the_app() {
    let (world, _folder, engine) = world().await;
    let id = engine.launch(World::paid("demo")).await.unwrap();
    assert_eq!(settled(&engine, &id).await.server.status, Status::Ready);
    let attendance = engine.attend();
    seconds(240).await;
    assert_eq!(open_to(&world, &id, 8080), ["203.0.113.7/32"]);
    drop(attendance);
    engine.close().await;
    seconds(600).await;
    let next = world.engine().await.unwrap();
    let _attendance = next.attend();
    world.faults.next("revoke_ingress", Fault::LostAnswer, 1);
    seconds(90).await;
    assert!(open_to(&world, &id, 8080).is_empty());
    assert_eq!(open_to(&world, &id, 3389), ["203.0.113.7/32"]);
    let calls = world.calls("revoke_ingress");
    seconds(600).await;
    assert_eq!(world.calls("revoke_ingress"), calls, "closed once and for all");
}

#[tokio::test(start_paused = true)]
async fn a_changed_address_is_told_within_30_seconds_and_mended_by_one_act() {
    let (world, _folder, engine) = world().await;
    let id = engine.launch(World::paid("demo")).await.unwrap();
    seconds(85).await;
    world.set_own_address("198.51.100.9");
    for call in ["hello", "messages"] {
        world
            .faults
            .during(call, Fault::LostRequest, Duration::from_secs(300));
    }
    seconds(30).await;
    let parked = engine.view(&id).await.unwrap().parked.expect("it waits");
    assert!(
        parked.error.sentence.contains("203.0.113.7 to 198.51.100.9"),
        "{}",
        parked.error
    );
    engine.mend_address(&id).await.unwrap();
    world.faults.clear();
    assert_eq!(settled(&engine, &id).await.server.status, Status::Ready);
    for port in [3389, 8080] {
        assert_eq!(open_to(&world, &id, port), ["198.51.100.9/32"]);
    }
}

#[tokio::test(start_paused = true)]
async fn an_address_is_mended_on_a_ready_server_too_and_its_closed_port_stays_closed() {
    let (world, _folder, engine) = world().await;
    let id = engine.launch(World::paid("demo")).await.unwrap();
    settled(&engine, &id).await;
    let attendance = engine.attend();
    seconds(400).await;
    drop(attendance);
    world.set_own_address("198.51.100.9");
    assert_eq!(engine.mend_address(&id).await.unwrap(), "198.51.100.9");
    assert_eq!(open_to(&world, &id, 3389), ["198.51.100.9/32"]);
    assert!(open_to(&world, &id, 8080).is_empty());
}

#[tokio::test(start_paused = true)]
async fn without_room_other_places_are_offered_and_one_is_taken_only_on_consent() {
    let (world, _folder, engine) = world().await;
    world.fill("a", "t3.large");
    let id = engine.launch(World::paid("demo")).await.unwrap();
    seconds(600).await;
    let parked = engine.view(&id).await.unwrap().parked.expect("it waits");
    assert_eq!(parked.error.kind, ErrorKind::NoCapacity);
    assert_eq!(world.contents().ever, 0, "nothing is taken without being asked");
    let offers: Vec<(&str, Option<f64>)> = parked
        .offers
        .iter()
        .map(|offer| (offer.id.as_str(), offer.usd_per_hour))
        .collect();
    assert!(
        offers.iter().all(|(id, _)| *id != "test-1a/t3.large"),
        "it was just refused there: {offers:?}"
    );
    let with_disk_and_address = |size: f64| Some(size + (30.0 * 0.1 / 730.0 + 0.005));
    assert!(
        offers.contains(&("test-1b/t3.large", with_disk_and_address(0.11))),
        "{offers:?}"
    );
    assert!(
        offers.contains(&("test-1a/m6i.large", with_disk_and_address(0.188))),
        "{offers:?}"
    );
    assert_eq!(
        engine.take_offer(&id, "test-1c/t3.large").await.unwrap_err().kind,
        ErrorKind::NotFound
    );
    engine.take_offer(&id, "test-1a/m6i.large").await.unwrap();
    let view = settled(&engine, &id).await;
    assert_eq!(
        (view.server.status, view.server.size.as_str()),
        (Status::Ready, "m6i.large")
    );
    assert_eq!(view.server.usd_per_hour, with_disk_and_address(0.188));
    assert_eq!(world.contents().ever, 1);
}

#[tokio::test(start_paused = true)]
async fn expired_keys_stop_no_following_and_a_new_sign_in_is_seen_within_five_seconds() {
    let (world, _folder, engine) = world().await;
    let id = engine.launch(World::paid("demo")).await.unwrap();
    seconds(83).await;
    let expired = Fault::Refused(ErrorKind::CredentialsExpired);
    for call in ["instances", "console", "password_data", "put_tags", "remove_tags"] {
        world.faults.during(call, expired, Duration::from_secs(3600));
    }
    seconds(60).await;
    let parked = engine.view(&id).await.unwrap();
    let lines = engine
        .log_page(
            &id,
            &LogQuery {
                limit: 1,
                ..LogQuery::default()
            },
        )
        .await
        .unwrap()
        .total;
    assert!(lines > 0, "messages go on: {:?}", parked.parked);
    world.faults.clear();
    seconds(5).await;
    let view = engine.view(&id).await.unwrap();
    let keys = view
        .parked
        .filter(|parked| parked.error.kind == ErrorKind::CredentialsExpired);
    assert!(keys.is_none(), "{keys:?}");
    assert_eq!(settled(&engine, &id).await.server.status, Status::Ready);
}

#[tokio::test(start_paused = true)]
async fn what_the_checks_find_waits_for_its_user_where_the_user_can_mend_it() {
    let (world, _folder, engine) = world().await;
    let finding = |kind| Finding {
        about: "vCPU quota".into(),
        verdict: Verdict::Blocking,
        text: "4 of 4 are in use.".into(),
        fix: "Stop another server.".into(),
        kind: Some(kind),
    };
    world.set_findings(vec![finding(ErrorKind::QuotaExceeded)]);
    let id = engine.launch(World::paid("demo")).await.unwrap();
    seconds(300).await;
    let parked = engine.view(&id).await.unwrap().parked.expect("it waits");
    assert_eq!(parked.error.kind, ErrorKind::QuotaExceeded);
    assert!(
        parked.error.hint.contains("Nothing was started")
            && parked.error.hint.contains("size can't be changed"),
        "{}",
        parked.error
    );
    assert!(world.calls("checks") < 10, "it is not asked again and again");
    assert_eq!(world.contents().ever, 0);
    world.set_findings(Vec::new());
    engine.resume(&id).await.unwrap();
    assert_eq!(settled(&engine, &id).await.server.status, Status::Ready);
    world.set_findings(vec![finding(ErrorKind::Unsupported)]);
    let id = engine.launch(World::paid("other")).await.unwrap();
    let failed = settled(&engine, &id).await;
    assert_eq!(failed.server.status, Status::Failed, "no waiting helps");
}

#[tokio::test(start_paused = true)]
async fn a_missing_network_waits_and_goes_on_once_the_default_one_was_created() {
    let (world, _folder, engine) = world().await;
    world.remove_networks();
    let id = engine.launch(World::paid("demo")).await.unwrap();
    seconds(60).await;
    let parked = engine.view(&id).await.unwrap().parked.expect("it waits");
    assert_eq!(parked.error.kind, ErrorKind::NetworkMissing);
    engine.create_default_network(ACCOUNT, None).await.unwrap();
    assert_eq!(settled(&engine, &id).await.server.status, Status::Ready);
}

#[test]
fn one_of_two_with_the_same_name_is_never_taken_for_the_other() {
    let same = |id: &str, kind| LeftoverView {
        id: id.into(),
        kind,
        name: "slipway-1".into(),
        created: None,
        usd_per_month: None,
    };
    let pair = [
        same("sg-1", LeftoverKind::FirewallGroup),
        same("key-1", LeftoverKind::KeyPair),
    ];
    assert_eq!(
        Engine::leftover(&pair, "key-1").unwrap().kind,
        LeftoverKind::KeyPair
    );
    let refused = Engine::leftover(&pair, "slipway-1").unwrap_err();
    assert!(
        refused.hint.contains("sg-1, key-1"),
        "one of them, never any of them: {refused}"
    );
}

#[tokio::test(start_paused = true)]
async fn the_sweep_lists_what_nobody_here_knows_with_its_price_and_deletes_by_name() {
    let (world, folder, engine) = world().await;
    let id = engine.launch(World::paid("known")).await.unwrap();
    settled(&engine, &id).await;
    assert!(engine.sweep(ACCOUNT, None).await.unwrap().is_empty());
    world.lose_disk("vol-1", 80.0);
    let listed = engine.sweep(ACCOUNT, None).await.unwrap();
    assert_eq!(listed.len(), 1);
    assert_eq!(
        (listed[0].kind, listed[0].usd_per_month),
        (LeftoverKind::Disk, Some(8.0))
    );
    engine.delete_leftover(ACCOUNT, None, "vol-1").await.unwrap();
    assert!(engine.sweep(ACCOUNT, None).await.unwrap().is_empty());
    engine.close().await;
    // Another computer's view of the same account: an empty journal.
    std::fs::create_dir(folder.path().join("other")).unwrap();
    let other = world.at(folder.path().join("other")).engine().await.unwrap();
    let kinds: Vec<LeftoverKind> = other
        .sweep(ACCOUNT, None)
        .await
        .unwrap()
        .iter()
        .map(|left| left.kind)
        .collect();
    assert_eq!(
        kinds,
        [
            LeftoverKind::Server,
            LeftoverKind::FirewallGroup,
            LeftoverKind::KeyPair
        ]
    );
    assert_eq!(
        other
            .delete_leftover(ACCOUNT, None, "vol-9")
            .await
            .unwrap_err()
            .kind,
        ErrorKind::NotFound
    );
}

#[tokio::test(start_paused = true)]
async fn the_doctor_says_who_is_signed_in_or_why_nobody_is() {
    let (world, _folder, engine) = world().await;
    let found = engine.doctor(ACCOUNT, &Draft::default()).await.unwrap();
    assert_eq!(found.account.as_deref(), Some("123456789012"));
    world
        .faults
        .next("account", Fault::Refused(ErrorKind::CredentialsInvalid), 1);
    let found = engine.doctor(ACCOUNT, &Draft::default()).await.unwrap();
    assert_eq!(found.findings[0].verdict, Verdict::Blocking);
    assert!(found.account.is_none() && !found.findings[0].fix.is_empty());
}

#[tokio::test(start_paused = true)]
async fn what_a_server_has_cost_is_told_from_its_price_and_stays_unknown_without_one() {
    let (_world, _folder, engine) = world().await;
    let id = engine.launch(World::paid("priced")).await.unwrap();
    settled(&engine, &id).await;
    seconds(7200).await;
    let cost = engine
        .view(&id)
        .await
        .unwrap()
        .server
        .usd_so_far
        .expect("a price is known");
    assert!((0.22..0.25).contains(&cost), "{cost}");
    let mut request = World::paid("unpriced");
    request.size = Some("r6i.large".into());
    let id = engine.launch(request).await.unwrap();
    settled(&engine, &id).await;
    assert_eq!(engine.view(&id).await.unwrap().server.usd_so_far, None);
}

#[tokio::test(start_paused = true)]
async fn a_failed_server_says_when_it_stops_itself_and_can_be_kept_longer() {
    let (world, _folder, engine) = world().await;
    let mut request = World::paid("broken");
    request.answers.insert("fail_at".into(), "database".into());
    let id = engine.launch(request).await.unwrap();
    let failure = settled(&engine, &id).await.failure.expect("it fails");
    assert!(
        failure.error.hint.contains("stops itself after 4 hours"),
        "{}",
        failure.error.hint
    );
    let before = world.calls("put_tags");
    let server = engine.view(&id).await.unwrap().server;
    assert!(server.may.extend);
    assert_eq!(server.stops_at, Some(failure.at + 240 * 60_000));
    engine.extend(&id, 480).await.unwrap();
    assert_eq!(world.calls("put_tags"), before + 1);
    let later = engine.view(&id).await.unwrap().server.stops_at.unwrap();
    assert!(later >= failure.at + 480 * 60_000, "{later}");
}

#[tokio::test(start_paused = true)]
async fn a_failed_server_confirms_that_it_is_kept_and_until_then_nothing_is_promised() {
    let (world, _folder, engine) = world().await;
    let mut request = World::paid("broken");
    request.answers.insert("fail_at".into(), "database".into());
    let id = engine.launch(request).await.unwrap();
    settled(&engine, &id).await;
    let (before, removed) = (stops_at(&engine, &id).await, world.calls("remove_tags"));
    world
        .faults
        .during("messages", Fault::LostRequest, Duration::from_secs(3600));
    let silent = engine.extend(&id, 480).await.unwrap_err();
    assert_eq!(silent.kind, ErrorKind::AgentSilent, "{silent:?}");
    assert_eq!(stops_at(&engine, &id).await, before);
    world.faults.clear();
    engine.extend(&id, 600).await.unwrap();
    assert_eq!(
        world.calls("remove_tags"),
        removed + 2,
        "no order is left on the server"
    );
    assert!(stops_at(&engine, &id).await > before);
    engine.retry(&id, false).await.unwrap();
    assert_eq!(settled(&engine, &id).await.server.status, Status::Ready);
}

async fn stops_at(engine: &Engine, id: &str) -> Option<i64> {
    engine.view(id).await.unwrap().server.stops_at
}
