//! Key pairs: the public halves.

use rusqlite::{Connection, OptionalExtension, params};
use slipway_core::cloud::{ImportKeyPair, KeyPair};

use crate::ids;
use crate::ledger::tags;
use crate::machine::password::PublicKey;
use crate::trouble::{Outcome, input, name_taken};

/// The key pair of a name.
pub fn find(ledger: &Connection, name: &str) -> Outcome<Option<KeyPair>> {
    let query = "SELECT id FROM key_pairs WHERE name = ?";
    let id: Option<String> = ledger.query_row(query, [name], |row| row.get(0)).optional()?;
    id.map(|id| {
        Ok(KeyPair {
            tags: tags::of(ledger, &id)?,
            name: name.to_owned(),
            id,
        })
    })
    .transpose()
}

/// The public key of a name, in OpenSSH form.
pub fn public_key(ledger: &Connection, name: &str) -> Outcome<Option<String>> {
    let query = "SELECT public_key FROM key_pairs WHERE name = ?";
    Ok(ledger.query_row(query, [name], |row| row.get(0)).optional()?)
}

/// Imports one.
pub fn import(ledger: &Connection, request: &ImportKeyPair) -> Outcome<KeyPair> {
    if PublicKey::from_openssh(&request.public_key).is_none() {
        return Err(input("The public key is not an RSA key in OpenSSH form."));
    }
    if find(ledger, &request.name)?.is_some() {
        return Err(name_taken("a key pair", &request.name));
    }
    let id = ids::new("key")?;
    ledger.execute(
        "INSERT INTO key_pairs (id, name, public_key) VALUES (?, ?, ?)",
        params![id, request.name, request.public_key],
    )?;
    tags::set(ledger, &id, &request.tags)?;
    Ok(KeyPair {
        id,
        name: request.name.clone(),
        tags: request.tags.clone(),
    })
}

/// Deletes one; fine where there is none.
pub fn delete(ledger: &Connection, name: &str) -> Outcome<()> {
    if let Some(pair) = find(ledger, name)? {
        tags::forget(ledger, &pair.id)?;
        ledger.execute("DELETE FROM key_pairs WHERE id = ?", [&pair.id])?;
    }
    Ok(())
}
