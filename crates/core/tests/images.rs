//! Images in the fake world: made once whatever happens on the way, launched from, deleted.
#![allow(clippy::unwrap_used)] // a test that can't go on should stop

use std::time::Duration;

use slipway_core::engine::{Engine, Source};
use slipway_core::error::ErrorKind;
use slipway_core::testing::{Fault, PROFILE, World};
use slipway_core::view::{ImageJobPhase, Status};

async fn ready() -> (World, tempfile::TempDir, Engine, String) {
    let folder = tempfile::tempdir().unwrap();
    let world = World::new(folder.path());
    let engine = world.engine().await.unwrap();
    let id = engine.launch(World::request("demo", &[])).await.unwrap();
    assert_eq!(engine.settled(&id).await.unwrap().server.status, Status::Ready);
    (world, folder, engine, id)
}

#[tokio::test(start_paused = true)]
async fn an_image_is_made_launched_from_and_deleted() {
    let (world, _folder, engine, id) = ready().await;
    engine.create_image(&id, "demo-1", "first").await.unwrap();
    assert_eq!(engine.view(&id).await.unwrap().server.status, Status::MakingImage);
    let job = engine.image_settled(&id).await.unwrap().unwrap();
    assert_eq!((job.phase, job.percent), (ImageJobPhase::Done, 100));
    let mut request = World::request("copy", &[]);
    request.source = Source::Image("demo-1".into());
    let copy = engine.launch(request).await.unwrap();
    let view = engine.settled(&copy).await.unwrap();
    assert_eq!(view.server.status, Status::Ready);
    assert!(view.steps.len() < engine.view(&id).await.unwrap().steps.len());
    engine.delete_image(PROFILE, "demo-1").await.unwrap();
    assert!(world.contents().images.is_empty());
}

#[tokio::test(start_paused = true)]
async fn a_killed_image_job_makes_one_image() {
    for second in (0..110).step_by(10) {
        let (world, _folder, engine, id) = ready().await;
        engine.create_image(&id, "demo-1", "").await.unwrap();
        tokio::time::sleep(Duration::from_secs(second)).await;
        engine.kill();
        let next = world.engine().await.unwrap();
        let job = next.image_settled(&id).await.unwrap().unwrap();
        assert_eq!(job.phase, ImageJobPhase::Done, "killed after {second} s");
        assert_eq!(world.contents().images, ["demo-1"]);
    }
}

#[tokio::test(start_paused = true)]
async fn a_lost_answer_makes_one_image() {
    for fault in [Fault::LostAnswer, Fault::LostRequest] {
        let (world, _folder, engine, id) = ready().await;
        world.faults.next("create_image", fault, 2);
        engine.create_image(&id, "demo-1", "").await.unwrap();
        assert_eq!(
            engine.image_settled(&id).await.unwrap().unwrap().phase,
            ImageJobPhase::Done
        );
        assert_eq!(world.contents().images, ["demo-1"]);
    }
}

#[tokio::test(start_paused = true)]
async fn a_server_is_not_terminated_while_an_image_is_made_of_it() {
    let (_world, _folder, engine, id) = ready().await;
    engine.create_image(&id, "demo-1", "").await.unwrap();
    let refused = engine.terminate(&id).await.unwrap_err();
    assert_eq!(refused.kind, ErrorKind::WrongState);
    engine.image_settled(&id).await.unwrap();
    engine.terminate(&id).await.unwrap();
}

/// What the terminal does without `--wait`: it asks, and ends.
#[tokio::test(start_paused = true)]
async fn an_image_that_nobody_waits_for_is_made_and_keeps_no_server() {
    let (world, _folder, engine, id) = ready().await;
    engine.create_image(&id, "demo-1", "").await.unwrap();
    assert_eq!(world.contents().images, ["demo-1"], "the cloud has answered");
    engine.close().await;
    tokio::time::sleep(Duration::from_secs(3600)).await;
    let next = world.engine().await.unwrap();
    next.refresh(PROFILE).await.unwrap();
    assert_eq!(next.view(&id).await.unwrap().server.status, Status::Ready);
    next.stop(&id).await.unwrap();
    next.terminate(&id).await.unwrap();
    assert_eq!(next.settled(&id).await.unwrap().server.status, Status::Terminated);
    assert_eq!(world.contents().images, ["demo-1"]);
}

#[tokio::test(start_paused = true)]
async fn a_refusal_to_make_an_image_is_told_to_whoever_asked() {
    let (world, _folder, engine, id) = ready().await;
    let refused = Fault::Refused(ErrorKind::QuotaExceeded);
    world
        .faults
        .next("create_image", Fault::Refused(ErrorKind::Input), 1);
    let error = engine.create_image(&id, "demo-1", "").await.unwrap_err();
    assert_eq!(error.kind, ErrorKind::Input);
    world.faults.next("images", refused, 1);
    engine.create_image(&id, "demo-1", "").await.unwrap_err();
    assert_eq!(engine.images(PROFILE).await.unwrap(), []);
    engine.terminate(&id).await.unwrap();
}

#[tokio::test(start_paused = true)]
async fn an_image_that_was_never_asked_for_says_so_and_can_be_deleted() {
    let (world, _folder, engine, id) = ready().await;
    let for_hours = Duration::from_secs(4 * 3600);
    world.faults.during("create_image", Fault::LostRequest, for_hours);
    let interrupted = tokio::time::timeout(Duration::from_secs(60), engine.create_image(&id, "demo-1", ""));
    interrupted.await.unwrap_err();
    engine.close().await;
    let next = world.engine().await.unwrap();
    let listed = next.images(PROFILE).await.unwrap();
    let told = listed[0].error.as_ref().expect("it says that it waits");
    assert!(told.sentence.contains("has not been asked"), "{told:?}");
    assert_eq!(next.image_to_delete(PROFILE, "demo-1").await.unwrap(), "demo-1");
    next.delete_image(PROFILE, "demo-1").await.unwrap();
    assert_eq!(next.images(PROFILE).await.unwrap(), []);
    next.terminate(&id).await.unwrap();
    assert_eq!(next.settled(&id).await.unwrap().server.status, Status::Terminated);
    assert_eq!(world.contents().images, Vec::<String>::new());
}

#[tokio::test(start_paused = true)]
async fn an_image_that_is_deleted_while_it_is_made_leaves_no_job_behind() {
    let (world, _folder, engine, id) = ready().await;
    engine.create_image(&id, "demo-1", "").await.unwrap();
    engine.close().await;
    let next = world.engine().await.unwrap();
    next.delete_image(PROFILE, "demo-1").await.unwrap();
    assert_eq!(next.images(PROFILE).await.unwrap(), []);
    next.terminate(&id).await.unwrap();
    assert_eq!(next.settled(&id).await.unwrap().server.status, Status::Terminated);
}
