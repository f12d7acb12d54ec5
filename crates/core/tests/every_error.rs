//! The table of every error, in virtual time: each request of a server's life is answered with each kind of error that
//! there is, once, five times in a row, and for ten minutes. The launch completes, or it waits or fails with a reason and
//! a way on; and terminate leaves nothing.
#![allow(clippy::unwrap_used)] // a test that can't go on should stop
#![allow(clippy::print_stdout)] // the figures of a long run

mod common;

use std::time::Duration;

use slipway_core::engine::{Engine, LaunchRequest};
use slipway_core::error::{Error, ErrorKind, Retry};
use slipway_core::testing::{Fault, World, cases};
use slipway_core::view::{LaunchView, Status};

use common::{nothing_left, seconds, world_in_memory};

const TEN_MINUTES: u64 = 600;
/// Longer than any trouble here lasts, in virtual seconds. A launch that waits for ever is told after that, not after days
/// of virtual time, in which even a clock that jumps has thousands of things to do.
const PATIENCE: u64 = 2 * 3600;
/// How often a test looks.
const LOOK: u64 = 15;

/// What a launch asks of the cloud, of its agent and of the keychain.
const LAUNCH: [&str; 17] = [
    "checks",
    "own_address",
    "secret_put",
    "secret_get",
    "import_key_pair",
    "create_security_group",
    "allow_ingress",
    "stage_agent",
    "run_instance",
    "instances",
    "console",
    "put_tags",
    "remove_tags",
    "hello",
    "messages",
    "messages_answer",
    "visit",
];
/// What ending it asks for.
const END: [&str; 5] = [
    "instances",
    "terminate_instance",
    "delete_security_group",
    "delete_key_pair",
    "secret_delete",
];
/// What the cloud, an agent or a keychain may answer.
const KINDS: [ErrorKind; 22] = [
    ErrorKind::Input,
    ErrorKind::NotFound,
    ErrorKind::NameTaken,
    ErrorKind::WrongState,
    ErrorKind::CredentialsExpired,
    ErrorKind::CredentialsInvalid,
    ErrorKind::PermissionMissing,
    ErrorKind::AccountNotReady,
    ErrorKind::Throttled,
    ErrorKind::CloudTrouble,
    ErrorKind::Unreachable,
    ErrorKind::NoCapacity,
    ErrorKind::QuotaExceeded,
    ErrorKind::Unsupported,
    ErrorKind::NetworkMissing,
    ErrorKind::ClockWrong,
    ErrorKind::InstanceGone,
    ErrorKind::IdentityMismatch,
    ErrorKind::AgentRefused,
    ErrorKind::Keychain,
    ErrorKind::DiskFull,
    ErrorKind::Internal,
];

/// How often a request goes wrong.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Often {
    Once,
    FiveTimes,
    TenMinutes,
}

// Three tests, so that they share the cores.

#[tokio::test(start_paused = true)]
async fn every_error_of_every_request_once() {
    Box::pin(table(Often::Once)).await;
}

#[tokio::test(start_paused = true)]
async fn every_error_of_every_request_five_times() {
    Box::pin(table(Often::FiveTimes)).await;
}

#[tokio::test(start_paused = true)]
async fn every_error_of_every_request_for_ten_minutes() {
    Box::pin(table(Often::TenMinutes)).await;
}

/// All cells in the long run; in the usual one a third of them, each in one of the three ways.
async fn table(often: Often) {
    let share = cases(9, 1) as usize;
    let faults = KINDS
        .map(Fault::Refused)
        .into_iter()
        .chain([Fault::LostRequest, Fault::LostAnswer]);
    let cells = faults.flat_map(|fault| {
        let launch = LAUNCH.map(|call| (call, fault, false));
        launch.into_iter().chain(END.map(|call| (call, fault, true)))
    });
    let mine = cells
        .enumerate()
        .filter(|(number, _)| (number + 3 * often as usize).is_multiple_of(share));
    let mut ends = [0; 3];
    for (_, (call, fault, ending)) in mine {
        let cell = Cell { call, fault, often };
        let end = if ending {
            cell.ended().await
        } else {
            Box::pin(cell.launched()).await
        };
        ends[end as usize] += 1;
    }
    let [ready, failed, refused] = ends;
    println!(
        "{often:?}: {ready} went through, {failed} failed with a reason, {refused} were refused at once"
    );
    assert!(ready > failed + refused, "most trouble passes");
}

/// How a story ended.
enum End {
    Through,
    Failed,
    Refused,
}

/// One cell of the table.
struct Cell {
    call: &'static str,
    fault: Fault,
    often: Often,
}

impl Cell {
    fn name(&self) -> String {
        format!("{} {:?} {:?}", self.call, self.fault, self.often)
    }

    fn goes_wrong(&self, world: &World) {
        match self.often {
            Often::Once => world.faults.next(self.call, self.fault, 1),
            Often::FiveTimes => world.faults.next(self.call, self.fault, 5),
            Often::TenMinutes => world
                .faults
                .during(self.call, self.fault, Duration::from_secs(TEN_MINUTES)),
        }
    }

    /// A launch with trouble on its way.
    async fn launched(&self) -> End {
        let (world, _folder, engine) = world_in_memory().await;
        self.goes_wrong(&world);
        let id = match engine.launch(request()).await {
            Ok(id) => id,
            Err(error) => {
                assert!(!error.sentence.is_empty(), "{}", self.name());
                nothing_left(&world);
                return End::Refused;
            }
        };
        let view = self.seen_through(&engine, &id).await;
        assert!(world.contents().ever <= 1, "{}", self.name());
        let end = if view.server.status == Status::Ready {
            End::Through
        } else {
            self.failed_with_a_reason(&view);
            End::Failed
        };
        world.faults.clear();
        engine.terminate(&id).await.unwrap();
        self.is_gone(&world, &engine, &id).await;
        end
    }

    /// A terminate with trouble on its way.
    async fn ended(&self) -> End {
        let (world, _folder, engine) = world_in_memory().await;
        let id = engine.launch(request()).await.unwrap();
        assert_eq!(at_rest(&engine, &id).await.server.status, Status::Ready);
        self.goes_wrong(&world);
        engine.terminate(&id).await.unwrap();
        self.is_gone(&world, &engine, &id).await;
        End::Through
    }

    /// Follows to an end; where the launch waits for its user, the user sees to it and lets it go on.
    async fn seen_through(&self, engine: &Engine, id: &str) -> LaunchView {
        let view = at_rest(engine, id).await;
        let Some(parked) = &view.parked else {
            return view;
        };
        self.told(&parked.error);
        // A sign-in, a lifted quota: whatever the user did, this is how it is told.
        seconds(TEN_MINUTES).await;
        engine.resume(id).await.unwrap();
        let view = over(engine, id).await;
        assert!(
            view.parked.is_none(),
            "{}: it still waits: {:?}",
            self.name(),
            view.parked
        );
        view
    }

    fn failed_with_a_reason(&self, view: &LaunchView) {
        let failure = view.failure.as_ref();
        let failure = failure.unwrap_or_else(|| panic!("{}: {:?}", self.name(), view.server));
        self.told(&failure.error);
        let (kind, early) = (
            failure.error.kind,
            matches!(self.call, "checks" | "secret_get" | "secret_put"),
        );
        assert!(
            early || kind.retry() == Retry::No,
            "{}: {}",
            self.name(),
            failure.error
        );
    }

    async fn is_gone(&self, world: &World, engine: &Engine, id: &str) {
        let view = self.seen_through(engine, id).await;
        assert_eq!(view.server.status, Status::Terminated, "{}", self.name());
        if !view.leftovers.is_empty() {
            self.are_secrets(&view.leftovers);
            another_goes(world, engine).await;
        }
        nothing_left(world);
        engine.close().await;
    }

    /// No server waits for a keychain, so only secrets may stay, until a keychain is there for the next one.
    fn are_secrets(&self, leftovers: &[String]) {
        assert_eq!(self.call, "secret_delete", "{leftovers:?}");
        assert!(
            leftovers.iter().all(|left| left.contains("keychain")),
            "{leftovers:?}"
        );
    }

    fn told(&self, error: &Error) {
        let complete = !error.sentence.is_empty() && !error.hint.is_empty();
        assert!(complete, "{}: no reason or no way on: {error:?}", self.name());
    }
}

async fn another_goes(world: &World, engine: &Engine) {
    world.faults.clear();
    let id = engine.launch(World::request("another", &[])).await.unwrap();
    at_rest(engine, &id).await;
    engine.terminate(&id).await.unwrap();
    at_rest(engine, &id).await;
}

/// With a chosen password, so that the launch sends an order by tags as well.
fn request() -> LaunchRequest {
    LaunchRequest {
        administrator_password: Some("Harbour-light-2026!".to_owned().into()),
        ..World::request("demo", &[])
    }
}

/// The launch once it waits for its user or nothing of it is at work.
async fn at_rest(engine: &Engine, id: &str) -> LaunchView {
    let waits = async {
        loop {
            seconds(LOOK).await;
            let view = engine.view(id).await.unwrap();
            if view.parked.is_some() {
                return view;
            }
        }
    };
    tokio::select! {
        view = waits => view,
        view = over(engine, id) => view,
    }
}

async fn over(engine: &Engine, id: &str) -> LaunchView {
    let settled = tokio::time::timeout(Duration::from_secs(PATIENCE), engine.settled(id)).await;
    match settled {
        Ok(view) => view.unwrap(),
        Err(_) => engine.view(id).await.unwrap(),
    }
}
