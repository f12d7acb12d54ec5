//! All recipes that can be launched: those that come with Slipway, and the user's own in the data folder.

use std::path::Path;

use super::MAX_BYTES;
use super::model::Recipe;
use crate::error::{Error, ErrorKind, Result};
use crate::files;
use crate::names::{shown, suggest_hint};
use crate::token::sha256_hex;

/// The recipes that come with Slipway: file name and text.
const EMBEDDED: &[(&str, &str)] = &[
    ("iis-site.toml", include_str!("../../../../recipes/iis-site.toml")),
    (
        "practice-site.toml",
        include_str!("../../../../recipes/practice-site.toml"),
    ),
];

/// The recipes found, and the files that are none.
#[derive(Debug, Clone, Default)]
pub struct Library {
    recipes: Vec<Recipe>,
    broken: Vec<Error>,
}

impl Library {
    /// The recipes that come with Slipway and those in `folder/*.toml`, which replace embedded ones of the same id.
    /// A folder that is not there holds none; a broken file does not keep the others from being used.
    /// So do files that are none, such as a named pipe, and a folder that can't be listed.
    pub fn open(folder: &Path) -> Self {
        let mut library = Library::default();
        for (file, text) in EMBEDDED {
            library.add(text, file);
        }
        let files = recipe_files(folder).unwrap_or_else(|error| {
            library.broken.push(unlisted(folder, &error));
            Vec::new()
        });
        for path in files {
            match files::read_text(&path, MAX_BYTES as u64) {
                Ok(text) => library.add(&text, &path.display().to_string()),
                Err(error) => library.broken.push(unreadable(&path, &error)),
            }
        }
        library.recipes.sort_by(|a, b| a.title.cmp(&b.title));
        library
    }

    /// All recipes, by title.
    pub fn recipes(&self) -> &[Recipe] {
        &self.recipes
    }

    /// One error for each file that is no recipe.
    pub fn broken(&self) -> &[Error] {
        &self.broken
    }

    /// What there is to say of a broken file beside what was asked for.
    pub fn left_out(error: &Error) -> String {
        format!("A recipe is left out. {} {}", error.sentence, error.hint)
    }

    /// The recipe of that id.
    ///
    /// Errors: [`ErrorKind::NotFound`] with near ids; broken files are named, because one of them may be meant.
    pub fn find(&self, id: &str) -> Result<&Recipe> {
        let ids = self.recipes.iter().map(|recipe| recipe.id.as_str());
        self.recipes.iter().find(|recipe| recipe.id == id).ok_or_else(|| {
            let sentence = format!("There is no recipe “{}”.", shown(id));
            let mut hint = suggest_hint(id, ids);
            for broken in &self.broken {
                hint.push_str(&format!(" {}", broken.sentence));
            }
            Error::new(ErrorKind::NotFound, sentence).hint(hint.trim())
        })
    }

    fn add(&mut self, text: &str, file: &str) {
        match Recipe::parse(text, file) {
            Ok(mut recipe) => {
                let is_ours = EMBEDDED.iter().any(|(_, ours)| *ours == text);
                recipe.own_sha256 = (!is_ours).then(|| sha256_hex(text));
                self.recipes.retain(|other| other.id != recipe.id);
                self.recipes.push(recipe);
            }
            Err(error) => self.broken.push(error),
        }
    }
}

fn recipe_files(folder: &Path) -> std::io::Result<Vec<std::path::PathBuf>> {
    let entries = match std::fs::read_dir(folder) {
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Ok(Vec::new()),
        entries => entries?,
    };
    let mut files = Vec::new();
    for entry in entries {
        let path = entry?.path();
        if path.extension().is_some_and(|extension| extension == "toml") {
            files.push(path);
        }
    }
    files.sort();
    Ok(files)
}

/// The refusal of a recipe file that can't be read, in words that name it and the reason.
pub fn unreadable(path: &Path, error: &std::io::Error) -> Error {
    let sentence = format!("The recipe {} can't be read: {error}.", path.display());
    Error::new(ErrorKind::Recipe, sentence)
        .hint(format!(
            "A recipe is a file of UTF-8 text that you may read, of at most {} KiB. Correct or remove this one.",
            MAX_BYTES / 1024
        ))
        .because(error)
}

fn unlisted(folder: &Path, error: &std::io::Error) -> Error {
    let sentence = format!("Your recipes in {} can't be listed: {error}.", folder.display());
    Error::new(ErrorKind::Recipe, sentence)
        .hint("It must be a folder that you may read. The recipes that come with Slipway can be used all the same.")
        .because(error)
}

#[cfg(test)]
#[path = "library_tests.rs"]
mod tests;
