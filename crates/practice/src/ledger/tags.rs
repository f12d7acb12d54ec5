//! Tags of every kind of resource.

use rusqlite::{Connection, params};
use slipway_core::cloud::Tags;

use crate::trouble::{Outcome, input, not_found};

/// Longest key and value, in characters (EC2 User Guide, "Tag restrictions").
const MAX_KEY: usize = 128;
const MAX_VALUE: usize = 256;

/// All tags of a resource.
pub fn of(ledger: &Connection, resource: &str) -> Outcome<Tags> {
    let mut query = ledger.prepare_cached("SELECT key, value FROM tags WHERE resource = ?")?;
    let rows = query.query_map([resource], |row| Ok((row.get(0)?, row.get(1)?)))?;
    Ok(rows.collect::<Result<_, _>>()?)
}

/// Tags a resource that is there.
pub fn put(ledger: &Connection, resource: &str, tags: &Tags) -> Outcome<()> {
    let known =
        "SELECT EXISTS (SELECT 1 FROM instances WHERE id = ?1) OR EXISTS (SELECT 1 FROM images WHERE id = ?1)
        OR EXISTS (SELECT 1 FROM groups WHERE id = ?1) OR EXISTS (SELECT 1 FROM key_pairs WHERE id = ?1)";
    if !ledger.query_row(known, [resource], |row| row.get::<_, bool>(0))? {
        return Err(not_found("resource", resource));
    }
    set(ledger, resource, tags)
}

/// Tags a resource that is being created.
pub fn set(ledger: &Connection, resource: &str, tags: &Tags) -> Outcome<()> {
    for (key, value) in tags {
        check(key, value)?;
        ledger.execute(
            "INSERT OR REPLACE INTO tags (resource, key, value) VALUES (?, ?, ?)",
            params![resource, key, value],
        )?;
    }
    Ok(())
}

/// Removes tags, where they are there.
pub fn remove(ledger: &Connection, resource: &str, keys: &[String]) -> Outcome<()> {
    for key in keys {
        ledger.execute("DELETE FROM tags WHERE resource = ? AND key = ?", [resource, key])?;
    }
    Ok(())
}

/// Removes all tags of a resource that goes away.
pub fn forget(ledger: &Connection, resource: &str) -> Outcome<()> {
    ledger.execute("DELETE FROM tags WHERE resource = ?", [resource])?;
    Ok(())
}

fn check(key: &str, value: &str) -> Outcome<()> {
    // What EC2 calls InvalidTagKey: metadata could not serve it.
    let servable = |c: char| c.is_alphanumeric() || "+-=.,_:@".contains(c);
    if key.is_empty() || key.chars().count() > MAX_KEY || !key.chars().all(servable) {
        return Err(input(format!(
            "The tag name “{key}” can't be used: at most {MAX_KEY} letters, digits and + - = . , _ : @ are possible."
        )));
    }
    if value.chars().count() > MAX_VALUE {
        return Err(input(format!(
            "The value of the tag “{key}” is longer than {MAX_VALUE} characters."
        )));
    }
    Ok(())
}
