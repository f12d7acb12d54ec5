//! Launches in the layout of earlier versions still open, and go on.
#![allow(clippy::unwrap_used)] // a test that can't go on should stop

mod common;

use slipway_core::error::ErrorKind;
use slipway_core::launch::Launch;
use slipway_core::view::Status;
use slipway_core::wait::WaitReason;

use common::{settled, world_in_memory};

/// As the version before waits had a reason wrote it: it waits for a sign-in.
const PARKED: &str = include_str!("layouts/parked.json");

#[tokio::test(start_paused = true)]
async fn a_launch_that_waited_in_the_first_layout_still_waits_and_goes_on() {
    let (_world, _folder, engine) = world_in_memory().await;
    let launch: Launch = serde_json::from_str(PARKED).unwrap();
    engine.store().add_launch(&launch).await.unwrap();
    let view = engine.view(&launch.id).await.unwrap();
    assert_eq!(view.server.status, Status::Parked);
    let waiting = view.waiting.unwrap();
    assert_eq!((waiting.reason, waiting.needs_user), (WaitReason::SignIn, true));
    assert_eq!(waiting.since, 1_790_000_000_000);
    assert_eq!(view.parked.unwrap().error.kind, ErrorKind::CredentialsExpired);
    let view = settled(&engine, &launch.id).await;
    assert_eq!((view.server.status, view.waiting), (Status::Ready, None));
}
