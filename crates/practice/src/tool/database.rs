//! Creates the content database: the site's settings, and pages to start with.

use std::io::Read;
use std::path::Path;

use rusqlite::{Connection, params};
use serde::Deserialize;

use super::{Bench, installed};
use crate::trouble::{Outcome, input};

/// What the user answered.
#[derive(Debug, Deserialize)]
pub struct Settings {
    title: String,
    #[serde(default)]
    tagline: String,
}

/// A page as it is in the database.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub struct Page {
    /// Its folder on the site; empty for the home page.
    pub slug: String,
    /// Heading.
    pub title: String,
    /// One or two sentences.
    pub lead: String,
    /// HTML.
    pub body: String,
    /// Name of its picture in the theme; empty for none.
    #[serde(default)]
    pub picture: String,
}

const SCHEMA: &str = "
    CREATE TABLE settings (name TEXT PRIMARY KEY, value TEXT NOT NULL) STRICT;
    CREATE TABLE pages (
        slug TEXT PRIMARY KEY, title TEXT NOT NULL, lead TEXT NOT NULL, body TEXT NOT NULL, picture TEXT NOT NULL
    ) STRICT;
";
const MAX_SETTINGS: u64 = 64 * 1024;

pub async fn create(bench: &Bench, from: impl Read) -> Outcome<()> {
    let settings: Settings = serde_json::from_reader(from.take(MAX_SETTINGS))?;
    if settings.title.trim().is_empty() {
        return Err(input("The site’s title is empty."));
    }
    bench
        .work(
            0.0..0.65,
            &[
                (4.0, "Starting the database engine"),
                (5.0, "Creating the database “site”"),
                (4.0, "Creating tables: settings, pages"),
            ],
        )
        .await?;
    let pages: Vec<Page> = serde_json::from_str(include_str!("starter.json"))?;
    let file = installed::content(&bench.disk);
    let unfinished = file.with_extension("new");
    fill(&unfinished, &settings, &pages)?;
    std::fs::rename(unfinished, file)?;
    let count = format!("{} pages written", pages.len());
    bench
        .work(
            0.65..1.0,
            &[(6.5, count.as_str()), (1.5, "Checking the database: no errors")],
        )
        .await
}

fn fill(file: &Path, settings: &Settings, pages: &[Page]) -> Outcome<()> {
    // A try before this one may have been broken off.
    match std::fs::remove_file(file) {
        Err(error) if error.kind() != std::io::ErrorKind::NotFound => return Err(error.into()),
        _ => {}
    }
    let mut database = Connection::open(file)?;
    let change = database.transaction()?;
    change.execute_batch(SCHEMA)?;
    for (name, value) in [("title", &settings.title), ("tagline", &settings.tagline)] {
        change.execute("INSERT INTO settings VALUES (?, ?)", [name, value])?;
    }
    for page in pages {
        change.execute(
            "INSERT INTO pages VALUES (?, ?, ?, ?, ?)",
            params![page.slug, page.title, page.lead, page.body, page.picture],
        )?;
    }
    Ok(change.commit()?)
}

/// What is published.
pub struct Content {
    /// The site's title.
    pub title: String,
    /// The line below it; may be empty.
    pub tagline: String,
    /// All pages, the home page first.
    pub pages: Vec<Page>,
}

/// Reads everything. Blocks.
pub fn read(file: &Path) -> Outcome<Content> {
    let database = Connection::open(file)?;
    let setting = |name: &str| {
        let query = "SELECT value FROM settings WHERE name = ?";
        database.query_row(query, [name], |row| row.get::<_, String>(0))
    };
    let mut query = database.prepare("SELECT slug, title, lead, body, picture FROM pages ORDER BY rowid")?;
    let pages = query.query_map([], |row| {
        Ok(Page {
            slug: row.get(0)?,
            title: row.get(1)?,
            lead: row.get(2)?,
            body: row.get(3)?,
            picture: row.get(4)?,
        })
    })?;
    Ok(Content {
        title: setting("title")?,
        tagline: setting("tagline")?,
        pages: pages.collect::<Result<_, _>>()?,
    })
}
