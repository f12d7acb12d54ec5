//! Everything that carries the tag of whoever created it, as the sweep asks for it.

use rusqlite::Connection;
use slipway_core::cloud::{InstanceFilter, InstanceState, Resource, ResourceKind, Tags, tag};

use crate::ledger::{images, instances, tags};
use crate::trouble::Outcome;

/// All of it that is not gone.
pub fn all(ledger: &Connection) -> Outcome<Vec<Resource>> {
    let mut found = servers(ledger)?;
    found.extend(
        images::find(ledger, &slipway_core::cloud::ImageFilter::Ours)?
            .into_iter()
            .map(|image| Resource {
                created: Some(image.created),
                gib: Some(image.size_gib),
                ..resource(image.id, ResourceKind::Image, image.name, image.tags)
            }),
    );
    found.extend(named(ledger, "groups", ResourceKind::SecurityGroup)?);
    found.extend(named(ledger, "key_pairs", ResourceKind::KeyPair)?);
    found.retain(|found| found.tags.get(tag::CREATED_BY).is_some_and(|by| by == tag::US));
    Ok(found)
}

fn servers(ledger: &Connection) -> Outcome<Vec<Resource>> {
    let found = instances::find(ledger, &InstanceFilter::Ours)?;
    let alive = found
        .into_iter()
        .filter(|instance| instance.state != InstanceState::Terminated);
    let server = |instance: slipway_core::cloud::Instance| {
        let name = instance.tags.get(tag::NAME).cloned().unwrap_or_default();
        Resource {
            created: Some(instance.started),
            size: (instance.state == InstanceState::Running).then_some(instance.size),
            ..resource(instance.id, ResourceKind::Server, name, instance.tags)
        }
    };
    Ok(alive.map(server).collect())
}

/// Rows of a table with an id and a name.
fn named(ledger: &Connection, table: &str, kind: ResourceKind) -> Outcome<Vec<Resource>> {
    let mut query = ledger.prepare_cached(&format!("SELECT id, name FROM {table} ORDER BY id"))?;
    let rows = query.query_map([], |row| Ok((row.get::<_, String>(0)?, row.get::<_, String>(1)?)))?;
    let mut found = Vec::new();
    for row in rows {
        let (id, name) = row?;
        let tags = tags::of(ledger, &id)?;
        found.push(resource(id, kind, name, tags));
    }
    Ok(found)
}

fn resource(id: String, kind: ResourceKind, name: String, tags: Tags) -> Resource {
    Resource {
        id,
        kind,
        name,
        created: None,
        gib: None,
        size: None,
        tags,
    }
}
