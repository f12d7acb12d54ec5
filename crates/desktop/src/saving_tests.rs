use super::*;

#[test]
fn a_missing_folder_and_a_folder_in_place_of_a_file_are_named() {
    let folder = tempfile::tempdir().unwrap();
    let missing = save_as(&folder.path().join("no/demo.rdp"), b"x").unwrap_err();
    assert!(missing.sentence.contains("There is no folder"), "{missing}");
    assert!(!folder.path().join("no").exists());
    let taken = save_as(folder.path(), b"x").unwrap_err();
    assert!(taken.sentence.ends_with("is a folder."), "{taken}");
}

#[test]
fn a_file_is_replaced_whole() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("demo.rdp");
    std::fs::write(&file, "longer than what follows").unwrap();
    save_as(&file, b"new").unwrap();
    assert_eq!(std::fs::read(&file).unwrap(), b"new");
}

#[cfg(unix)]
mod links {
    use std::os::unix::fs::symlink;

    use super::*;

    #[test]
    fn a_link_stays_and_what_it_leads_to_is_written() {
        let folder = tempfile::tempdir().unwrap();
        let (file, link) = (folder.path().join("kept.rdp"), folder.path().join("link.rdp"));
        std::fs::write(&file, "old").unwrap();
        symlink(&file, &link).unwrap();
        save_as(&link, b"new").unwrap();
        assert!(std::fs::symlink_metadata(&link).unwrap().is_symlink());
        assert_eq!(std::fs::read(&file).unwrap(), b"new");
    }

    #[test]
    fn a_link_that_leads_nowhere_is_refused_and_left_alone() {
        let folder = tempfile::tempdir().unwrap();
        let (nowhere, link) = (folder.path().join("gone"), folder.path().join("link.rdp"));
        symlink(&nowhere, &link).unwrap();
        let error = save_as(&link, b"new").unwrap_err();
        assert!(
            error.sentence.ends_with("is a link that leads nowhere."),
            "{error}"
        );
        assert!(!nowhere.exists() && std::fs::symlink_metadata(&link).unwrap().is_symlink());
    }

    #[test]
    fn a_device_is_written_into_and_stays() {
        use std::os::unix::fs::FileTypeExt;
        save_as(Path::new("/dev/null"), b"new").unwrap();
        let kind = std::fs::metadata("/dev/null").unwrap().file_type();
        assert!(kind.is_char_device());
    }
}
