//! Nothing waits in silence: the table of causes and acts, in virtual time. Whatever keeps a launch, an image or a terminate
//! from going on is named in the stored value and in the snapshot ten seconds after the first try failed; it is still
//! named after a restart, and when the cause is gone the act goes on by itself.
#![allow(clippy::unwrap_used)] // a test that can't go on should stop

mod common;

use std::time::Duration;

use slipway_core::engine::Engine;
use slipway_core::error::{ErrorKind, Unreached};
use slipway_core::testing::{Fault, World};
use slipway_core::view::{ImageJobPhase, LaunchView, PieceState, RailPhase, Status, WaitingView};
use slipway_core::wait::{WaitAction, WaitReason};

use common::{nothing_left, seconds, settled, world_in_memory};

/// Longer than any act here waits for something else first.
const PATIENCE: u64 = 900;
/// How long a cause lasts, unless the test ends it.
const LONG: Duration = Duration::from_secs(24 * 3600);

/// What keeps an act from going on.
#[derive(Debug, Clone, Copy)]
struct Cause {
    /// The calls that fail.
    calls: &'static [&'static str],
    fault: Fault,
    /// What the value must name.
    reason: fn(&WaitReason) -> bool,
}

const CLOUD: &[&str] = &[
    "checks",
    "own_address",
    "import_key_pair",
    "create_security_group",
    "allow_ingress",
    "stage_agent",
    "run_instance",
    "instances",
    "create_image",
    "images",
    "terminate_instance",
    "delete_security_group",
    "delete_key_pair",
];

fn cause(calls: &'static [&'static str], fault: Fault, reason: fn(&WaitReason) -> bool) -> Cause {
    Cause { calls, fault, reason }
}

fn unreached(what: Unreached) -> Fault {
    Fault::Unreached(ErrorKind::Unreachable, what)
}

macro_rules! network {
    ($what:ident) => {
        |reason| {
            matches!(
                reason,
                WaitReason::Network {
                    what: Unreached::$what
                }
            )
        }
    };
}

fn sign_in(reason: &WaitReason) -> bool {
    *reason == WaitReason::SignIn
}

fn throttled(reason: &WaitReason) -> bool {
    *reason == WaitReason::Throttled
}

/// What any act may meet.
fn everywhere() -> Vec<Cause> {
    vec![
        cause(CLOUD, unreached(Unreached::Names), network!(Names)),
        cause(CLOUD, unreached(Unreached::Proxy), network!(Proxy)),
        cause(CLOUD, unreached(Unreached::SignInPage), network!(SignInPage)),
        cause(CLOUD, unreached(Unreached::Ec2), network!(Ec2)),
        cause(CLOUD, Fault::Refused(ErrorKind::Throttled), throttled),
    ]
}

fn of_a_launch() -> Vec<Cause> {
    let refused = Fault::Refused;
    let mut causes = everywhere();
    causes.extend([
        cause(
            &["own_address"],
            unreached(Unreached::OwnAddress),
            network!(OwnAddress),
        ),
        cause(
            &["stage_agent"],
            Fault::Unreached(ErrorKind::CloudTrouble, Unreached::S3),
            network!(S3),
        ),
        cause(&["checks"], unreached(Unreached::Sts), network!(Sts)),
        cause(&["hello", "messages"], unreached(Unreached::Server), |reason| {
            *reason == WaitReason::AgentSilent
        }),
        cause(&["messages"], unreached(Unreached::Server), |reason| {
            *reason == WaitReason::AgentSilent
        }),
        cause(&["visit"], unreached(Unreached::Server), |reason| {
            *reason == WaitReason::SiteSilent
        }),
        cause(&["console"], unreached(Unreached::Ec2), network!(Ec2)),
        cause(&["secret_get"], refused(ErrorKind::Keychain), |reason| {
            *reason == WaitReason::Keychain
        }),
        cause(&["secret_put"], refused(ErrorKind::Keychain), |reason| {
            *reason == WaitReason::Keychain
        }),
        cause(&["run_instance"], refused(ErrorKind::CredentialsExpired), sign_in),
        cause(&["instances"], refused(ErrorKind::CredentialsExpired), sign_in),
        cause(
            &["import_key_pair"],
            refused(ErrorKind::PermissionMissing),
            |reason| *reason == WaitReason::Permission,
        ),
        cause(&["run_instance"], refused(ErrorKind::QuotaExceeded), |reason| {
            *reason == WaitReason::Quota
        }),
        cause(&["run_instance"], refused(ErrorKind::NoCapacity), |reason| {
            matches!(reason, WaitReason::Capacity { .. })
        }),
    ]);
    causes
}

#[tokio::test(start_paused = true)]
async fn a_launch_names_what_it_waits_for() {
    for cause in of_a_launch() {
        let (world, _folder, engine) = world_in_memory().await;
        // What is asked before anything is written down is refused at once, with its reason.
        let early = cause.calls.len() == 1;
        if early {
            begin(&world, cause);
        }
        let id = engine.launch(World::request("demo", &[])).await.unwrap();
        if !early {
            begin(&world, cause);
        }
        let waiting = named(&world, &engine, &id, cause).await;
        assert!(
            waiting
                .actions
                .iter()
                .any(|offered| offered.action == WaitAction::GiveUp)
        );
        let engine = restarted(&world, engine, &id, cause).await;
        world.faults.clear();
        let view = settled(&engine, &id).await;
        assert_eq!(view.server.status, Status::Ready, "{cause:?}");
        assert_eq!(view.waiting, None, "{cause:?}");
    }
}

#[tokio::test(start_paused = true)]
async fn a_terminate_names_what_it_waits_for() {
    let mut causes = everywhere();
    causes.push(cause(
        &["terminate_instance"],
        Fault::Refused(ErrorKind::CredentialsExpired),
        sign_in,
    ));
    causes.push(cause(
        &["delete_security_group"],
        Fault::Refused(ErrorKind::PermissionMissing),
        |reason| matches!(reason, WaitReason::Permission | WaitReason::Leftovers),
    ));
    for cause in causes {
        let (world, _folder, engine) = world_in_memory().await;
        let id = engine.launch(World::request("demo", &[])).await.unwrap();
        settled(&engine, &id).await;
        begin(&world, cause);
        engine.terminate(&id).await.unwrap();
        let waiting = named(&world, &engine, &id, cause).await;
        assert!(
            waiting
                .actions
                .iter()
                .all(|offered| offered.action != WaitAction::GiveUp)
        );
        let engine = restarted(&world, engine, &id, cause).await;
        world.faults.clear();
        let view = settled(&engine, &id).await;
        assert_eq!(view.server.status, Status::Terminated, "{cause:?}");
        assert_eq!(view.waiting, None, "{cause:?}");
        nothing_left(&world);
    }
}

#[tokio::test(start_paused = true)]
async fn an_image_names_what_it_waits_for() {
    let mut causes = everywhere();
    causes.push(cause(
        &["create_image", "images"],
        Fault::Refused(ErrorKind::CredentialsExpired),
        sign_in,
    ));
    for cause in causes {
        let (world, _folder, engine) = world_in_memory().await;
        let id = engine.launch(World::request("demo", &[])).await.unwrap();
        settled(&engine, &id).await;
        // Asked for while all is well: what fails before is told at once.
        engine.create_image(&id, "demo-1", "").await.unwrap();
        begin(&world, cause);
        let job = image_waits(&world, &engine, &id, cause).await;
        assert_eq!(
            engine.view(&id).await.unwrap().server.doing,
            job.words,
            "{cause:?}"
        );
        engine.kill();
        let engine = world.engine().await.unwrap();
        let kept = engine.view(&id).await.unwrap().image_job.unwrap().waiting;
        assert!(kept.is_some_and(|kept| (cause.reason)(&kept.reason)), "{cause:?}");
        world.faults.clear();
        let job = engine.image_settled(&id).await.unwrap().unwrap();
        assert_eq!((job.phase, job.waiting), (ImageJobPhase::Done, None), "{cause:?}");
    }
}

#[tokio::test(start_paused = true)]
async fn a_request_that_is_not_answered_is_told_while_it_is_under_way() {
    let hangs = [
        ("own_address", "this computer's public address"),
        ("secret_get", "the keychain"),
    ];
    for (call, words) in hangs {
        let (world, _folder, engine) = world_in_memory().await;
        world.faults.hang(call, Duration::from_secs(60));
        let id = engine.launch(World::request("demo", &[])).await.unwrap();
        seconds(10).await;
        let waiting = engine
            .view(&id)
            .await
            .unwrap()
            .waiting
            .unwrap_or_else(|| panic!("{call} is silent"));
        assert_eq!(waiting.words, format!("Waiting for {words}"));
        assert_eq!((waiting.tries, waiting.next), (0, None));
        let view = settled(&engine, &id).await;
        assert_eq!(
            (view.server.status, view.waiting),
            (Status::Ready, None),
            "{call}"
        );
    }
}

#[tokio::test(start_paused = true)]
async fn trouble_that_is_over_in_a_moment_is_not_told() {
    let (world, _folder, engine) = world_in_memory().await;
    world.faults.next("own_address", Fault::LostRequest, 2);
    let id = engine.launch(World::request("demo", &[])).await.unwrap();
    for _ in 0..20 {
        seconds(1).await;
        let view = engine.view(&id).await.unwrap();
        assert_eq!(view.waiting, None, "{:?}", view.server);
    }
}

#[tokio::test(start_paused = true)]
async fn trying_again_does_not_wait_for_the_next_try() {
    let (world, _folder, engine) = world_in_memory().await;
    world
        .faults
        .during("own_address", unreached(Unreached::OwnAddress), LONG);
    let id = engine.launch(World::request("demo", &[])).await.unwrap();
    seconds(300).await;
    let waiting = engine.view(&id).await.unwrap().waiting.unwrap();
    assert!(waiting.tries > 5 && !waiting.needs_user, "{waiting:?}");
    world.faults.clear();
    let before = world.calls("own_address");
    engine.resume(&id).await.unwrap();
    seconds(1).await;
    assert_eq!(world.calls("own_address"), before + 1);
    assert_eq!(engine.view(&id).await.unwrap().waiting, None);
}

#[tokio::test(start_paused = true)]
async fn a_launch_that_waits_for_the_network_is_given_up_at_once() {
    let (world, _folder, engine) = world_in_memory().await;
    let own_address = unreached(Unreached::OwnAddress);
    world.faults.during("own_address", own_address, LONG);
    let id = engine.launch(World::request("demo", &[])).await.unwrap();
    seconds(120).await;
    engine.terminate(&id).await.unwrap();
    let ended = tokio::time::timeout(Duration::from_secs(400), engine.settled(&id)).await;
    assert_eq!(ended.unwrap().unwrap().server.status, Status::Terminated);
    nothing_left(&world);
}

fn begin(world: &World, cause: Cause) {
    for call in cause.calls {
        world.faults.during(call, cause.fault, LONG);
    }
}

/// Waits until the first try has failed, then ten seconds; the snapshot and the stored value name the wait.
async fn named(world: &World, engine: &Engine, id: &str, cause: Cause) -> WaitingView {
    first_failure(world, cause).await;
    // An installer may be silent as long as Windows is not ready.
    while cause.calls.contains(&"hello") && engine.view(id).await.unwrap().install_started.is_none() {
        seconds(1).await;
    }
    seconds(10).await;
    let view = engine.view(id).await.unwrap();
    let waiting = view
        .waiting
        .unwrap_or_else(|| panic!("{cause:?} is silent: {:?}", view.server));
    complete(&waiting, cause);
    let (stored, _) = engine.store().launch(id).await.unwrap().unwrap();
    let stored = stored.waiting.unwrap();
    assert!((cause.reason)(&stored.reason), "{cause:?}: {stored:?}");
    *waiting
}

async fn image_waits(world: &World, engine: &Engine, id: &str, cause: Cause) -> WaitingView {
    first_failure(world, cause).await;
    seconds(10).await;
    let job = engine.view(id).await.unwrap().image_job.unwrap();
    let waiting = job
        .waiting
        .unwrap_or_else(|| panic!("{cause:?} is silent: {:?}", job.phase));
    complete(&waiting, cause);
    *waiting
}

/// A reason, words, how often, since when, and a next try that is not over.
fn complete(waiting: &WaitingView, cause: Cause) {
    assert!((cause.reason)(&waiting.reason), "{cause:?}: {waiting:?}");
    assert!(waiting.words.starts_with("Waiting for "), "{waiting:?}");
    assert!(
        waiting.tries > 0 && !waiting.error.sentence.is_empty(),
        "{waiting:?}"
    );
    let next = waiting
        .next
        .unwrap_or_else(|| panic!("{cause:?}: no next try: {waiting:?}"));
    assert!(next >= waiting.since, "{waiting:?}");
}

/// Another process goes on: the wait is there before it has tried anything, and after it has.
async fn restarted(world: &World, engine: Engine, id: &str, cause: Cause) -> Engine {
    let seen = engine.view(id).await.unwrap();
    let before = seen.waiting.as_ref().unwrap();
    engine.kill();
    let next = world.engine().await.unwrap();
    let kept = next.view(id).await.unwrap().waiting;
    let kept = kept.unwrap_or_else(|| panic!("{cause:?} is forgotten"));
    assert_eq!(
        (&kept.reason, kept.since),
        (&before.reason, before.since),
        "{cause:?}"
    );
    let attendance = next.attend();
    seconds(90).await;
    let now = next.view(id).await.unwrap();
    let still = now
        .waiting
        .as_ref()
        .unwrap_or_else(|| panic!("{cause:?} is silent again"));
    assert!((cause.reason)(&still.reason), "{cause:?}: {still:?}");
    // What came a phase further waits anew.
    if running(&now) == running(&seen) {
        assert!(
            still.since == before.since && still.tries >= before.tries,
            "{cause:?}: {before:?} {still:?}"
        );
    }
    drop(attendance);
    next
}

fn running(view: &LaunchView) -> Option<RailPhase> {
    let running = view.rail.iter().find(|phase| phase.state == PieceState::Running);
    running.map(|phase| phase.phase)
}

async fn first_failure(world: &World, cause: Cause) {
    let calls = || cause.calls.iter().map(|call| world.failed(call)).sum::<usize>();
    for _ in 0..PATIENCE {
        if calls() > 0 {
            return;
        }
        seconds(1).await;
    }
    panic!("{cause:?} never happened");
}
