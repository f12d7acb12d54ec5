//! Journals of every layout that there was, as the versions of their time wrote them.

use super::super::Store;
use super::super::opening::open;
use super::*;

/// The tables of layout 1.
const LAYOUT_1: &str = include_str!("../../tests/journals/layout-1.sql");

fn journal(sql: &str) -> (tempfile::TempDir, PathBuf) {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("journal.db");
    let connection = Connection::open(&path).unwrap();
    connection.pragma_update(None, "journal_mode", "WAL").unwrap();
    connection.execute_batch(sql).unwrap();
    (folder, path)
}

fn rows(path: &Path, table: &str) -> i64 {
    let connection = Connection::open(path).unwrap();
    let sql = format!("SELECT count(*) FROM {table}");
    connection.query_row(&sql, [], |row| row.get(0)).unwrap()
}

#[test]
fn a_journal_of_layout_1_is_brought_up_whole_and_kept() {
    let (folder, path) = journal(LAYOUT_1);
    let (connection, aside) = open(&path).unwrap();
    assert_eq!(aside, None);
    drop(connection);
    let kept = folder.path().join("journal.layout-1.db");
    for table in [
        "launches",
        "revisions",
        "intents",
        "cursors",
        "messages",
        "observed",
        "image_jobs",
        "settings",
    ] {
        let count = rows(&path, table);
        assert!(count > 0, "{table} is not in the example");
        assert_eq!(count, rows(&kept, table), "{table}");
    }
    // A second start finds nothing to do.
    drop(open(&path).unwrap());
    assert_eq!(rows(&kept, "launches"), rows(&path, "launches"));
}

/// Killed before the new file had its name.
#[test]
fn one_that_was_cut_off_on_the_way_is_brought_up_again() {
    let (folder, path) = journal(LAYOUT_1);
    std::fs::write(folder.path().join("journal.new"), [7; 9_000]).unwrap();
    let launches = rows(&path, "launches");
    drop(open(&path).unwrap());
    assert_eq!(rows(&path, "launches"), launches);
}

#[test]
fn a_damaged_one_of_an_earlier_layout_is_set_aside_like_any_other() {
    let (_folder, path) = journal(&format!("{LAYOUT_1}; DROP TABLE intents;"));
    let (_connection, aside) = open(&path).unwrap();
    assert!(aside.unwrap().reason.contains("intents"));
}

#[tokio::test]
async fn a_newer_one_is_refused_and_stays_as_it_is() {
    let (_folder, path) = journal("CREATE TABLE launches (id TEXT); PRAGMA user_version = 0x03030303;");
    let before = std::fs::read(&path).unwrap();
    for _ in 0..2 {
        let refused = Store::open(&path).await.map(drop).unwrap_err();
        assert!(refused.sentence.contains("newer version"), "{refused}");
        assert!(!refused.hint.is_empty());
    }
    assert_eq!(std::fs::read(&path).unwrap(), before);
    assert_eq!(rows(&path, "launches"), 0);
}
