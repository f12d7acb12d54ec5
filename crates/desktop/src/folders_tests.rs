use super::*;

#[test]
fn a_given_folder_is_created_for_its_owner_alone() {
    let room = tempfile::tempdir().unwrap();
    let wanted = room.path().join("deep").join("data");
    let folders = Folders::open(Some(&wanted)).unwrap();
    assert_eq!(folders.data(), wanted);
    assert!(folders.recipes().is_dir());
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt;
        let mode = std::fs::metadata(&wanted).unwrap().permissions().mode();
        assert_eq!(mode & 0o777, 0o700);
    }
}

#[test]
fn a_folder_that_is_a_file_is_refused_by_name() {
    let room = tempfile::tempdir().unwrap();
    let file = room.path().join("taken");
    std::fs::write(&file, "").unwrap();
    let error = Folders::open(Some(&file)).unwrap_err();
    assert_eq!(error.kind, ErrorKind::Input);
    assert!(error.sentence.contains("taken"), "{error}");
}

#[test]
fn practice_secrets_lie_in_the_one_place_that_a_search_leaves_out() {
    let room = tempfile::tempdir().unwrap();
    let folders = Folders::open(Some(room.path())).unwrap();
    assert_eq!(
        folders.practice_secrets(),
        room.path().join("practice").join("secrets")
    );
}
