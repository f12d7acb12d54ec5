//! The launch machine in the fake world: to ready, to failed and back, cancelled at any second, through every fault.
#![allow(clippy::unwrap_used)] // a test that can't go on should stop

mod common;

use std::time::Duration;

use slipway_core::cloud::StopInstance;
use slipway_core::engine::Engine;
use slipway_core::error::ErrorKind;
use slipway_core::event::Event;
use slipway_core::ports::Cloud;
use slipway_core::secret::Secret;
use slipway_core::testing::{Fault, World};
use slipway_core::view::choice::PowerAct;
use slipway_core::view::{PieceState, RailPhase, Status};

use common::{nothing_left, settled, world};

#[tokio::test(start_paused = true)]
async fn a_launch_becomes_ready_with_one_instance_and_leaves_nothing_after_terminate() {
    let (world, _folder, engine) = world().await;
    let id = engine.launch(World::request("demo", &[])).await.unwrap();
    let view = settled(&engine, &id).await;
    assert_eq!(view.server.status, Status::Ready, "{:?}", view.failure);
    assert!(view.connection.verified);
    assert!(view.server.site_url.is_some());
    assert!(view.steps.iter().all(|step| step.state == PieceState::Done));
    assert!(view.rail.iter().all(|piece| piece.state == PieceState::Done));
    assert_eq!(world.contents().instances, [id.as_str()]);
    engine.terminate(&id).await.unwrap();
    assert_eq!(settled(&engine, &id).await.server.status, Status::Terminated);
    nothing_left(&world);
}

#[tokio::test(start_paused = true)]
async fn a_failed_step_is_told_and_the_retry_goes_on_from_it() {
    let (world, _folder, engine) = world().await;
    let id = engine
        .launch(World::request("broken", &[("fail_at", "database")]))
        .await
        .unwrap();
    let failed = settled(&engine, &id).await;
    let failure = failed.failure.expect("a failure");
    assert_eq!(failure.step.as_deref(), Some("database"));
    assert_eq!(failure.error.kind, ErrorKind::StepFailed);
    assert!(!failure.last_lines.is_empty() && failure.may_retry);
    let refused = engine.create_image(&id, "an-image", "").await.unwrap_err();
    assert_eq!(refused.kind, ErrorKind::FailedServer);
    engine.retry(&id, false).await.unwrap();
    let view = settled(&engine, &id).await;
    assert_eq!((view.server.status, view.attempt), (Status::Ready, 2));
    assert_eq!(world.contents().ever, 1);
}

#[tokio::test(start_paused = true)]
async fn cancel_works_at_any_second_and_leaves_nothing() {
    for second in (0..140).step_by(7) {
        let (world, _folder, engine) = world().await;
        let id = engine.launch(World::request("demo", &[])).await.unwrap();
        tokio::time::sleep(Duration::from_secs(second)).await;
        engine.terminate(&id).await.unwrap();
        let view = settled(&engine, &id).await;
        assert_eq!(
            view.server.status,
            Status::Terminated,
            "cancelled after {second} s"
        );
        nothing_left(&world);
    }
}

#[tokio::test(start_paused = true)]
async fn another_process_goes_on_where_one_was_killed() {
    for second in (0..130).step_by(9) {
        let (world, _folder, engine) = world().await;
        let id = engine.launch(World::request("demo", &[])).await.unwrap();
        tokio::time::sleep(Duration::from_secs(second)).await;
        // Dropped with its lease held, as by kill -9.
        engine.kill();
        let next = world.engine().await.unwrap();
        let _attendance = next.attend();
        let view = settled(&next, &id).await;
        assert_eq!(
            view.server.status,
            Status::Ready,
            "killed after {second} s: {:?}",
            view.failure
        );
        assert_eq!(world.contents().ever, 1, "killed after {second} s");
        let lines = view.log_lines;
        let query = slipway_core::view::LogQuery {
            limit: 1000,
            ..Default::default()
        };
        let page = next.log_page(&id, &query);
        let numbers: Vec<i64> = page.await.unwrap().lines.iter().map(|line| line.number).collect();
        assert_eq!(numbers.len() as i64, lines);
        assert!(numbers.windows(2).all(|pair| pair[0] < pair[1]));
    }
}

#[tokio::test(start_paused = true)]
async fn what_was_just_created_may_be_missing_from_reads_for_a_minute() {
    for lag in [0, 5, 20, 60] {
        let (world, _folder, engine) = world().await;
        world.set_lag(Duration::from_secs(lag));
        let id = engine.launch(World::request("demo", &[])).await.unwrap();
        assert_eq!(
            settled(&engine, &id).await.server.status,
            Status::Ready,
            "lag {lag} s"
        );
        assert_eq!(world.contents().ever, 1);
    }
}

const CHANGES: [&str; 5] = [
    "import_key_pair",
    "create_security_group",
    "allow_ingress",
    "stage_agent",
    "run_instance",
];
const READS: [&str; 8] = [
    "checks",
    "own_address",
    "instances",
    "console",
    "hello",
    "messages",
    "messages_answer",
    "visit",
];

#[tokio::test(start_paused = true)]
async fn every_call_may_be_throttled_or_lost_and_the_launch_becomes_ready() {
    let faults = [
        Fault::LostRequest,
        Fault::LostAnswer,
        Fault::Refused(ErrorKind::Throttled),
    ];
    for call in CHANGES.iter().chain(&READS) {
        for fault in faults {
            for times in [1, 5] {
                let (world, _folder, engine) = world().await;
                world.faults.next(call, fault, times);
                let id = engine.launch(World::request("demo", &[])).await.unwrap();
                let view = settled(&engine, &id).await;
                let what = format!("{call} {fault:?} {times} times: {:?}", view.failure);
                assert_eq!(view.server.status, Status::Ready, "{what}");
                assert_eq!(world.contents().ever, 1, "{what}");
                assert_eq!(world.contents().key_pairs.len(), 1, "{what}");
            }
        }
    }
}

#[tokio::test(start_paused = true)]
async fn ten_minutes_of_trouble_in_any_change_end_well() {
    for call in CHANGES {
        let (world, _folder, engine) = world().await;
        world.faults.during(
            call,
            Fault::Refused(ErrorKind::CloudTrouble),
            Duration::from_secs(600),
        );
        let id = engine.launch(World::request("demo", &[])).await.unwrap();
        assert_eq!(settled(&engine, &id).await.server.status, Status::Ready, "{call}");
        assert_eq!(world.contents().ever, 1, "{call}");
    }
}

#[tokio::test(start_paused = true)]
async fn what_only_the_user_can_mend_parks_and_goes_on_by_itself_once_mended() {
    for call in CHANGES {
        let (world, _folder, engine) = world().await;
        world.faults.during(
            call,
            Fault::Refused(ErrorKind::CredentialsExpired),
            Duration::from_secs(900),
        );
        let id = engine.launch(World::request("demo", &[])).await.unwrap();
        tokio::time::sleep(Duration::from_secs(60)).await;
        let parked = engine.view(&id).await.unwrap();
        assert_eq!(parked.server.status, Status::Parked, "{call}");
        assert_eq!(parked.parked.unwrap().error.kind, ErrorKind::CredentialsExpired);
        assert_eq!(settled(&engine, &id).await.server.status, Status::Ready, "{call}");
    }
}

#[tokio::test(start_paused = true)]
async fn a_launch_that_fails_before_its_instance_leaves_nothing() {
    for call in CHANGES {
        let (world, _folder, engine) = world().await;
        world.faults.next(call, Fault::Refused(ErrorKind::Unsupported), 1);
        let id = engine.launch(World::request("demo", &[])).await.unwrap();
        let view = settled(&engine, &id).await;
        assert_eq!(view.server.status, Status::Failed, "{call}");
        assert!(!view.server.may.retry);
        nothing_left(&world);
    }
}

#[tokio::test(start_paused = true)]
async fn terminate_goes_on_after_trouble_at_each_delete() {
    for call in [
        "terminate_instance",
        "delete_security_group",
        "delete_key_pair",
        "secret_delete",
    ] {
        for fault in [
            Fault::LostAnswer,
            Fault::LostRequest,
            Fault::Refused(ErrorKind::Throttled),
        ] {
            let (world, _folder, engine) = world().await;
            let id = engine.launch(World::request("demo", &[])).await.unwrap();
            settled(&engine, &id).await;
            world.faults.next(call, fault, 3);
            engine.terminate(&id).await.unwrap();
            assert_eq!(
                settled(&engine, &id).await.server.status,
                Status::Terminated,
                "{call} {fault:?}"
            );
            nothing_left(&world);
        }
    }
}

#[tokio::test(start_paused = true)]
async fn what_could_not_be_removed_is_listed_and_can_be_tried_again() {
    let (world, _folder, engine) = world().await;
    let id = engine.launch(World::request("demo", &[])).await.unwrap();
    settled(&engine, &id).await;
    world.faults.during(
        "delete_security_group",
        Fault::Refused(ErrorKind::PermissionMissing),
        Duration::from_secs(60),
    );
    engine.terminate(&id).await.unwrap();
    tokio::time::sleep(Duration::from_secs(40)).await;
    let view = engine.view(&id).await.unwrap();
    assert_eq!((view.server.status, view.leftovers.len()), (Status::Parked, 1));
    tokio::time::sleep(Duration::from_secs(60)).await;
    engine.resume(&id).await.unwrap();
    assert_eq!(settled(&engine, &id).await.server.status, Status::Terminated);
    nothing_left(&world);
}

#[tokio::test(start_paused = true)]
async fn names_are_unique_among_the_live_servers() {
    let (_world, _folder, engine) = world().await;
    let id = engine.launch(World::request("demo", &[])).await.unwrap();
    let refused = engine.launch(World::request("demo", &[])).await.unwrap_err();
    assert_eq!(refused.kind, ErrorKind::NameTaken);
    engine.terminate(&id).await.unwrap();
    settled(&engine, &id).await;
    engine.launch(World::request("demo", &[])).await.unwrap();
}

#[tokio::test(start_paused = true)]
async fn the_number_of_reads_does_not_grow_with_the_number_of_launches() {
    let reads_of = |count: usize| async move {
        let (world, _folder, engine) = world().await;
        let mut ids = Vec::new();
        for number in 0..count {
            ids.push(
                engine
                    .launch(World::request(&format!("demo-{number}"), &[]))
                    .await
                    .unwrap(),
            );
        }
        for id in &ids {
            assert_eq!(settled(&engine, id).await.server.status, Status::Ready);
        }
        world.calls("instances")
    };
    let (one, ten) = (reads_of(1).await, reads_of(10).await);
    assert!(ten <= one + 4, "one launch took {one} reads, ten together {ten}");
}

#[tokio::test(start_paused = true)]
async fn a_launch_that_waits_says_how_far_it_is() {
    let (_world, _folder, engine) = world().await;
    let id = engine.launch(World::request("demo", &[])).await.unwrap();
    tokio::time::sleep(Duration::from_secs(40)).await;
    let view = engine.view(&id).await.unwrap();
    let state = |phase| view.rail.iter().find(|piece| piece.phase == phase).unwrap().state;
    assert_eq!(state(RailPhase::Requested), PieceState::Done);
    assert_eq!(state(RailPhase::WindowsReady), PieceState::Running);
    assert_eq!(state(RailPhase::Installing), PieceState::Waiting);
}

#[tokio::test(start_paused = true)]
async fn a_windows_that_takes_long_is_told_and_waited_for() {
    let (world, _folder, engine) = world().await;
    let slow = Duration::from_secs(40 * 60);
    world.faults.during("hello", Fault::LostRequest, slow);
    world
        .faults
        .during("console", Fault::Refused(ErrorKind::PermissionMissing), slow);
    let id = engine.launch(World::request("demo", &[])).await.unwrap();
    tokio::time::sleep(Duration::from_secs(30 * 60)).await;
    let waiting = engine.view(&id).await.unwrap();
    assert_eq!(waiting.parked.unwrap().error.kind, ErrorKind::AgentSilent);
    assert_eq!(settled(&engine, &id).await.server.status, Status::Ready);
}

#[tokio::test(start_paused = true)]
async fn a_server_that_is_stopped_while_it_installs_waits_and_goes_on_when_it_is_started() {
    let (world, _folder, engine) = world().await;
    let id = engine.launch(World::request("demo", &[])).await.unwrap();
    tokio::time::sleep(Duration::from_secs(90)).await;
    let instance = engine.view(&id).await.unwrap().server.instance.unwrap();
    world.stop_instance(&StopInstance { instance }).await.unwrap();
    tokio::time::sleep(Duration::from_secs(60)).await;
    let view = engine.view(&id).await.unwrap();
    assert_eq!(view.server.status, Status::Parked, "{:?}", view.server);
    assert!(view.parked.unwrap().error.sentence.contains("stopped"));
    assert!(view.server.off, "only its disk costs");
    engine.start(&id).await.unwrap();
    let up = settled(&engine, &id).await.server;
    assert_eq!((up.status, up.off), (Status::Ready, false));
    assert_eq!(world.contents().ever, 1);
}

/// A server that was ready once.
async fn switched_off(engine: &Engine) -> String {
    let id = engine.launch(World::request("demo", &[])).await.unwrap();
    settled(engine, &id).await;
    engine.stop(&id).await.unwrap();
    id
}

/// Stops it again as soon as it begins to start, as EC2 does where it can't.
async fn take_back(world: &World, engine: &Engine, id: &str) {
    while engine.view(id).await.unwrap().server.status != Status::Starting {
        tokio::time::sleep(Duration::from_secs(1)).await;
    }
    let instance = engine.view(id).await.unwrap().server.instance.unwrap();
    world.stop_instance(&StopInstance { instance }).await.unwrap();
}

#[tokio::test(start_paused = true)]
async fn a_start_that_is_taken_back_is_told_and_not_waited_for() {
    let (world, _folder, engine) = world().await;
    let id = switched_off(&engine).await;
    let (started, ()) = tokio::join!(engine.start(&id), take_back(&world, &engine, &id));
    let error = started.unwrap_err();
    assert!(error.sentence.contains("did not start"), "{error:?}");
    engine.start(&id).await.unwrap();
    assert_eq!(engine.view(&id).await.unwrap().server.status, Status::Ready);
}

#[tokio::test(start_paused = true)]
async fn a_start_in_the_background_that_is_taken_back_is_told_as_a_notice() {
    let (world, _folder, engine) = world().await;
    let id = switched_off(&engine).await;
    engine.power(&id, PowerAct::Start).await.unwrap();
    take_back(&world, &engine, &id).await;
    let mut news = engine.news();
    let told = async { while news.next().await != Event::Notice {} };
    tokio::time::timeout(Duration::from_secs(120), told)
        .await
        .unwrap();
    let notices = engine.notices();
    assert!(notices[0].contains("did not start"), "{notices:?}");
    assert_eq!(engine.notices(), Vec::<String>::new(), "each is told once");
}

#[tokio::test(start_paused = true)]
async fn a_chosen_password_that_can_not_be_kept_launches_nothing() {
    let (world, _folder, engine) = world().await;
    world
        .faults
        .next("secret_put", Fault::Refused(ErrorKind::Keychain), 1);
    let mut request = World::request("demo", &[]);
    request.administrator_password = Some(Secret::new("Correct-Horse-7-Battery".to_owned()));
    let refused = engine.launch(request.clone()).await.unwrap_err();
    assert_eq!(refused.kind, ErrorKind::Keychain);
    nothing_left(&world);
    let id = engine.launch(request).await.unwrap();
    tokio::time::sleep(Duration::from_secs(1)).await;
    assert!(
        world
            .secret_names()
            .iter()
            .any(|name| name.ends_with("administrator_password"))
    );
    engine.terminate(&id).await.unwrap();
    settled(&engine, &id).await;
    nothing_left(&world);
}
