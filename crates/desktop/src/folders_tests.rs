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

#[cfg(unix)]
fn mode(folder: &Path) -> u32 {
    use std::os::unix::fs::PermissionsExt;
    std::fs::metadata(folder).unwrap().permissions().mode() & 0o777
}

#[cfg(unix)]
fn open_to_all(folder: &Path) {
    use std::os::unix::fs::PermissionsExt;
    std::fs::create_dir_all(folder).unwrap();
    std::fs::set_permissions(folder, std::fs::Permissions::from_mode(0o755)).unwrap();
}

#[cfg(unix)]
#[test]
fn a_data_folder_that_is_open_to_others_is_closed_to_them_with_all_that_is_in_it() {
    let room = tempfile::tempdir().unwrap();
    let data = room.path().join("data");
    open_to_all(&data.join("recipes"));
    open_to_all(&data);
    for _ in 0..2 {
        Folders::open(Some(&data)).unwrap();
        assert_eq!((mode(&data), mode(&data.join("recipes"))), (0o700, 0o700));
        // As another program may do while the journal is there.
        std::fs::write(data.join("journal.db"), "").unwrap();
        std::fs::write(data.join("notes.txt"), "").unwrap();
        open_to_all(&data);
    }
}

#[cfg(unix)]
#[test]
fn a_folder_that_others_may_need_is_left_as_it_is_and_refused() {
    let room = tempfile::tempdir().unwrap();
    let shared = room.path().join("shared");
    open_to_all(&shared);
    std::fs::write(shared.join("index.html"), "").unwrap();
    let refused = Folders::open(Some(&shared)).unwrap_err();
    assert_eq!(refused.kind, ErrorKind::Input);
    assert!(refused.sentence.contains("index.html"), "{refused:?}");
    assert_eq!(mode(&shared), 0o755);
}
