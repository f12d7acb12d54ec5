//! Journals as earlier versions of Slipway wrote them: every launch in them is shown, and can be acted on.

#![allow(clippy::unwrap_used)] // a test that can't go on should stop

use rusqlite::Connection;
use slipway_core::engine::Engine;
use slipway_core::testing::{PROFILE, World};
use slipway_core::view::{ImageJobPhase, LogQuery, Status};

/// Name, and the dump.
const JOURNALS: [(&str, &str); 2] = [
    ("layout 1", include_str!("journals/layout-1.sql")),
    ("the first of layout 2", include_str!("journals/layout-2.sql")),
];

#[tokio::test(start_paused = true)]
async fn all_that_stands_in_an_earlier_journal_is_shown() {
    for (what, sql) in JOURNALS {
        let folder = tempfile::tempdir().unwrap();
        let world = World::new(folder.path());
        make(folder.path(), sql, &world).await;
        let engine = world.engine().await.unwrap();
        assert_eq!(engine.notices(), Vec::<String>::new(), "{what}");
        is_all_there(&engine, what).await;
    }
}

async fn is_all_there(engine: &Engine, what: &str) {
    assert_eq!(engine.preferences().await.unwrap().practice_speed, 20, "{what}");
    let servers = engine.servers(PROFILE).await.unwrap();
    let status = |name: &str| {
        let found = servers.iter().find(|server| server.name == name);
        found.map(|server| server.status)
    };
    assert_eq!(status("ready"), Some(Status::Ready), "{what}");
    assert_eq!(status("failed"), Some(Status::Failed), "{what}");
    assert_eq!(status("parked"), Some(Status::Parked), "{what}");
    assert_eq!(status("gone"), None, "{what}");
    for server in &servers {
        let view = engine.view(&server.id).await.unwrap();
        assert_eq!(view.server.name, server.name);
    }
    let ready = engine.find_server(PROFILE, "ready").await.unwrap();
    let log = engine
        .log_page(
            &ready,
            &LogQuery {
                limit: 1_000,
                ..LogQuery::default()
            },
        )
        .await
        .unwrap();
    assert!(log.lines.len() > 20, "{what}: {}", log.lines.len());
    let job = engine.store().image_job_of(&ready).await.unwrap().unwrap();
    assert_eq!(
        (job.name.as_str(), job.phase),
        ("ready-1", ImageJobPhase::Done),
        "{what}"
    );
    let failed = engine
        .view(&engine.find_server(PROFILE, "failed").await.unwrap())
        .await
        .unwrap();
    assert_eq!(
        failed.failure.unwrap().step.as_deref(),
        Some("database"),
        "{what}"
    );
    let parked = engine
        .view(&engine.find_server(PROFILE, "parked").await.unwrap())
        .await
        .unwrap();
    assert!(parked.parked.is_some(), "{what}");
}

/// The dump of layout 2 holds rows alone, because its tables compute checksums that only our own code can.
async fn make(folder: &std::path::Path, sql: &str, world: &World) {
    let path = folder.join("journal.db");
    if sql.contains("CREATE TABLE") {
        let connection = Connection::open(&path).unwrap();
        connection.pragma_update(None, "journal_mode", "WAL").unwrap();
        connection.execute_batch(sql).unwrap();
        return;
    }
    let engine = world.engine().await.unwrap();
    engine.store().write_rows(sql).await.unwrap();
}
