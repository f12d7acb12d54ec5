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
    let library = Library::open(Path::new("/nowhere/at/all")).unwrap();
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
    let library = Library::open(folder.path()).unwrap();
    assert_eq!(library.find("small").unwrap().title, "Small");
    assert_eq!(library.broken(), []);
}

#[test]
fn a_later_file_of_the_same_id_replaces_the_earlier_one() {
    let folder = folder(&[
        ("a.toml", SMALL),
        ("b.toml", &SMALL.replace("\"Small\"", "\"Mine\"")),
    ]);
    let library = Library::open(folder.path()).unwrap();
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
    let library = Library::open(folder.path()).unwrap();
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
    let error = Library::open(folder.path()).unwrap().find("smal").unwrap_err();
    assert_eq!(error.kind, ErrorKind::NotFound);
    assert_eq!(error.sentence, "There is no recipe “smal”.");
    assert_eq!(error.hint, "Did you mean “small”?");
    assert_eq!(error.causes.len(), 1);
}
