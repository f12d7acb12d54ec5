//! Brings the ledger and the machine processes together: starts what is wanted, notices what has died, ends what was
//! left over. Every reader does this first, so no daemon is needed, and a crash of any process is mended by the next.

use std::io::ErrorKind;
use std::time::Duration;

use slipway_core::cloud::InstanceState;
use slipway_protocol::Time;

use crate::layout::{Hardware, MachineFolder};
use crate::ledger::instances::{self, Row};
use crate::process;
use crate::trouble::{Outcome, Trouble};
use crate::world::World;

/// How long a started process may take to take hold of its folder.
const GRACE: Duration = Duration::from_secs(5);
/// How long it may take until it can be seen. Whoever starts one may be killed before it does, so a process that nobody
/// sees is not waited for.
const UNSEEN: Duration = Duration::from_secs(1);
/// How many processes may fail to do so in a row.
const TRIES: u32 = 3;

/// Settles every instance. Blocks.
pub fn settle(world: &World) -> Outcome<()> {
    for row in world.ledger.read(instances::live)? {
        match settle_one(world, &row) {
            // One machine that can't be tidied up must not hide the others: it says so itself.
            Err(Trouble::File(cause)) => {
                let reason = format!("The machine’s folder can’t be used: {cause}.");
                world
                    .ledger
                    .change(|ledger| instances::noted(ledger, &row.id, &reason))?;
            }
            other => other?,
        }
    }
    Ok(())
}

fn settle_one(world: &World, row: &Row) -> Outcome<()> {
    if row.wants_process() {
        return start(world, row);
    }
    let folder = world.layout.machine(&row.id);
    if !row.should_live() || process::lives(&folder)? || is_coming_up(row, &folder)? {
        return Ok(());
    }
    // Whoever holds the folder knows that no machine comes up in it and that nobody else is cleaning up.
    let Some(hold) = process::hold(&folder)? else {
        return Ok(());
    };
    let gone = match world.ledger.read(|ledger| instances::get(ledger, &row.id))? {
        Some(now) if now == *row => clean_up(world, row, &folder)?,
        // Another reader cleaned up in between, and taking hold has made the folder anew.
        Some(now) if now.state == InstanceState::Terminated => remove(&folder).map(|()| true)?,
        Some(_) | None => false,
    };
    drop(hold);
    if gone {
        // Only where the hold was left in it is it still there.
        let _ = std::fs::remove_dir(folder.path());
    }
    Ok(())
}

/// Starts a machine, unless another process was first.
fn start(world: &World, row: &Row) -> Outcome<()> {
    if !world.ledger.change(|ledger| instances::claim(ledger, &row.id))? {
        return Ok(());
    }
    let hardware = Hardware {
        agent_program: world.options.agent_program.clone(),
        speed: world.speed(),
    };
    let folder = world.layout.machine(&row.id);
    let started = process::start_machine(&world.options.machine_program, &folder, &hardware);
    if let Err(cause) = started {
        let program = world.options.machine_program.display();
        let reason = format!("The machine's program {program} can't be started: {cause}.");
        world.ledger.change(|ledger| {
            instances::failed(ledger, &row.id, &reason)?;
            instances::conclude(ledger, row)
        })?;
    }
    Ok(())
}

/// Whether the machine is gone for good.
fn clean_up(world: &World, row: &Row, folder: &MachineFolder) -> Outcome<bool> {
    process::end_all(folder.path())?;
    let terminated = row.state == InstanceState::ShuttingDown;
    if terminated {
        remove(folder)?;
    }
    if let Some(image) = &row.image {
        crate::machine::snapshot::remove(&world.layout, image)?;
    }
    world.ledger.change(|ledger| {
        if !row.held && row.tries < TRIES && row.state == InstanceState::Pending {
            return instances::never_came_up(ledger, &row.id);
        }
        instances::conclude(ledger, row)
    })?;
    Ok(terminated)
}

fn is_coming_up(row: &Row, folder: &MachineFolder) -> Outcome<bool> {
    let Some(spawned) = row.spawned.filter(|_| !row.held) else {
        return Ok(false);
    };
    let since = Duration::from_millis(Time::now().millis_since(spawned));
    Ok(since < UNSEEN || (since < GRACE && !process::below(folder.path())?.is_empty()))
}

/// Not every disk of Windows lets go of a file that is open: the hold may be left, and goes when it is dropped.
fn remove(folder: &MachineFolder) -> Outcome<()> {
    match std::fs::remove_dir_all(folder.path()) {
        Err(error) if error.kind() == ErrorKind::NotFound => Ok(()),
        Err(error) if error.kind() == ErrorKind::DirectoryNotEmpty && only_hold_is_left(folder)? => Ok(()),
        other => Ok(other?),
    }
}

fn only_hold_is_left(folder: &MachineFolder) -> std::io::Result<bool> {
    for entry in std::fs::read_dir(folder.path())? {
        if entry?.path() != folder.lock() {
            return Ok(false);
        }
    }
    Ok(true)
}
