//! The recipe and the theme fit together and to the tools that they name.

use std::collections::BTreeMap;
use std::fs;
use std::io::{Cursor, Read};
use std::path::Path;

use sha2::{Digest, Sha256};
use slipway_core::recipe::{Recipe, Start};
use slipway_protocol::Action;

fn recipe() -> Recipe {
    let file = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../recipes/practice-site.toml");
    let text = fs::read_to_string(file).expect("the recipe");
    Recipe::parse(&text, "practice-site.toml").expect("a good recipe")
}

#[test]
fn the_recipe_names_the_hash_of_the_theme_that_is_served() {
    let hash = hex::encode(Sha256::digest(slipway_practice::THEME));
    let recipe = recipe();
    let named = recipe.steps.iter().find_map(|step| match &step.step.action {
        Action::Download { sha256, .. } => Some(sha256.clone()),
        _ => None,
    });
    assert_eq!(named, Some(hash));
}

#[test]
fn the_archive_holds_the_theme_as_it_lies_in_the_folder() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("theme");
    let mut archive = zip::ZipArchive::new(Cursor::new(slipway_practice::THEME)).expect("an archive");
    let lying: Vec<_> = fs::read_dir(&folder).expect("the folder").collect();
    assert_eq!(
        archive.len(),
        lying.len(),
        "cargo run -p slipway-practice --example pack-theme"
    );
    for entry in lying {
        let entry = entry.expect("an entry");
        let mut packed = String::new();
        let mut file = archive
            .by_name(&entry.file_name().to_string_lossy())
            .expect("packed");
        file.read_to_string(&mut packed).expect("text");
        assert_eq!(
            packed,
            fs::read_to_string(entry.path()).expect("text"),
            "{:?}",
            entry.path()
        );
    }
}

#[test]
fn a_launch_from_an_image_sets_the_password_anew_and_asks_for_nothing() {
    let recipe = recipe();
    let steps: Vec<&str> = recipe
        .steps_for(Start::FromImage)
        .map(|step| step.step.id.as_str())
        .collect();
    assert_eq!(steps, ["admin", "site_check"]);
    assert!(
        recipe
            .inputs_for(Start::FromImage)
            .iter()
            .all(|input| !input.required)
    );
    let plan = recipe.plan(&BTreeMap::new(), Start::FromImage);
    assert!(plan.fresh_administrator_password && plan.secrets.len() == 1);
}

#[test]
fn eight_to_ten_steps_with_a_database_a_restart_and_something_in_parallel() {
    let recipe = recipe();
    assert!((8..=10).contains(&recipe.steps.len()));
    assert!(recipe.step("database").is_some());
    assert_eq!(
        recipe
            .steps
            .iter()
            .filter(|step| matches!(step.step.action, Action::Restart {}))
            .count(),
        1
    );
    assert!(
        recipe
            .steps
            .iter()
            .filter(|step| step.step.needs.is_empty())
            .count()
            > 1
    );
}
