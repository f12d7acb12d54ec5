//! What the app asks of instances.

use rusqlite::{Connection, OptionalExtension, params};
use slipway_core::cloud::{CreateImage, ImageChoice, ImageState, InstanceState, RunInstance};
use slipway_core::error::{Error, ErrorKind};
use slipway_protocol::Time;

use super::{demand, ports};
use crate::account::{FAMILY, check_size};
use crate::ids;
use crate::ledger::{groups, images, key_pairs, tags};
use crate::trouble::{Outcome, Trouble, input, not_found, wrong_state};

/// Largest user data, in bytes (EC2 User Guide, "User data").
const MAX_USER_DATA: usize = 16 * 1024;
/// Smallest and largest disk in GiB; the disk is a folder, so this is for the form only.
const DISK: std::ops::RangeInclusive<u32> = 1..=1024;
const STOPPED_BY_USER: &str = "Client.UserInitiatedShutdown: User initiated shutdown";

/// Writes a launch down. The same token gives the same instance.
pub fn run(ledger: &Connection, request: &RunInstance) -> Outcome<String> {
    let text = serde_json::to_string(request)?;
    let known = "SELECT id, request FROM instances WHERE token = ?";
    let columns = |row: &rusqlite::Row<'_>| Ok((row.get::<_, String>(0)?, row.get::<_, String>(1)?));
    if let Some((id, first)) = ledger.query_row(known, [&request.token], columns).optional()? {
        return if first == text { Ok(id) } else { Err(mismatch()) };
    }
    check(ledger, request)?;
    let public_key = key_pairs::public_key(ledger, &request.key_name)?
        .ok_or_else(|| not_found("key pair", &request.key_name))?;
    let id = ids::new("i")?;
    insert(ledger, &id, request, &public_key)?;
    Ok(id)
}

/// Writes an instance down under an id. What it asks for has been checked.
pub fn insert(ledger: &Connection, id: &str, request: &RunInstance, public_key: &str) -> Outcome<()> {
    let ports = ports::choose(ledger)?;
    ledger.execute(
        "INSERT INTO instances (id, token, request, public_key, group_id, state, metadata_port, agent_port, site_port,
             rdp_port, started)
         VALUES (?, ?, ?, ?, ?, 'pending', ?, ?, ?, ?, ?)",
        params![
            id,
            request.token,
            serde_json::to_string(request)?,
            public_key,
            request.group,
            ports.metadata,
            ports.agent,
            ports.site,
            ports.rdp,
            Time::now().0
        ],
    )?;
    tags::set(ledger, id, &request.tags)
}

/// Gives an instance other ports than those that were chosen: agent, site, Remote Desktop.
pub fn listen_on(ledger: &Connection, id: &str, (agent, site, rdp): (u16, u16, u16)) -> Outcome<()> {
    let update = "UPDATE instances SET agent_port = ?, site_port = ?, rdp_port = ? WHERE id = ?";
    ledger.execute(update, params![agent, site, rdp, id])?;
    Ok(())
}

/// Starts a stopped instance; fine where it runs.
pub fn start(ledger: &Connection, id: &str) -> Outcome<()> {
    let row = demand(ledger, id)?;
    match row.state {
        InstanceState::Pending | InstanceState::Running => Ok(()),
        InstanceState::Stopped if row.image.is_some() => Err(wrong_state(
            format!("An image of the server {id} is being made, so it can't be started now."),
            "Start it when the image is done.",
        )),
        InstanceState::Stopped => {
            let update = "UPDATE instances SET state = 'pending', reason = NULL, started = ?, spawned = NULL, held = 0,
                tries = 0 WHERE id = ?";
            ledger.execute(update, params![Time::now().0, id])?;
            Ok(())
        }
        InstanceState::Stopping => Err(wrong_state(
            format!("The server {id} is still stopping."),
            "Start it when it has stopped.",
        )),
        InstanceState::ShuttingDown | InstanceState::Terminated => Err(gone(id)),
    }
}

/// Stops an instance; fine where it is stopped.
pub fn stop(ledger: &Connection, id: &str) -> Outcome<()> {
    match demand(ledger, id)?.state {
        InstanceState::Stopping | InstanceState::Stopped => Ok(()),
        InstanceState::Pending | InstanceState::Running => {
            let update = "UPDATE instances SET state = 'stopping', reason = ? WHERE id = ?";
            ledger.execute(update, [STOPPED_BY_USER, id])?;
            Ok(())
        }
        InstanceState::ShuttingDown | InstanceState::Terminated => Err(gone(id)),
    }
}

/// Restarts a running instance.
pub fn restart(ledger: &Connection, id: &str) -> Outcome<()> {
    match demand(ledger, id)?.state {
        InstanceState::Pending | InstanceState::Running => {
            ledger.execute("UPDATE instances SET restarts = restarts + 1 WHERE id = ?", [id])?;
            Ok(())
        }
        InstanceState::Stopping | InstanceState::Stopped => Err(wrong_state(
            format!("The server {id} is not running, so it can't be restarted."),
            "Start it instead.",
        )),
        InstanceState::ShuttingDown | InstanceState::Terminated => Err(gone(id)),
    }
}

/// Ends an instance for good; fine where it is gone.
pub fn terminate(ledger: &Connection, id: &str) -> Outcome<()> {
    let update = "UPDATE instances SET state = 'shutting-down', reason = ? WHERE id = ?
        AND state NOT IN ('shutting-down', 'terminated')";
    ledger.execute(update, [STOPPED_BY_USER, id])?;
    Ok(())
}

/// Asks for an image of an instance. One that runs goes down for it and comes back.
pub fn image(ledger: &Connection, request: &CreateImage) -> Outcome<String> {
    let image = ids::new("ami")?;
    image_as(ledger, &image, request)?;
    Ok(image)
}

/// The same under a given id.
pub fn image_as(ledger: &Connection, image: &str, request: &CreateImage) -> Outcome<()> {
    let row = demand(ledger, &request.instance)?;
    let id = &row.id;
    if !matches!(row.state, InstanceState::Running | InstanceState::Stopped) {
        return Err(wrong_state(
            format!("The server {id} is on its way up or down, so no image can be made of it now."),
            "Try again when it runs or has stopped.",
        ));
    }
    if row.image.is_some() {
        return Err(wrong_state(
            format!("Another image of the server {id} is being made."),
            "Try again when that one is done.",
        ));
    }
    images::create(ledger, image, request, row.request.disk_gib)?;
    let update = "UPDATE instances SET image = ?1, spawned = IIF(state = 'stopped', NULL, spawned),
        held = IIF(state = 'stopped', 0, held), tries = 0 WHERE id = ?2";
    ledger.execute(update, [image, id])?;
    Ok(())
}

fn check(ledger: &Connection, request: &RunInstance) -> Outcome<()> {
    check_size(&request.size)?;
    groups::demand(ledger, &request.group)?;
    check_image(ledger, &request.image)?;
    if request.user_data.len() > MAX_USER_DATA {
        return Err(input(format!(
            "The user data has {} bytes; at most {MAX_USER_DATA} are possible.",
            request.user_data.len()
        )));
    }
    if !DISK.contains(&request.disk_gib) {
        return Err(input(format!(
            "A disk of {} GiB is not possible; choose from {} to {}.",
            request.disk_gib,
            DISK.start(),
            DISK.end()
        )));
    }
    Ok(())
}

/// Refuses an image that can't be launched from.
pub fn check_image(ledger: &Connection, image: &ImageChoice) -> Outcome<()> {
    match image {
        ImageChoice::Family(family) if family == FAMILY => Ok(()),
        ImageChoice::Family(family) => {
            let sentence = format!("The practice cloud has no base image “{family}”.");
            let hint = "Recipes for practice start from “practice-windows”; this one needs another profile.";
            Err(Error::new(ErrorKind::Unsupported, sentence).hint(hint).into())
        }
        ImageChoice::Own(id) => match images::get(ledger, id)? {
            None => Err(not_found("image", id)),
            Some(image) if image.state == ImageState::Available => Ok(()),
            Some(image) => Err(wrong_state(
                format!(
                    "The image “{}” can't be launched from: it is not finished.",
                    image.name
                ),
                "Wait until it is available, or choose another one.",
            )),
        },
    }
}

fn gone(id: &str) -> Trouble {
    wrong_state(
        format!("The server {id} has been terminated."),
        "Launch a new one.",
    )
}

fn mismatch() -> Trouble {
    let sentence = "This launch was already sent with other values, so it can't be sent again.";
    let mut error = Error::new(ErrorKind::Input, sentence).hint("Start a new launch.");
    error
        .causes
        .push("IdempotentParameterMismatch: the client token was used with another request".into());
    error.into()
}
