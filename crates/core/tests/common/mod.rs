//! What the tests of the engine in the fake world share.

#![allow(dead_code, reason = "each test file uses its part")]

pub mod files;

use std::time::Duration;

use slipway_core::engine::Engine;
use slipway_core::testing::{Contents, World};
use slipway_core::view::LaunchView;

/// Longer than any trouble of a test lasts, in virtual time.
const PATIENCE: Duration = Duration::from_secs(48 * 3600);

/// A fake world, the folder with its journal, and an engine on it.
pub async fn world() -> (World, tempfile::TempDir, Engine) {
    let folder = tempfile::tempdir().unwrap();
    let world = World::new(folder.path());
    let engine = world.engine().await.unwrap();
    (world, folder, engine)
}

/// The same with the journal in memory, where there is such a folder: a disk's flushes are real time that a test of many
/// cases has no use for.
pub async fn world_in_memory() -> (World, tempfile::TempDir, Engine) {
    let memory = std::path::Path::new("/dev/shm");
    let folder = if memory.is_dir() {
        tempfile::tempdir_in(memory)
    } else {
        tempfile::tempdir()
    };
    let folder = folder.unwrap();
    let world = World::new(folder.path());
    let engine = world.engine().await.unwrap();
    (world, folder, engine)
}

/// The launch once nothing of it is at work.
pub async fn settled(engine: &Engine, id: &str) -> LaunchView {
    let settled = tokio::time::timeout(PATIENCE, engine.settled(id));
    settled.await.expect("the launch settles").unwrap()
}

/// Waits in virtual time.
pub async fn seconds(count: u64) {
    tokio::time::sleep(Duration::from_secs(count)).await;
}

/// Neither the cloud nor the keychain holds anything.
pub fn nothing_left(world: &World) {
    let Contents {
        instances,
        key_pairs,
        groups,
        images,
        ..
    } = world.contents();
    assert!(instances.is_empty() && key_pairs.is_empty() && groups.is_empty() && images.is_empty());
    assert_eq!(world.secret_names(), Vec::<String>::new());
}
