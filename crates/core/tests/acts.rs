//! Acts that nobody follows are sent before they return, and acts that wait say for what.
#![allow(clippy::unwrap_used)] // a test that can't go on should stop

mod common;

use std::time::Duration;

use slipway_core::act_waits::ActWaits;
use slipway_core::clock::Clock;
use slipway_core::engine::Engine;
use slipway_core::error::{Error, ErrorKind};
use slipway_core::testing::{Fault, PROFILE, World};
use slipway_core::view::Status;
use slipway_core::view::choice::Draft;

use common::{seconds, settled, world};

/// A wait is told once it has lasted so long…
const LASTS: Duration = Duration::from_secs(4);
/// …and no act may go on longer than this without a word.
const SILENCE: u64 = 10;

#[tokio::test(start_paused = true)]
async fn a_retry_that_nobody_follows_is_on_the_server_before_it_returns() {
    let (world, _folder, engine) = world().await;
    let broken = World::request("broken", &[("fail_at", "database")]);
    let id = engine.launch(broken).await.unwrap();
    assert_eq!(settled(&engine, &id).await.server.status, Status::Failed);
    let orders = world.calls("put_tags");
    engine.retry(&id, false).await.unwrap();
    engine.taken_up(&id).await.unwrap();
    engine.close().await;
    assert_eq!(world.calls("put_tags"), orders + 1);
}

#[tokio::test(start_paused = true)]
async fn an_address_is_called_let_in_once_it_is() {
    let (world, _folder, engine) = world().await;
    let id = engine.launch(World::request("demo", &[])).await.unwrap();
    seconds(60).await;
    let before = world.calls("allow_ingress");
    engine.mend_address(&id).await.unwrap();
    assert_eq!(world.calls("allow_ingress"), before + 1);
    let refused = Fault::Refused(ErrorKind::Input);
    world.faults.next("allow_ingress", refused, 1);
    let error = engine.mend_address(&id).await;
    // The address is the same as before, so it is let in whatever became of this request.
    assert!(error.is_ok() || error.is_err_and(|error| error.kind == ErrorKind::Input));
}

/// What may go wrong for a while.
const CAUSES: [ErrorKind; 7] = [
    ErrorKind::Unreachable,
    ErrorKind::Throttled,
    ErrorKind::CloudTrouble,
    ErrorKind::Keychain,
    ErrorKind::CredentialsExpired,
    ErrorKind::JournalInUse,
    ErrorKind::PermissionMissing,
];

/// Requests of the acts below.
const CALLS: [&str; 8] = [
    "instances",
    "stop_instance",
    "start_instance",
    "restart_instance",
    "ours",
    "account",
    "catalog",
    "own_address",
];

#[derive(Debug, Clone, Copy)]
enum Act {
    Stop,
    Start,
    Restart,
    Sweep,
    ProfileCheck,
    Doctor,
    Offer,
    Address,
    DeleteImage,
}

const ACTS: [Act; 9] = [
    Act::Stop,
    Act::Start,
    Act::Restart,
    Act::Sweep,
    Act::ProfileCheck,
    Act::Doctor,
    Act::Offer,
    Act::Address,
    Act::DeleteImage,
];

impl Act {
    async fn perform(self, engine: &Engine, id: &str) -> Result<(), Error> {
        match self {
            Act::Stop => engine.stop(id).await,
            Act::Start => engine.start(id).await,
            Act::Restart => engine.restart(id).await,
            Act::Sweep => engine.sweep(PROFILE, None).await.map(drop),
            Act::ProfileCheck => engine.account(PROFILE).await.map(drop),
            Act::Doctor => engine.doctor(PROFILE, &Draft::default()).await.map(drop),
            Act::Offer => engine.catalog_view(PROFILE).await.map(drop),
            Act::Address => engine.mend_address(id).await.map(drop),
            Act::DeleteImage => engine.delete_image(PROFILE, "image").await.map(drop),
        }
    }
}

/// Within ten seconds an act has ended, with an error that is shown, or it says what it waits for.
#[tokio::test(start_paused = true)]
async fn no_act_goes_on_for_ten_seconds_without_saying_what_it_waits_for() {
    let (world, _folder, engine) = world().await;
    let id = engine.launch(World::request("demo", &[])).await.unwrap();
    settled(&engine, &id).await;
    engine.create_image(&id, "image", "").await.unwrap();
    engine.image_settled(&id).await.unwrap();
    for cause in CAUSES {
        for act in ACTS {
            if matches!(act, Act::Start) {
                engine.stop(&id).await.unwrap();
            }
            for call in CALLS {
                world.faults.next(call, Fault::Refused(cause), u32::MAX);
            }
            let waits = ActWaits::new(Clock::virtual_time());
            let ended =
                tokio::time::timeout(Duration::from_secs(SILENCE), waits.of(act.perform(&engine, &id)));
            let seen = async {
                seconds(SILENCE - 1).await;
                waits.lasting(LASTS)
            };
            let (ended, told) = tokio::join!(ended, seen);
            if ended.is_err() {
                let told = told.unwrap_or_else(|| panic!("{act:?} is silent about {cause:?}"));
                assert!(!told.what.is_empty() && !told.hint.is_empty(), "{told:?}");
            }
            world.faults.clear();
            if engine.view(&id).await.unwrap().server.status == Status::Stopped {
                engine.start(&id).await.unwrap();
            }
        }
    }
}

/// Every wait of a stop that takes its time is told, without any trouble in it.
#[tokio::test(start_paused = true)]
async fn a_stop_that_takes_its_time_says_what_it_waits_for() {
    let (_world, _folder, engine) = world().await;
    let id = engine.launch(World::request("demo", &[])).await.unwrap();
    settled(&engine, &id).await;
    let waits = ActWaits::new(Clock::virtual_time());
    let seen = async {
        let mut told = Vec::new();
        for _ in 0..60 {
            seconds(1).await;
            told.extend(waits.lasting(LASTS).map(|wait| wait.what));
        }
        told.dedup();
        told
    };
    let (stopped, told) = tokio::join!(waits.of(engine.stop(&id)), seen);
    stopped.unwrap();
    assert!(
        told.contains(&"Waiting until “demo” is off.".to_owned()),
        "{told:?}"
    );
}
