//! Own images, from the request to the finished copy.

use rusqlite::{Connection, Row, params};
use slipway_core::cloud::{CreateImage, Image, ImageFilter, ImageState, Tags, tag};
use slipway_protocol::Time;

use crate::ledger::tags;
use crate::trouble::{Outcome, input, name_taken};

const COLUMNS: &str = "SELECT id, name, description, state, reason, percent, size_gib, created FROM images";

/// Images by filter.
pub fn find(ledger: &Connection, filter: &ImageFilter) -> Outcome<Vec<Image>> {
    let found = match filter {
        ImageFilter::Id(id) => select(ledger, "WHERE id = ?", &[id])?,
        ImageFilter::Name(name) => select(ledger, "WHERE name = ?", &[name])?,
        ImageFilter::Ours => select(ledger, "ORDER BY created, id", &[])?,
    };
    let ours = |image: &Image| {
        image.tags.get(tag::CREATED_BY).is_some_and(|by| by == tag::US)
            || image.tags.contains_key(tag::LAUNCH)
    };
    let all = *filter != ImageFilter::Ours;
    Ok(found.into_iter().filter(|image| all || ours(image)).collect())
}

/// One image.
pub fn get(ledger: &Connection, id: &str) -> Outcome<Option<Image>> {
    Ok(find(ledger, &ImageFilter::Id(id.to_owned()))?.pop())
}

/// Writes down that an image is wanted, and of what size.
pub fn create(ledger: &Connection, id: &str, request: &CreateImage, size_gib: u32) -> Outcome<()> {
    check(request)?;
    if !find(ledger, &ImageFilter::Name(request.name.clone()))?.is_empty() {
        return Err(name_taken("an image", &request.name));
    }
    ledger.execute(
        "INSERT INTO images (id, name, description, instance, state, percent, size_gib, created)
         VALUES (?, ?, ?, ?, 'pending', 0, ?, ?)",
        params![
            id,
            request.name,
            request.description,
            request.instance,
            f64::from(size_gib),
            Time::now().0
        ],
    )?;
    tags::set(ledger, id, &request.tags)
}

/// Tells how far the copy is. False where nobody wants the image any more.
pub fn progress(ledger: &Connection, id: &str, percent: u8) -> Outcome<bool> {
    let update = "UPDATE images SET percent = ? WHERE id = ? AND state = 'pending'";
    Ok(ledger.execute(update, params![percent, id])? == 1)
}

/// The copy is whole and has its final name. False where nobody wants the image any more.
pub fn available(ledger: &Connection, id: &str) -> Outcome<bool> {
    let update = "UPDATE images SET state = 'available', percent = 100 WHERE id = ? AND state = 'pending'";
    Ok(ledger.execute(update, [id])? == 1)
}

/// The copy was not finished.
pub fn fail(ledger: &Connection, id: &str, reason: &str) -> Outcome<()> {
    let update = "UPDATE images SET state = 'failed', reason = ? WHERE id = ? AND state = 'pending'";
    ledger.execute(update, [reason, id])?;
    Ok(())
}

/// Forgets an image; fine where there is none.
pub fn delete(ledger: &Connection, id: &str) -> Outcome<()> {
    tags::forget(ledger, id)?;
    ledger.execute("DELETE FROM images WHERE id = ?", [id])?;
    Ok(())
}

fn select(ledger: &Connection, which: &str, values: &[&str]) -> Outcome<Vec<Image>> {
    let mut query = ledger.prepare_cached(&format!("{COLUMNS} {which}"))?;
    let rows = query.query_map(rusqlite::params_from_iter(values), image)?;
    let mut images = rows.collect::<Result<Vec<_>, _>>()?;
    for image in &mut images {
        image.tags = tags::of(ledger, &image.id)?;
    }
    Ok(images)
}

fn image(row: &Row<'_>) -> rusqlite::Result<Image> {
    let state: String = row.get(3)?;
    Ok(Image {
        id: row.get(0)?,
        name: row.get(1)?,
        description: row.get(2)?,
        state: match state.as_str() {
            "pending" => ImageState::Pending,
            "available" => ImageState::Available,
            _ => ImageState::Failed,
        },
        state_reason: row.get(4)?,
        percent: row.get(5)?,
        size_gib: row.get(6)?,
        created: Time(row.get(7)?),
        tags: Tags::new(),
    })
}

/// The same bounds as CreateImage's (EC2 API Reference).
fn check(request: &CreateImage) -> Outcome<()> {
    let possible = |c: char| c.is_ascii_alphanumeric() || "()[] ./-'@_".contains(c);
    let length = request.name.chars().count();
    if !(3..=128).contains(&length) || !request.name.chars().all(possible) {
        return Err(input(
            "The image's name must have 3 to 128 letters, digits, spaces and ( ) [ ] . / - ' @ _.",
        ));
    }
    if request.description.chars().count() > 255 {
        return Err(input("The image's description is longer than 255 characters."));
    }
    Ok(())
}
