//! Instances: what was asked for, and what their machines told.

mod ports;
mod requests;
mod told;

use std::net::Ipv4Addr;

use rusqlite::{Connection, OptionalExtension, params_from_iter};
use slipway_core::cloud::{Endpoints, Instance, InstanceFilter, InstanceState, RunInstance, tag};
use slipway_protocol::Time;

pub use ports::Ports;
pub use requests::{check_image, image, image_as, insert, listen_on, restart, run, start, stop, terminate};
pub use told::{
    claim, conclude, failed, held, image_done, never_came_up, noted, password, restarts, running, shuts_down,
};

use crate::account::BASE_IMAGE;
use crate::ledger::tags;
use crate::trouble::{Outcome, not_found};

const COLUMNS: &str =
    "SELECT id, request, public_key, state, reason, metadata_port, agent_port, site_port, rdp_port,
    started, password_data, restarts, image, spawned, held, tries,
    (SELECT address FROM addresses WHERE instance = instances.id) FROM instances";

/// One instance, as the ledger has it.
#[derive(Debug, Clone, PartialEq)]
pub struct Row {
    /// `i-…`.
    pub id: String,
    /// What it was launched with.
    pub request: RunInstance,
    /// The key pair's public half at the time of the launch, OpenSSH.
    pub public_key: String,
    /// Where it stands.
    pub state: InstanceState,
    /// Why.
    pub reason: Option<String>,
    /// Its own for as long as it is there.
    pub ports: Ports,
    /// When it was last started.
    pub started: Time,
    /// The encrypted Administrator password.
    pub password_data: Option<String>,
    /// How many restarts were asked for.
    pub restarts: u32,
    /// The image that is wanted of it.
    pub image: Option<String>,
    /// When its process was started; `None` where one is wanted.
    pub spawned: Option<Time>,
    /// Whether that process has taken hold of its folder.
    pub held: bool,
    /// How many processes in a row did not.
    pub tries: u32,
}

impl Row {
    /// The image it was launched from; `None` for the base image.
    pub fn own_image(&self) -> Option<&str> {
        match &self.request.image {
            slipway_core::cloud::ImageChoice::Own(id) => Some(id),
            slipway_core::cloud::ImageChoice::Family(_) => None,
        }
    }

    /// Whether a process is wanted that nobody has started.
    pub fn wants_process(&self) -> bool {
        let work = self.state == InstanceState::Pending || self.image.is_some();
        self.spawned.is_none() && work && self.is_live()
    }

    /// Whether a process should be there.
    pub fn should_live(&self) -> bool {
        self.is_live() && (self.state != InstanceState::Stopped || self.image.is_some())
    }

    fn is_live(&self) -> bool {
        self.state != InstanceState::Terminated
    }
}

/// One instance.
pub fn get(ledger: &Connection, id: &str) -> Outcome<Option<Row>> {
    let mut query = ledger.prepare_cached(&format!("{COLUMNS} WHERE id = ?"))?;
    Ok(query.query_row([id], row).optional()?)
}

/// One instance, which must be there.
pub fn demand(ledger: &Connection, id: &str) -> Outcome<Row> {
    get(ledger, id)?.ok_or_else(|| not_found("server", id))
}

/// Every instance, gone ones too.
pub fn all(ledger: &Connection) -> Outcome<Vec<Row>> {
    select(ledger, "", &[])
}

/// Every instance that is not gone.
pub fn live(ledger: &Connection) -> Outcome<Vec<Row>> {
    select(ledger, "WHERE state <> 'terminated'", &[])
}

/// Instances by filter, as the port shows them.
pub fn find(ledger: &Connection, filter: &InstanceFilter) -> Outcome<Vec<Instance>> {
    let tagged = "WHERE id IN (SELECT resource FROM tags WHERE key = ?";
    let rows = match filter {
        InstanceFilter::Ids(ids) => {
            let marks = vec!["?"; ids.len()].join(", ");
            let ids: Vec<&str> = ids.iter().map(String::as_str).collect();
            select(ledger, &format!("WHERE id IN ({marks})"), &ids)?
        }
        InstanceFilter::Token(token) => select(ledger, "WHERE token = ?", &[token])?,
        InstanceFilter::Launch(launch) => select(
            ledger,
            &format!("{tagged} AND value = ?)"),
            &[tag::LAUNCH, launch],
        )?,
        InstanceFilter::Ours => select(ledger, &format!("{tagged})"), &[tag::LAUNCH])?,
    };
    rows.into_iter().map(|row| show(ledger, row)).collect()
}

fn show(ledger: &Connection, row: Row) -> Outcome<Instance> {
    let reachable = matches!(row.state, InstanceState::Running | InstanceState::Stopping);
    Ok(Instance {
        tags: tags::of(ledger, &row.id)?,
        endpoints: reachable.then(|| Endpoints {
            host: row.ports.host.to_string(),
            agent: row.ports.agent,
            rdp: row.ports.rdp,
            site: row.ports.site,
        }),
        image: row.own_image().unwrap_or(BASE_IMAGE).to_owned(),
        id: row.id,
        state: row.state,
        state_reason: row.reason,
        size: row.request.size,
        started: row.started,
        token: Some(row.request.token),
    })
}

fn select(ledger: &Connection, which: &str, values: &[&str]) -> Outcome<Vec<Row>> {
    let mut query = ledger.prepare(&format!("{COLUMNS} {which} ORDER BY rowid"))?;
    let rows = query.query_map(params_from_iter(values), row)?;
    Ok(rows.collect::<Result<_, _>>()?)
}

fn row(row: &rusqlite::Row<'_>) -> rusqlite::Result<Row> {
    let damaged = |at, cause: serde_json::Error| {
        rusqlite::Error::FromSqlConversionFailure(at, rusqlite::types::Type::Text, Box::new(cause))
    };
    let request: String = row.get(1)?;
    let state: String = row.get(3)?;
    let host: Option<String> = row.get(16)?;
    let host = host.and_then(|host| host.parse().ok());
    Ok(Row {
        id: row.get(0)?,
        request: serde_json::from_str(&request).map_err(|cause| damaged(1, cause))?,
        public_key: row.get(2)?,
        state: serde_json::from_value(state.into()).map_err(|cause| damaged(3, cause))?,
        reason: row.get(4)?,
        ports: Ports {
            host: host.unwrap_or(Ipv4Addr::LOCALHOST),
            metadata: row.get(5)?,
            agent: row.get(6)?,
            site: row.get(7)?,
            rdp: row.get(8)?,
        },
        started: Time(row.get(9)?),
        password_data: row.get(10)?,
        restarts: row.get(11)?,
        image: row.get(12)?,
        spawned: row.get::<_, Option<i64>>(13)?.map(Time),
        held: row.get(14)?,
        tries: row.get(15)?,
    })
}
