//! A damaged journal is set aside and rebuilt from what the cloud says; it never shows as an empty list.

#![allow(clippy::unwrap_used)] // a test that can't go on should stop

use std::time::Duration;

use slipway_core::cloud::PutTags;
use slipway_core::engine::Engine;
use slipway_core::ports::Cloud;
use slipway_core::testing::{Fault, PROFILE, World};
use slipway_core::view::Status;

/// A world with one ready server whose journal was then overwritten with noise.
async fn damaged() -> (World, tempfile::TempDir, String) {
    let folder = tempfile::tempdir().unwrap();
    let world = World::new(folder.path());
    let engine = world.engine().await.unwrap();
    let id = engine.launch(World::request("demo", &[])).await.unwrap();
    assert_eq!(engine.settled(&id).await.unwrap().server.status, Status::Ready);
    engine.close().await;
    drop(engine);
    for tail in ["-wal", "-shm"] {
        let _ = std::fs::remove_file(folder.path().join(format!("journal.db{tail}")));
    }
    std::fs::write(folder.path().join("journal.db"), vec![0x5a; 40_000]).unwrap();
    (world, folder, id)
}

async fn is_whole_again(engine: &Engine, world: &World, id: &str) {
    let servers = engine.servers(PROFILE).await.unwrap();
    assert_eq!(
        servers
            .iter()
            .map(|server| server.name.as_str())
            .collect::<Vec<_>>(),
        ["demo"]
    );
    let view = tokio::time::timeout(Duration::from_secs(3600), engine.settled(id))
        .await
        .unwrap()
        .unwrap();
    assert_eq!(view.server.status, Status::Ready);
    assert!(view.server.site_url.is_some());
    assert_eq!(world.contents().ever, 1);
    engine.terminate(id).await.unwrap();
    assert_eq!(
        engine.settled(id).await.unwrap().server.status,
        Status::Terminated
    );
    assert!(world.contents().instances.is_empty() && world.contents().groups.is_empty());
}

#[tokio::test(start_paused = true)]
async fn the_servers_are_found_again_and_the_user_is_told() {
    let (world, folder, id) = damaged().await;
    let engine = world.engine().await.unwrap();
    let notices = engine.notices();
    assert!(
        notices.iter().any(|notice| notice.contains("damaged")),
        "{notices:?}"
    );
    let aside = std::fs::read_dir(folder.path()).unwrap().filter_map(Result::ok);
    assert!(
        aside
            .into_iter()
            .any(|entry| entry.file_name().to_string_lossy().contains("damaged"))
    );
    is_whole_again(&engine, &world, &id).await;
}

#[tokio::test(start_paused = true)]
async fn a_server_whose_agent_is_gone_is_ready_because_its_site_answers() {
    let (world, _folder, id) = damaged().await;
    for call in ["hello", "messages"] {
        world
            .faults
            .during(call, Fault::LostRequest, Duration::from_secs(100_000));
    }
    is_whole_again(&world.engine().await.unwrap(), &world, &id).await;
}

#[tokio::test(start_paused = true)]
async fn a_cloud_that_can_not_be_reached_is_asked_again_at_the_next_start() {
    let (world, _folder, id) = damaged().await;
    world.faults.next("instances", Fault::LostRequest, 1);
    let first = world.engine().await.unwrap();
    assert!(
        first
            .notices()
            .iter()
            .any(|notice| notice.contains("can't be listed yet"))
    );
    drop(first);
    is_whole_again(&world.engine().await.unwrap(), &world, &id).await;
}

/// Anybody in the account may write tags. What they hold becomes a name of a server, of files and of keys.
#[tokio::test(start_paused = true)]
async fn tags_that_hold_no_name_or_id_of_ours_decide_neither() {
    let (world, _folder, id) = damaged().await;
    let resource = world.instance_of(&id);
    let tag = async |key: &str, value: &str| {
        let tags = [(key.to_owned(), value.to_owned())].into();
        let resource = resource.clone();
        world.put_tags(&PutTags { resource, tags }).await.unwrap();
    };
    let hostile = [
        "../../../etc/cron.d/x",
        "a\u{202e}b",
        "CON\0",
        "\u{1b}[2J",
        "",
        &"ü".repeat(300),
    ];
    for name in hostile {
        tag("Name", name).await;
        let folder = tempfile::tempdir().unwrap();
        let elsewhere = found_again(&world, folder.path()).await;
        let servers = elsewhere.servers(PROFILE).await.unwrap();
        assert_eq!(servers[0].name, resource, "{name:?}");
    }
    for launch in ["üüü", "../x", "", "01JD", &id.to_lowercase(), &format!("{id}/..")] {
        tag("slipway-launch", launch).await;
        let folder = tempfile::tempdir().unwrap();
        let elsewhere = found_again(&world, folder.path()).await;
        assert!(elsewhere.servers(PROFILE).await.unwrap().is_empty(), "{launch:?}");
    }
}

/// An engine whose journal was lost.
async fn found_again(world: &World, folder: &std::path::Path) -> Engine {
    std::fs::write(folder.join("journal.db"), vec![0x5a; 40_000]).unwrap();
    world.seen_from(folder).engine().await.unwrap()
}
