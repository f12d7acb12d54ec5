//! Leases: a launch is driven by one process at a time, and any other may take over when it is gone.

use std::time::Duration;

use rusqlite::{OptionalExtension, params};
use slipway_protocol::Time;

use super::Store;
use crate::error::Result;

/// How often the owner shows that it is alive.
pub const HEARTBEAT: Duration = Duration::from_millis(800);
/// A lease without a heartbeat for this long has lapsed. Much longer than one heartbeat, because a busy disk may delay
/// one; short enough that following goes on within three seconds of the next start, the start itself included.
pub const LAPSE: Duration = Duration::from_millis(2_000);

/// Who drives what.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Lease {
    /// The launch or image job.
    pub subject: String,
    /// Names one process.
    pub owner: String,
}

impl Store {
    /// Takes a lease that is free, lapsed or already ours. `false` when another process holds it.
    pub async fn take_lease(&self, lease: &Lease, now: Time) -> Result<bool> {
        let lease = lease.clone();
        self.write(move |tx| {
            let sql = "SELECT owner, heartbeat FROM leases WHERE subject = ?1";
            let row = |row: &rusqlite::Row<'_>| Ok((row.get::<_, String>(0)?, row.get::<_, i64>(1)?));
            let held = tx.query_row(sql, [&lease.subject], row).optional()?;
            let free = held.is_none_or(|(owner, beat)| owner == lease.owner || !alive(beat, now));
            if free {
                let sql = "INSERT OR REPLACE INTO leases (subject, owner, heartbeat) VALUES (?1, ?2, ?3)";
                tx.execute(sql, params![lease.subject, lease.owner, now.0])?;
            }
            Ok(free)
        })
        .await
    }

    /// Renews a lease. `false` when it was taken over in the meantime: the caller must stop driving at once.
    pub async fn renew_lease(&self, lease: &Lease, now: Time) -> Result<bool> {
        let lease = lease.clone();
        self.write(move |tx| {
            let sql = "UPDATE leases SET heartbeat = ?3 WHERE subject = ?1 AND owner = ?2";
            Ok(tx.execute(sql, params![lease.subject, lease.owner, now.0])? == 1)
        })
        .await
    }

    /// Gives a lease back, so that the next driver need not wait until it lapses.
    pub async fn drop_lease(&self, lease: &Lease) -> Result<()> {
        let lease = lease.clone();
        self.write(move |tx| {
            let sql = "DELETE FROM leases WHERE subject = ?1 AND owner = ?2";
            tx.execute(sql, params![lease.subject, lease.owner])?;
            Ok(())
        })
        .await
    }

    /// True while some process drives it.
    pub async fn is_driven(&self, subject: &str, now: Time) -> Result<bool> {
        let subject = subject.to_owned();
        self.read(move |db| {
            let sql = "SELECT heartbeat FROM leases WHERE subject = ?1";
            let beat: Option<i64> = db.query_row(sql, [subject], |row| row.get(0)).optional()?;
            Ok(beat.is_some_and(|beat| alive(beat, now)))
        })
        .await
    }
}

/// Also false for a heartbeat from the future: a clock that was set back must not lock a launch for hours.
fn alive(beat: i64, now: Time) -> bool {
    let lapse = LAPSE.as_millis() as i64;
    (now.0 - beat).abs() < lapse
}
