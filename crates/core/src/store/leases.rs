//! Leases: a launch is driven by one process at a time, and any other may take over when it is gone.

use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use rusqlite::{Connection, OptionalExtension, params};
use slipway_protocol::Time;

use super::Store;
use super::damage::unusable;
use super::presence::{Presence, sweep};
use crate::error::{Error, ErrorKind, Result};

/// How often the owner shows that it goes on.
pub const HEARTBEAT: Duration = Duration::from_secs(2);
/// A lease without a heartbeat for this long has lapsed. What a dead process held is free at once, so this is for one that
/// hangs, and for a data folder without file locks. Some heartbeats long, because a busy disk may delay one.
const LAPSE: Duration = Duration::from_secs(6);

/// Who drives something, and when it last said so.
struct Holder {
    owner: String,
    heartbeat: i64,
}

impl Store {
    /// Takes the lease of a launch or image job where it is free, lapsed, a dead process's or already ours. `false` when
    /// another process holds it.
    pub async fn take_lease(&self, subject: &str, now: Time) -> Result<bool> {
        let (subject, shared) = (subject.to_owned(), Arc::clone(&self.shared));
        self.write(move |tx| {
            let me = &shared.presence;
            let held = holder(tx, &subject)?;
            let free = held.is_none_or(|held| held.owner == me.name() || !held.goes_on(now, me));
            if free {
                let sql = "INSERT OR REPLACE INTO leases (subject, owner, heartbeat) VALUES (?1, ?2, ?3)";
                tx.execute(sql, params![subject, me.name(), now.0])?;
            }
            Ok(free)
        })
        .await
    }

    /// Renews our lease. `false` when it was taken over in the meantime: the caller must stop driving at once.
    pub async fn renew_lease(&self, subject: &str, now: Time) -> Result<bool> {
        let (subject, shared) = (subject.to_owned(), Arc::clone(&self.shared));
        self.write(move |tx| {
            let sql = "UPDATE leases SET heartbeat = ?3 WHERE subject = ?1 AND owner = ?2";
            Ok(tx.execute(sql, params![subject, shared.presence.name(), now.0])? == 1)
        })
        .await
    }

    /// Gives our lease back, so that another face can go on at once.
    pub async fn drop_lease(&self, subject: &str) -> Result<()> {
        let (subject, shared) = (subject.to_owned(), Arc::clone(&self.shared));
        self.write(move |tx| {
            let sql = "DELETE FROM leases WHERE subject = ?1 AND owner = ?2";
            tx.execute(sql, params![subject, shared.presence.name()])?;
            Ok(())
        })
        .await
    }

    /// True while some process drives it.
    pub async fn is_driven(&self, subject: &str, now: Time) -> Result<bool> {
        let (subject, shared) = (subject.to_owned(), Arc::clone(&self.shared));
        self.read(move |db| Ok(holder(db, &subject)?.is_some_and(|held| held.goes_on(now, &shared.presence))))
            .await
    }
}

impl Store {
    /// True where another process drives it: this one was stopped for a while, by sleep or by a signal, and another took
    /// its lease.
    pub(crate) async fn is_taken_over(&self, subject: &str) -> Result<bool> {
        let (subject, shared) = (subject.to_owned(), Arc::clone(&self.shared));
        self.read(move |db| taken_over(db, &subject, &shared.presence))
            .await
    }
}

/// Refuses a write about what another process drives. Called inside the transaction that writes, so that a driver that
/// was stopped and goes on can't undo what its successor has written, not even before it notices.
pub(super) fn check_driver(db: &Connection, subject: &str, me: &Presence) -> Result<()> {
    if taken_over(db, subject, me)? {
        let sentence = "Another window or terminal looks after this server now.";
        return Err(Error::new(ErrorKind::WrongState, sentence).hint("It goes on there."));
    }
    Ok(())
}

/// Not by time: a successor may itself be stopped for a while.
fn taken_over(db: &Connection, subject: &str, me: &Presence) -> Result<bool> {
    Ok(holder(db, subject)?.is_some_and(|held| held.owner != me.name() && !me.is_gone(&held.owner)))
}

/// Shows that this process is there, and frees what the dead ones before it held. Blocks. Whoever calls this holds the
/// [`super::lock`].
pub(super) fn appear(connection: &Connection, journal: &Path) -> Result<Presence> {
    let folder = journal.with_extension("open");
    let named = |error: std::io::Error| unusable(&folder, &error);
    let presence = Presence::begin(folder.clone()).map_err(named)?;
    for dead in sweep(&folder).map_err(named)? {
        connection.execute("DELETE FROM leases WHERE owner = ?1", [dead])?;
    }
    Ok(presence)
}

fn holder(db: &Connection, subject: &str) -> rusqlite::Result<Option<Holder>> {
    let sql = "SELECT owner, heartbeat FROM leases WHERE subject = ?1";
    let row = |row: &rusqlite::Row<'_>| {
        Ok(Holder {
            owner: row.get(0)?,
            heartbeat: row.get(1)?,
        })
    };
    db.query_row(sql, [subject], row).optional()
}

impl Holder {
    /// Also false for a heartbeat from the future: a clock that was set back must not lock a launch for hours.
    fn goes_on(&self, now: Time, me: &Presence) -> bool {
        (now.0 - self.heartbeat).unsigned_abs() < LAPSE.as_millis() as u64 && !me.is_gone(&self.owner)
    }
}
