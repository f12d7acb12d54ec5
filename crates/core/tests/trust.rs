//! Who is believed: nothing is acted on before the keys that answer were compared with the console, and what the console
//! contradicts is never trusted, by no face, no raw request and no restart.
#![allow(clippy::unwrap_used)] // a test that can't go on should stop

mod common;

use slipway_core::engine::{Engine, LaunchRequest};
use slipway_core::error::ErrorKind;
use slipway_core::launch::Wish;
use slipway_core::secret::Secret;
use slipway_core::testing::{ConsoleShows, World};
use slipway_core::view::{LaunchView, Status};

use common::{nothing_left, seconds, settled, world};

/// The installer answers from the 80th second on.
const ANSWERS: u64 = 85;

/// A launch with a password that its user chose.
fn request() -> LaunchRequest {
    LaunchRequest {
        administrator_password: Some(Secret::new("Correct-Horse-7-Battery".to_owned())),
        ..World::request("demo", &[])
    }
}

async fn waits_for(engine: &Engine, id: &str, kind: ErrorKind) -> LaunchView {
    let view = engine.view(id).await.unwrap();
    let waits = view.parked.as_ref().map(|parked| parked.error.kind);
    assert_eq!(waits, Some(kind), "{:?}", view.parked);
    view
}

/// Nothing was sent to the server, and nothing it says was acted on.
fn nothing_was_acted_on(world: &World) {
    assert_eq!(world.calls("put_tags"), 0);
    assert_eq!(world.delivered(), Vec::<String>::new());
    assert_eq!(world.visited(), Vec::<String>::new());
}

#[tokio::test(start_paused = true)]
async fn other_keys_on_the_console_are_never_trusted_away() {
    let (world, _folder, engine) = world().await;
    world.set_console(ConsoleShows::Others);
    let id = engine.launch(request()).await.unwrap();
    seconds(ANSWERS + 30).await;
    let view = waits_for(&engine, &id, ErrorKind::IdentityMismatch).await;
    assert!(!view.parked.unwrap().may_trust && view.connection.mismatched);
    // What the console shows later, even the keys that answered, does not undo what was seen.
    for shows in [ConsoleShows::Others, ConsoleShows::Nothing, ConsoleShows::Its] {
        world.set_console(shows);
        let refused = engine.trust(&id).await.unwrap_err();
        assert_eq!(refused.kind, ErrorKind::IdentityMismatch);
        engine.store().put_wish(&id, &Wish::Trust).await.unwrap();
        seconds(600).await;
        engine.resume(&id).await.unwrap();
        seconds(600).await;
        waits_for(&engine, &id, ErrorKind::IdentityMismatch).await;
    }
    engine.kill();
    let next = world.engine().await.unwrap();
    let _attendance = next.attend();
    seconds(3600).await;
    assert_eq!(
        next.trust(&id).await.unwrap_err().kind,
        ErrorKind::IdentityMismatch
    );
    next.store().put_wish(&id, &Wish::Trust).await.unwrap();
    seconds(600).await;
    waits_for(&next, &id, ErrorKind::IdentityMismatch).await;
    nothing_was_acted_on(&world);
    next.terminate(&id).await.unwrap();
    assert_eq!(settled(&next, &id).await.server.status, Status::Terminated);
    nothing_left(&world);
}

#[tokio::test(start_paused = true)]
async fn an_impostor_learns_nothing_and_the_installer_is_found_once_it_is_gone() {
    let (world, _folder, engine) = world().await;
    world.set_console(ConsoleShows::Nothing);
    let id = engine.launch(request()).await.unwrap();
    seconds(40).await;
    world.intrude();
    seconds(240).await;
    let view = engine.view(&id).await.unwrap();
    assert!(!view.connection.verified && view.server.site_url.is_none());
    nothing_was_acted_on(&world);
    world.set_console(ConsoleShows::Its);
    seconds(120).await;
    waits_for(&engine, &id, ErrorKind::IdentityMismatch).await;
    nothing_was_acted_on(&world);
    assert_eq!(world.stolen(), Vec::<String>::new());
    world.withdraw();
    let view = settled(&engine, &id).await;
    assert_eq!(view.server.status, Status::Ready, "{:?}", view.failure);
    assert!(view.connection.verified && !view.connection.mismatched);
    // Somebody else has seen the first token.
    assert_eq!(world.delivered(), ["administrator_password", "token"]);
}

#[tokio::test(start_paused = true)]
async fn unproven_keys_can_be_trusted_after_five_minutes_and_not_before() {
    let (world, _folder, engine) = world().await;
    world.set_console(ConsoleShows::Nothing);
    let id = engine.launch(request()).await.unwrap();
    seconds(40).await;
    assert_eq!(
        engine.trust(&id).await.unwrap_err().kind,
        ErrorKind::WrongState,
        "nobody answers"
    );
    seconds(ANSWERS).await;
    for _ in 0..8 {
        assert_eq!(engine.trust(&id).await.unwrap_err().kind, ErrorKind::WrongState);
        engine.store().put_wish(&id, &Wish::Trust).await.unwrap();
        seconds(30).await;
    }
    nothing_was_acted_on(&world);
    seconds(120).await;
    // It is asked for all along, not only at each look at the console.
    for _ in 0..20 {
        seconds(7).await;
        let view = waits_for(&engine, &id, ErrorKind::AgentSilent).await;
        assert!(view.parked.unwrap().may_trust);
    }
    nothing_was_acted_on(&world);
    engine.trust(&id).await.unwrap();
    let view = settled(&engine, &id).await;
    assert_eq!(view.server.status, Status::Ready, "{:?}", view.failure);
    assert!(view.connection.trusted && !view.connection.verified);
}

#[tokio::test(start_paused = true)]
async fn trust_counts_only_after_a_look_at_the_console_that_contradicts_nothing() {
    let (world, _folder, engine) = world().await;
    world.set_console(ConsoleShows::Nothing);
    let id = engine.launch(request()).await.unwrap();
    seconds(ANSWERS + 400).await;
    world.set_console(ConsoleShows::Others);
    engine.trust(&id).await.unwrap();
    seconds(120).await;
    waits_for(&engine, &id, ErrorKind::IdentityMismatch).await;
    nothing_was_acted_on(&world);
}

#[tokio::test(start_paused = true)]
async fn where_two_answered_only_the_console_decides() {
    let (world, _folder, engine) = world().await;
    world.set_console(ConsoleShows::Nothing);
    let id = engine.launch(request()).await.unwrap();
    seconds(ANSWERS + 30).await;
    world.intrude();
    seconds(60).await;
    waits_for(&engine, &id, ErrorKind::IdentityMismatch).await;
    world.withdraw();
    engine.resume(&id).await.unwrap();
    seconds(900).await;
    assert_eq!(
        engine.trust(&id).await.unwrap_err().kind,
        ErrorKind::IdentityMismatch
    );
    assert!(
        !engine
            .view(&id)
            .await
            .unwrap()
            .parked
            .is_some_and(|parked| parked.may_trust)
    );
    nothing_was_acted_on(&world);
    world.set_console(ConsoleShows::Its);
    let view = settled(&engine, &id).await;
    assert_eq!(view.server.status, Status::Ready, "{:?}", view.failure);
}

#[tokio::test(start_paused = true)]
async fn messages_from_another_disk_are_not_acted_on_and_can_not_be_trusted() {
    let (world, _folder, engine) = world().await;
    let id = engine.launch(request()).await.unwrap();
    seconds(ANSWERS + 5).await;
    assert!(engine.view(&id).await.unwrap().connection.verified);
    world.replace_stream();
    seconds(60).await;
    let lines = engine.view(&id).await.unwrap().log_lines;
    for _ in 0..2 {
        waits_for(&engine, &id, ErrorKind::IdentityMismatch).await;
        assert_eq!(engine.trust(&id).await.unwrap_err().kind, ErrorKind::WrongState);
        engine.store().put_wish(&id, &Wish::Trust).await.unwrap();
        engine.resume(&id).await.unwrap();
        seconds(900).await;
    }
    assert_eq!(engine.view(&id).await.unwrap().log_lines, lines);
    engine.kill();
    let next = world.engine().await.unwrap();
    let _attendance = next.attend();
    seconds(900).await;
    let view = waits_for(&next, &id, ErrorKind::IdentityMismatch).await;
    assert!(view.server.site_url.is_none() && !view.parked.unwrap().may_trust);
}
