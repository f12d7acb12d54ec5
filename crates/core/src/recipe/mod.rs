//! Recipes: how a product is installed, read from TOML files that name line and reason where they are wrong.
//!
//! The format is described in `docs/recipes.md`.

mod answers;
mod fields;
mod graph;
mod library;
mod model;
mod plan;
mod problems;
mod read;
mod read_action;
mod read_inputs;
mod read_secrets;
mod read_site;
mod read_steps;
mod read_windows;
mod schedule;
mod scope;

use toml::de::DeTable;

pub use answers::Answers;
pub use library::{Library, unreadable};
pub use model::{Base, Input, InputKind, Recipe, RecipeStep, USUAL_MEMORY_GIB, World};
pub use plan::Start;
pub use problems::Problem;
pub use schedule::{Bar, Schedule};

use crate::error::Result;
use problems::Problems;

/// Most bytes of a recipe file, which is text of a few pages; a larger one is not read.
pub const MAX_BYTES: usize = 256 * 1024;

/// Everything that is wrong in the text of a recipe file, in the order of the file; empty for a good one.
pub fn check(text: &str) -> Vec<Problem> {
    match read_text(text) {
        Ok(_) => Vec::new(),
        Err(problems) => problems,
    }
}

impl Recipe {
    /// Reads the text of a recipe file; `file` is its name for people.
    ///
    /// Errors: [`crate::error::ErrorKind::Recipe`] with line and reason of the first problem, the others as causes.
    pub fn parse(text: &str, file: &str) -> Result<Self> {
        read_text(text).map_err(|problems| problems::to_error(file, &problems))
    }

    /// The step of that id.
    pub fn step(&self, id: &str) -> Option<&RecipeStep> {
        self.steps.iter().find(|step| step.step.id == id)
    }
}

fn read_text(text: &str) -> Result<Recipe, Vec<Problem>> {
    let problems = Problems::new(text);
    if text.len() > MAX_BYTES {
        problems.add(
            &(0..0),
            format!(
                "the file has {} bytes, and at most {MAX_BYTES} are possible",
                text.len()
            ),
        );
        return Err(problems.into_sorted());
    }
    let (table, errors) = DeTable::parse_recoverable(text);
    let places = errors
        .iter()
        .map(|error| (error.span().unwrap_or(0..0), error.message()));
    // Only the first: what follows a broken place is mostly guesswork of the parser.
    if let Some((span, message)) = places.min_by_key(|(span, _)| span.start) {
        problems.add(&span, format!("this is not TOML: {}", message.trim_end()));
        return Err(problems.into_sorted());
    }
    let recipe = read::read(table.get_ref(), &problems);
    if problems.is_empty() {
        Ok(recipe)
    } else {
        Err(problems.into_sorted())
    }
}
