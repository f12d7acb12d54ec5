//! All recipes that can be launched: those that come with Slipway, and the user's own in the data folder.

use std::path::Path;

use super::model::Recipe;
use crate::error::{Error, ErrorKind, Result};
use crate::names::{shown, suggest_hint};

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
    pub fn open(folder: &Path) -> Result<Self> {
        let mut library = Library::default();
        for (file, text) in EMBEDDED {
            library.add(text, file);
        }
        for path in recipe_files(folder)? {
            match std::fs::read_to_string(&path) {
                Ok(text) => library.add(&text, &path.display().to_string()),
                Err(error) => library.broken.push(unreadable(&path, &error)),
            }
        }
        library.recipes.sort_by(|a, b| a.title.cmp(&b.title));
        Ok(library)
    }

    /// All recipes, by title.
    pub fn recipes(&self) -> &[Recipe] {
        &self.recipes
    }

    /// One error for each file that is no recipe.
    pub fn broken(&self) -> &[Error] {
        &self.broken
    }

    /// The recipe of that id.
    ///
    /// Errors: [`ErrorKind::NotFound`] with near ids; what is wrong with broken files is among the causes.
    pub fn find(&self, id: &str) -> Result<&Recipe> {
        let ids = self.recipes.iter().map(|recipe| recipe.id.as_str());
        self.recipes.iter().find(|recipe| recipe.id == id).ok_or_else(|| {
            let sentence = format!("There is no recipe “{}”.", shown(id));
            let mut error = Error::new(ErrorKind::NotFound, sentence).hint(suggest_hint(id, ids));
            error.causes = self.broken.iter().map(|broken| broken.sentence.clone()).collect();
            error
        })
    }

    fn add(&mut self, text: &str, file: &str) {
        match Recipe::parse(text, file) {
            Ok(recipe) => {
                self.recipes.retain(|other| other.id != recipe.id);
                self.recipes.push(recipe);
            }
            Err(error) => self.broken.push(error),
        }
    }
}

fn recipe_files(folder: &Path) -> Result<Vec<std::path::PathBuf>> {
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

fn unreadable(path: &Path, error: &std::io::Error) -> Error {
    Error::new(
        ErrorKind::Recipe,
        format!("The recipe {} can't be read.", path.display()),
    )
    .hint("See that the file may be read and is UTF-8 text.")
    .because(error)
}

#[cfg(test)]
#[path = "library_tests.rs"]
mod tests;
