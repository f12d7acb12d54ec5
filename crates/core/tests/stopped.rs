//! A process that was stopped for a while, by a signal or by sleep, and goes on: it writes nothing over its successor.

#![allow(clippy::unwrap_used)] // a test that can't go on should stop

mod common;

use std::time::Duration;

use common::settled;
use slipway_core::cloud::TerminateInstance;
use slipway_core::launch::Wish;
use slipway_core::store::Store;
use slipway_core::testing::{Fault, World};
use slipway_core::view::Status;
use slipway_protocol::Time;

const NOW: Time = Time(1_790_000_000_000);

#[tokio::test(start_paused = true)]
async fn who_was_taken_over_writes_nothing_any_more() {
    let (_world, folder, engine) = common::world().await;
    let id = engine.launch(World::request("demo", &[])).await.unwrap();
    assert_eq!(settled(&engine, &id).await.server.status, Status::Ready);
    engine.close().await;
    let journal = folder.path().join("journal.db");
    let (stopped, _) = Store::open(&journal).await.unwrap();
    let (successor, _) = Store::open(&journal).await.unwrap();
    let (launch, revision) = stopped.launch(&id).await.unwrap().unwrap();
    assert!(stopped.take_lease(&id, NOW).await.unwrap());
    assert!(!successor.take_lease(&id, NOW).await.unwrap());
    stopped.save_launch(&launch).await.unwrap();
    // Stopped from here on; its lease lapses.
    let later = NOW.plus(Duration::from_secs(12 * 3600));
    assert!(successor.take_lease(&id, later).await.unwrap());
    successor.save_launch(&launch).await.unwrap();
    let known = successor.revision().await.unwrap();
    assert!(known > revision);
    // And goes on, before it looks at its lease.
    let request = TerminateInstance {
        instance: "i-1".into(),
    };
    assert!(stopped.save_launch(&launch).await.is_err());
    assert!(stopped.grant_wish(&launch).await.is_err());
    assert!(stopped.add_intent(&id, &request, later).await.is_err());
    assert_eq!(successor.revision().await.unwrap(), known);
    assert!(!stopped.renew_lease(&id, later).await.unwrap());
    // What it wishes counts all the same: wishes are for whoever drives.
    stopped.put_wish(&id, &Wish::Resume).await.unwrap();
    successor.grant_wish(&launch).await.unwrap();
    successor.drop_lease(&id).await.unwrap();
    assert!(stopped.take_lease(&id, later).await.unwrap());
    stopped.save_launch(&launch).await.unwrap();
}

/// A computer that wakes has a wall clock that is ahead of its own: what is followed is asked anew at once, however long
/// the pause had become.
#[tokio::test(start_paused = true)]
async fn after_sleep_the_agent_is_asked_within_two_seconds() {
    for slept in [60, 3_600, 12 * 3_600] {
        let (world, _folder, engine) = common::world().await;
        let _attendance = engine.attend();
        let id = engine.launch(World::request("demo", &[])).await.unwrap();
        while engine.view(&id).await.unwrap().server.steps_done == 0 {
            common::seconds(1).await;
        }
        world
            .faults
            .during("messages", Fault::LostRequest, Duration::from_secs(60));
        common::seconds(59).await;
        let before = world.calls("messages");
        world.sleep(Duration::from_secs(slept));
        common::seconds(3).await;
        assert!(world.calls("messages") > before, "slept {slept} s");
        assert_eq!(settled(&engine, &id).await.server.status, Status::Ready);
        assert_eq!(world.contents().ever, 1);
    }
}
