use super::*;

const SMALL: &str = include_str!("../../tests/recipes/good-small.toml");

fn folder(files: &[(&str, &str)]) -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    for (name, text) in files {
        std::fs::write(folder.path().join(name), text).unwrap();
    }
    folder
}

#[test]
fn every_recipe_of_the_repository_is_embedded_and_right() {
    let library = Library::open(Path::new("/nowhere/at/all"));
    assert_eq!(library.broken(), []);
    let mut embedded: Vec<&str> = EMBEDDED.iter().map(|(file, _)| *file).collect();
    embedded.sort_unstable();
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../recipes");
    let files = recipe_files(&folder).unwrap();
    let files: Vec<_> = files
        .iter()
        .filter_map(|path| path.file_name()?.to_str())
        .collect();
    assert_eq!(embedded, files);
    assert_eq!(library.recipes().len(), files.len());
}

#[test]
fn recipes_of_the_folder_are_found_and_other_files_are_not_touched() {
    let folder = folder(&[("small.toml", SMALL), ("notes.txt", "not a recipe")]);
    let library = Library::open(folder.path());
    assert_eq!(library.find("small").unwrap().title, "Small");
    assert_eq!(library.broken(), []);
}

#[test]
fn a_later_file_of_the_same_id_replaces_the_earlier_one() {
    let folder = folder(&[
        ("a.toml", SMALL),
        ("b.toml", &SMALL.replace("\"Small\"", "\"Mine\"")),
    ]);
    let library = Library::open(folder.path());
    assert_eq!(
        library
            .recipes()
            .iter()
            .filter(|recipe| recipe.id == "small")
            .count(),
        1
    );
    assert_eq!(library.find("small").unwrap().title, "Mine");
}

#[test]
fn a_broken_file_is_told_and_the_others_can_be_used() {
    let folder = folder(&[("small.toml", SMALL), ("broken.toml", "id = 3\n")]);
    std::fs::write(folder.path().join("latin.toml"), b"id = \"\xff\"").unwrap();
    let library = Library::open(folder.path());
    assert!(library.find("small").is_ok());
    let sentences: Vec<&str> = library
        .broken()
        .iter()
        .map(|error| error.sentence.as_str())
        .collect();
    assert_eq!(sentences.len(), 2);
    assert!(sentences[0].contains("broken.toml, line 1: "), "{}", sentences[0]);
    assert!(
        sentences[1].contains("latin.toml can't be read"),
        "{}",
        sentences[1]
    );
}

#[test]
fn an_unknown_recipe_lists_near_ones_and_what_is_wrong_with_broken_files() {
    let folder = folder(&[("small.toml", SMALL), ("broken.toml", "id = 3\n")]);
    let error = Library::open(folder.path()).find("smal").unwrap_err();
    assert_eq!(error.kind, ErrorKind::NotFound);
    assert_eq!(error.sentence, "There is no recipe “smal”.");
    assert!(error.hint.starts_with("Did you mean “small”? "), "{error:?}");
    assert!(error.hint.contains("broken.toml, line 1: "), "{error:?}");
}

/// Opening blocks on a pipe and takes all memory for a device unless both are refused unread.
#[cfg(unix)]
#[test]
fn what_is_no_file_is_told_and_read_by_nobody() {
    let folder = folder(&[("small.toml", SMALL)]);
    let at = |name: &str| folder.path().join(name);
    let made = std::process::Command::new("mkfifo").arg(at("pipe.toml")).status();
    assert!(made.unwrap().success());
    std::os::unix::fs::symlink("/dev/zero", at("zero.toml")).unwrap();
    std::os::unix::fs::symlink(at("loop.toml"), at("loop.toml")).unwrap();
    std::fs::create_dir(at("folder.toml")).unwrap();
    let huge = std::fs::File::create(at("huge.toml")).unwrap();
    huge.set_len(6 << 30).unwrap();
    let (answer, answered) = std::sync::mpsc::channel();
    let path = folder.path().to_owned();
    std::thread::spawn(move || answer.send(Library::open(&path)));
    let library = answered.recv_timeout(std::time::Duration::from_secs(10)).unwrap();
    assert!(library.find("small").is_ok());
    let told: Vec<&str> = library
        .broken()
        .iter()
        .map(|error| error.sentence.as_str())
        .collect();
    assert_eq!(told.len(), 5, "{told:?}");
    for (told, words) in told.iter().zip([
        "a folder",
        "more than 256 KiB",
        "symbolic links",
        "a named pipe",
        "a device",
    ]) {
        assert!(told.contains(words), "{told}");
    }
}

#[test]
fn a_file_in_place_of_the_folder_leaves_our_own_recipes() {
    let folder = folder(&[("recipes", "")]);
    let library = Library::open(&folder.path().join("recipes"));
    assert!(library.find("practice-site").is_ok());
    assert_eq!(library.broken().len(), 1);
    assert!(
        library.broken()[0].sentence.contains("can't be listed"),
        "{:?}",
        library.broken()
    );
}
