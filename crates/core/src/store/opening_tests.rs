//! What a start finds, and what it leaves.

use super::*;

fn replaced(connection: &Connection) -> Option<String> {
    let sql = "SELECT value FROM settings WHERE key = ?1";
    connection.query_row(sql, [REPLACES], |row| row.get(0)).ok()
}

#[test]
fn a_file_that_lost_all_its_bytes_is_damaged_and_not_new() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("journal.db");
    let (connection, aside) = open(&path).unwrap();
    assert_eq!((aside, replaced(&connection)), (None, None));
    drop(connection);
    std::fs::write(&path, "").unwrap();
    let (connection, aside) = open(&path).unwrap();
    let aside = aside.unwrap().path;
    assert_eq!(replaced(&connection), Some(aside.display().to_string()));
    assert_eq!(std::fs::read(aside).unwrap(), b"");
}

#[test]
fn a_journal_says_that_it_replaces_another_until_that_is_acted_on() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("journal.db");
    std::fs::write(&path, [7; 9_000]).unwrap();
    // As if the program was killed after each of the first two starts.
    drop(open(&path).unwrap());
    let (connection, aside) = open(&path).unwrap();
    assert_eq!(aside, None);
    assert!(replaced(&connection).is_some());
}

#[test]
fn a_new_journal_that_was_cut_off_while_it_was_made_is_made_again() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("journal.db");
    std::fs::write(path.with_extension("new"), [7; 9_000]).unwrap();
    let (connection, aside) = open(&path).unwrap();
    assert_eq!((aside, replaced(&connection)), (None, None));
}

#[cfg(unix)]
#[test]
fn a_journal_and_what_lies_beside_it_are_for_their_owner_alone() {
    use std::os::unix::fs::PermissionsExt;
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("journal.db");
    drop(open(&path).unwrap());
    std::fs::set_permissions(&path, std::fs::Permissions::from_mode(0o644)).unwrap();
    let (connection, _) = open(&path).unwrap();
    connection
        .execute("INSERT INTO settings (key, value) VALUES ('a', 'b')", [])
        .unwrap();
    for tail in ["", "-wal", "-shm"] {
        let mode = std::fs::metadata(tailed(&path, tail))
            .unwrap()
            .permissions()
            .mode();
        assert_eq!(mode & 0o777, 0o600, "{tail}");
    }
}
