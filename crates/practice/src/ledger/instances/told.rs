//! What machines tell of themselves, and what is concluded when one says nothing any more.

use rusqlite::{Connection, params};
use slipway_core::cloud::InstanceState;
use slipway_protocol::Time;

use super::Row;
use crate::ledger::images;
use crate::trouble::Outcome;

/// How long EC2 shows a terminated instance (EC2 User Guide, "Terminate your instance").
const SHOWN_AFTERWARDS_MILLIS: i64 = 3_600_000;
const DIED: &str = "The machine's process ended unexpectedly; this computer may have been restarted.";
const SHUT_DOWN: &str = "Client.InstanceInitiatedShutdown: Instance initiated shutdown";
const IMAGE_BROKEN_OFF: &str = "The machine's process ended while the image was being made.";

/// Takes on the starting of a machine's process. False where somebody else was first.
pub fn claim(ledger: &Connection, id: &str) -> Outcome<bool> {
    let update =
        "UPDATE instances SET spawned = ?, held = 0, tries = tries + 1 WHERE id = ? AND spawned IS NULL";
    Ok(ledger.execute(update, params![Time::now().0, id])? == 1)
}

/// The machine's process has taken hold of its folder.
pub fn held(ledger: &Connection, id: &str) -> Outcome<()> {
    ledger.execute("UPDATE instances SET held = 1, tries = 0 WHERE id = ?", [id])?;
    Ok(())
}

/// The machine is powered on.
pub fn running(ledger: &Connection, id: &str) -> Outcome<()> {
    let update = "UPDATE instances SET state = 'running' WHERE id = ? AND state = 'pending'";
    ledger.execute(update, [id])?;
    Ok(())
}

/// The Administrator password, encrypted to the key pair.
pub fn password(ledger: &Connection, id: &str, data: &str) -> Outcome<()> {
    ledger.execute("UPDATE instances SET password_data = ? WHERE id = ?", [data, id])?;
    Ok(())
}

/// A program on the machine asks for a restart.
pub fn restarts(ledger: &Connection, id: &str) -> Outcome<()> {
    ledger.execute("UPDATE instances SET restarts = restarts + 1 WHERE id = ?", [id])?;
    Ok(())
}

/// A program on the machine shuts it down, which stops an instance (EC2 User Guide, "Change the instance initiated
/// shutdown behavior").
pub fn shuts_down(ledger: &Connection, id: &str) -> Outcome<()> {
    let update = "UPDATE instances SET state = 'stopping', reason = ? WHERE id = ? AND state IN ('pending', 'running')";
    ledger.execute(update, [SHUT_DOWN, id])?;
    Ok(())
}

/// The image that was asked for is done, one way or the other.
pub fn image_done(ledger: &Connection, id: &str) -> Outcome<()> {
    ledger.execute("UPDATE instances SET image = NULL WHERE id = ?", [id])?;
    Ok(())
}

/// The machine can't go on, and why.
pub fn failed(ledger: &Connection, id: &str, reason: &str) -> Outcome<()> {
    let update = "UPDATE instances SET reason = ? WHERE id = ? AND state IN ('pending', 'running')";
    ledger.execute(update, [reason, id])?;
    Ok(())
}

/// Something about the machine does not work, and what; tried again by the next reader.
pub fn noted(ledger: &Connection, id: &str, reason: &str) -> Outcome<()> {
    ledger.execute("UPDATE instances SET reason = ? WHERE id = ?", [reason, id])?;
    Ok(())
}

/// A process was started and never took hold: another one is wanted.
pub fn never_came_up(ledger: &Connection, id: &str) -> Outcome<()> {
    ledger.execute("UPDATE instances SET spawned = NULL WHERE id = ?", [id])?;
    Ok(())
}

/// The machine's process is gone with all that it started: what follows for the instance.
pub fn conclude(ledger: &Connection, row: &Row) -> Outcome<()> {
    if let Some(image) = &row.image {
        images::fail(ledger, image, IMAGE_BROKEN_OFF)?;
        image_done(ledger, &row.id)?;
    }
    if row.state == InstanceState::ShuttingDown {
        let update = "UPDATE instances SET state = 'terminated', ended = ? WHERE id = ?";
        ledger.execute(update, params![Time::now().0, row.id])?;
        return forget_old(ledger);
    }
    let update = "UPDATE instances SET state = 'stopped', reason = COALESCE(reason, ?) WHERE id = ?";
    ledger.execute(update, [DIED, &row.id])?;
    Ok(())
}

fn forget_old(ledger: &Connection) -> Outcome<()> {
    let limit = Time::now().0 - SHOWN_AFTERWARDS_MILLIS;
    let old = "state = 'terminated' AND ended < ?";
    ledger.execute(
        &format!("DELETE FROM tags WHERE resource IN (SELECT id FROM instances WHERE {old})"),
        [limit],
    )?;
    ledger.execute(&format!("DELETE FROM instances WHERE {old}"), [limit])?;
    Ok(())
}
