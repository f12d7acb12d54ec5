//! Security groups. On loopback there is nobody to keep out, so their rules are kept and shown, not enforced.

use rusqlite::{Connection, OptionalExtension, params};
use slipway_core::cloud::{CreateSecurityGroup, Ingress, SecurityGroup};

use crate::ids;
use crate::ledger::tags;
use crate::trouble::{Outcome, input, name_taken, not_found, wrong_state};

/// The group of a name.
pub fn find(ledger: &Connection, name: &str) -> Outcome<Option<SecurityGroup>> {
    let query = "SELECT id FROM groups WHERE name = ?";
    let id: Option<String> = ledger.query_row(query, [name], |row| row.get(0)).optional()?;
    id.map(|id| {
        Ok(SecurityGroup {
            ingress: ingress(ledger, &id)?,
            tags: tags::of(ledger, &id)?,
            name: name.to_owned(),
            id,
        })
    })
    .transpose()
}

/// All of them.
pub fn all(ledger: &Connection) -> Outcome<Vec<SecurityGroup>> {
    let mut query = ledger.prepare("SELECT name FROM groups ORDER BY id")?;
    let names = query.query_map([], |row| row.get(0))?;
    let names: Vec<String> = names.collect::<Result<_, _>>()?;
    let found = names
        .iter()
        .map(|name| find(ledger, name))
        .collect::<Outcome<Vec<_>>>()?;
    Ok(found.into_iter().flatten().collect())
}

/// Creates one without any rule.
pub fn create(ledger: &Connection, request: &CreateSecurityGroup) -> Outcome<SecurityGroup> {
    if find(ledger, &request.name)?.is_some() {
        return Err(name_taken("a security group", &request.name));
    }
    let id = ids::new("sg")?;
    ledger.execute(
        "INSERT INTO groups (id, name, description) VALUES (?, ?, ?)",
        params![id, request.name, request.description],
    )?;
    tags::set(ledger, &id, &request.tags)?;
    Ok(SecurityGroup {
        id,
        name: request.name.clone(),
        ingress: Vec::new(),
        tags: request.tags.clone(),
    })
}

/// Opens ports; what is open already stays so.
pub fn allow(ledger: &Connection, group: &str, rules: &[Ingress]) -> Outcome<()> {
    demand(ledger, group)?;
    for rule in rules {
        check(rule)?;
        ledger.execute(
            "INSERT OR IGNORE INTO ingress (group_id, port, range) VALUES (?, ?, ?)",
            params![group, rule.port, rule.from],
        )?;
    }
    Ok(())
}

/// Closes ports; what is closed already stays so.
pub fn revoke(ledger: &Connection, group: &str, rules: &[Ingress]) -> Outcome<()> {
    demand(ledger, group)?;
    for rule in rules {
        ledger.execute(
            "DELETE FROM ingress WHERE group_id = ? AND port = ? AND range = ?",
            params![group, rule.port, rule.from],
        )?;
    }
    Ok(())
}

/// Deletes one that nothing uses; fine where there is none.
pub fn delete(ledger: &Connection, group: &str) -> Outcome<()> {
    let users = "SELECT id FROM instances WHERE group_id = ? AND state <> 'terminated' LIMIT 1";
    let user: Option<String> = ledger.query_row(users, [group], |row| row.get(0)).optional()?;
    if let Some(instance) = user {
        return Err(wrong_state(
            format!("The security group {group} is in use by the server {instance}."),
            "Terminate the server first.",
        ));
    }
    tags::forget(ledger, group)?;
    ledger.execute("DELETE FROM groups WHERE id = ?", [group])?;
    Ok(())
}

/// Refuses a group that is not there.
pub fn demand(ledger: &Connection, group: &str) -> Outcome<()> {
    let query = "SELECT EXISTS (SELECT 1 FROM groups WHERE id = ?)";
    if ledger.query_row(query, [group], |row| row.get(0))? {
        return Ok(());
    }
    Err(not_found("security group", group))
}

fn ingress(ledger: &Connection, group: &str) -> Outcome<Vec<Ingress>> {
    let mut query =
        ledger.prepare_cached("SELECT port, range FROM ingress WHERE group_id = ? ORDER BY port, range")?;
    let rows = query.query_map([group], |row| {
        Ok(Ingress {
            port: row.get(0)?,
            from: row.get(1)?,
        })
    })?;
    Ok(rows.collect::<Result<_, _>>()?)
}

fn check(rule: &Ingress) -> Outcome<()> {
    let (address, bits) = rule.from.split_once('/').unwrap_or((&rule.from, ""));
    let most = match address.parse() {
        Ok(std::net::IpAddr::V4(_)) => 32,
        Ok(std::net::IpAddr::V6(_)) => 128,
        Err(_) => 0,
    };
    if most > 0 && bits.parse::<u8>().is_ok_and(|bits| bits <= most) {
        return Ok(());
    }
    Err(input(format!(
        "“{}” is not a range of addresses such as 203.0.113.7/32.",
        rule.from
    )))
}
