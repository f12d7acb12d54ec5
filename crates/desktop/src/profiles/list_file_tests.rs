//! Whatever stands in the file or in its place: told, and nothing that was in it is lost.

use super::super::Key;
use super::*;

fn kept(name: &str) -> Kept {
    Kept {
        name: name.into(),
        region: "eu-central-1".into(),
        key: Key::Keychain,
    }
}

struct Bench {
    room: tempfile::TempDir,
    file: ListFile,
    notices: Notices,
}

fn bench() -> Bench {
    let room = tempfile::tempdir().unwrap();
    let notices = Notices::default();
    let file = ListFile::new(room.path().join("profiles.json"), notices.clone());
    Bench { room, file, notices }
}

impl Bench {
    fn holding(text: impl AsRef<[u8]>) -> Self {
        let bench = bench();
        std::fs::write(&bench.file.path, text).unwrap();
        bench
    }

    fn set_aside(&self) -> Option<Vec<u8>> {
        let mut found = std::fs::read_dir(self.room.path())
            .unwrap()
            .map(|entry| entry.unwrap().path());
        let aside = found.find(|path| path.to_string_lossy().contains("profiles.damaged-"))?;
        Some(std::fs::read(aside).unwrap())
    }
}

#[test]
fn what_was_written_is_read_and_nothing_is_told() {
    let bench = bench();
    assert_eq!(bench.file.read().unwrap(), []);
    bench.file.write(&[kept("a"), kept("b")]).unwrap();
    assert_eq!(bench.file.read().unwrap(), [kept("a"), kept("b")]);
    assert_eq!(bench.notices.take(), Vec::<String>::new());
}

#[test]
fn a_damaged_list_is_set_aside_and_told_once() {
    for damaged in [
        &b""[..],
        b"[{\"name\": \"a\"",
        b"\xff\xfe",
        b"null",
        b"42",
        b"[1,]",
    ] {
        let bench = Bench::holding(damaged);
        assert_eq!(bench.file.read().unwrap(), []);
        assert_eq!(bench.set_aside().as_deref(), Some(damaged));
        let told = bench.notices.take();
        assert!(told.len() == 1 && told[0].contains("damaged"), "{told:?}");
        bench.file.write(&[kept("again")]).unwrap();
        assert_eq!(bench.file.read().unwrap(), [kept("again")]);
        assert_eq!(bench.notices.take(), Vec::<String>::new());
    }
}

#[test]
fn a_list_that_is_cut_anywhere_is_set_aside_or_told() {
    let whole = bench();
    whole.file.write(&[kept("a"), kept("b")]).unwrap();
    let bytes = std::fs::read(&whole.file.path).unwrap();
    for length in 0..bytes.len() - 1 {
        let cut = Bench::holding(&bytes[..length]);
        assert_eq!(cut.file.read().unwrap(), [], "{length}");
        assert!(cut.set_aside().is_some(), "{length}");
    }
}

#[test]
fn a_newer_list_is_told_and_never_written_over() {
    let newer = r#"{"layout": 7, "profiles": []}"#;
    let bench = Bench::holding(newer);
    for refused in [
        bench.file.read().unwrap_err(),
        bench.file.write(&[kept("a")]).unwrap_err(),
    ] {
        assert!(refused.sentence.contains("newer version"), "{refused}");
    }
    assert_eq!(std::fs::read_to_string(&bench.file.path).unwrap(), newer);
}

#[test]
fn an_entry_of_a_newer_version_stays_in_the_list() {
    let list = r#"[{"name": "old", "region": "r", "key": "keychain"}, {"name": "new", "region": "r", "key": "passkey"}]"#;
    let bench = Bench::holding(list);
    let names = |list: Vec<Kept>| list.into_iter().map(|kept| kept.name).collect::<Vec<_>>();
    assert_eq!(names(bench.file.read().unwrap()), ["old"]);
    assert_eq!(names(bench.file.read().unwrap()), ["old"]);
    let told = bench.notices.take();
    assert!(told.len() == 1 && told[0].contains("“new”"), "{told:?}");
    bench.file.write(&[kept("added")]).unwrap();
    let text = std::fs::read_to_string(&bench.file.path).unwrap();
    assert!(
        text.contains("passkey") && text.contains("added") && !text.contains("old"),
        "{text}"
    );
}

#[test]
fn a_folder_in_its_place_is_named_and_stays() {
    let bench = bench();
    std::fs::create_dir(&bench.file.path).unwrap();
    for refused in [bench.file.read().unwrap_err(), bench.file.write(&[]).unwrap_err()] {
        assert!(
            refused.sentence.contains("profiles.json") && refused.sentence.contains("a folder"),
            "{refused}"
        );
    }
    bench.file.tell(&bench.file.read().unwrap_err());
    bench.file.tell(&bench.file.read().unwrap_err());
    assert_eq!(bench.notices.take().len(), 1);
}

#[test]
fn a_full_disk_is_called_a_full_disk() {
    let full = unwritable(
        Path::new("profiles.json"),
        &io::Error::from(io::ErrorKind::StorageFull),
    );
    assert_eq!(full.kind, ErrorKind::DiskFull);
    let missing = bench();
    drop(missing.room);
    assert!(
        missing
            .file
            .write(&[])
            .unwrap_err()
            .sentence
            .contains("can't be written")
    );
}
