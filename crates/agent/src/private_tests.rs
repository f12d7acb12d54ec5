use std::fs;

use super::*;

#[test]
fn a_file_is_replaced_as_a_whole_and_its_part_is_gone() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("file.json");
    fs::write(unfinished(&path), "left by a crash").unwrap();
    write(&path, b"one").unwrap();
    write(&path, b"two").unwrap();
    assert_eq!(read(&path).unwrap(), b"two");
    assert!(!unfinished(&path).exists());
}

#[test]
fn a_file_that_is_far_too_large_is_not_read() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("large");
    File::create(&path).unwrap().set_len(MAX_BYTES + 1).unwrap();
    assert_eq!(read(&path).unwrap_err().kind(), io::ErrorKind::FileTooLarge);
}

#[test]
fn a_folder_is_no_file() {
    let folder = tempfile::tempdir().unwrap();
    assert!(read(folder.path()).is_err());
    assert!(append(folder.path()).is_err());
    assert!(existing(folder.path()).is_err());
}

#[cfg(unix)]
mod on_unix {
    use std::os::unix::fs::{PermissionsExt as _, symlink};
    use std::process::Command;

    use super::*;

    #[test]
    fn nothing_goes_through_a_link() {
        let folder = tempfile::tempdir().unwrap();
        let (victim, link) = (folder.path().join("victim"), folder.path().join("link"));
        fs::write(&victim, "untouched").unwrap();
        symlink(&victim, &link).unwrap();
        assert!(read(&link).is_err());
        assert!(append(&link).is_err());
        assert!(open(&link).is_err());
        create(&link, Readers::Owner)
            .unwrap()
            .write_all(b"secret")
            .unwrap();
        assert!(!link.is_symlink());
        assert_eq!(fs::metadata(&link).unwrap().permissions().mode() & 0o777, 0o600);
        assert_eq!(fs::read_to_string(&victim).unwrap(), "untouched");

        symlink(&victim, unfinished(&folder.path().join("other"))).unwrap();
        write(&folder.path().join("other"), b"secret").unwrap();
        assert_eq!(fs::read_to_string(&victim).unwrap(), "untouched");
    }

    #[test]
    fn a_pipe_and_an_endless_device_hold_nobody() {
        let folder = tempfile::tempdir().unwrap();
        let pipe = folder.path().join("pipe");
        assert!(Command::new("mkfifo").arg(&pipe).status().unwrap().success());
        for path in [pipe.as_path(), Path::new("/dev/zero")] {
            assert!(read(path).is_err(), "{}", path.display());
            assert!(existing(path).is_err(), "{}", path.display());
            assert!(append(path).is_err(), "{}", path.display());
        }
    }

    #[test]
    fn only_a_file_of_our_own_is_resumed() {
        let folder = tempfile::tempdir().unwrap();
        let (part, victim) = (folder.path().join("part"), folder.path().join("victim"));
        resume(&part, folder.path()).unwrap().write_all(b"one").unwrap();
        resume(&part, folder.path()).unwrap().write_all(b"two").unwrap();
        assert_eq!(fs::read_to_string(&part).unwrap(), "onetwo");
        fs::write(&victim, "untouched").unwrap();
        for second_name in [fs::hard_link::<&Path, &Path>, symlink::<&Path, &Path>] {
            remove(&part).unwrap();
            second_name(&victim, &part).unwrap();
            resume(&part, folder.path()).unwrap().write_all(b"more").unwrap();
            assert_eq!(fs::read_to_string(&part).unwrap(), "more");
            assert_eq!(fs::read_to_string(&victim).unwrap(), "untouched");
        }
    }

    #[test]
    fn no_folder_is_made_behind_a_link() {
        let folder = tempfile::tempdir().unwrap();
        let (base, elsewhere) = (folder.path().join("base"), folder.path().join("elsewhere"));
        folders_below(&base, &base.join("a/b")).unwrap();
        assert!(base.join("a/b").is_dir());
        fs::create_dir(&elsewhere).unwrap();
        symlink(&elsewhere, base.join("link")).unwrap();
        assert!(folders_below(&base, &base.join("link/c")).is_err());
        assert!(folders_below(&base, &base.join("link")).is_err());
        assert_eq!(fs::read_dir(&elsewhere).unwrap().count(), 0);
    }
}
