//! The files of a journal, as they lie on the disk while it is open.

use std::path::Path;

use slipway_core::engine::Engine;
use slipway_core::testing::PROFILE;
use tempfile::TempDir;

/// How the names of the two files end: the journal, and its log of writes.
pub const TAILS: [&str; 2] = ["", "-wal"];

/// What is in them.
pub type Files = [Option<Vec<u8>>; 2];

/// Reads those in a folder.
pub fn read(folder: &Path) -> Files {
    TAILS.map(|tail| std::fs::read(folder.join(format!("journal.db{tail}"))).ok())
}

/// A folder with a journal of these files.
pub fn folder_with(files: &Files) -> TempDir {
    let folder = tempfile::tempdir().unwrap();
    for (tail, bytes) in TAILS.iter().zip(files) {
        if let Some(bytes) = bytes {
            std::fs::write(folder.path().join(format!("journal.db{tail}")), bytes).unwrap();
        }
    }
    folder
}

/// All that the engine tells of its servers.
pub async fn told(engine: &Engine) -> String {
    let mut all = String::new();
    for server in engine.servers(PROFILE).await.unwrap() {
        let log = engine.log_page(&server.id, &Default::default()).await.unwrap();
        all += &format!("{server:?} {log:?}\n");
    }
    all
}
