//! Power: what a machine does about what is asked of it, until it is switched off.

use std::convert::Infallible;
use std::fs::File;
use std::net::Ipv4Addr;
use std::path::PathBuf;
use std::time::{Duration, Instant};

use slipway_core::cloud::InstanceState;

use crate::layout::MachineFolder;
use crate::ledger::instances::{self, Row};
use crate::machine::boot::{Boot, boot};
use crate::machine::{Machine, agent, copying, desk, metadata, site, snapshot, web};
use crate::pace::look_again;
use crate::process;
use crate::trouble::{Outcome, Trouble};

/// How long another process may look into the folder while the machine wants to take hold of it.
const PATIENCE: Duration = Duration::from_secs(4);
/// How long programs go on after a stop was asked for: `shutdown.exe` has to report that it was heard before the power
/// goes, and Windows gives services five seconds (Microsoft Learn, "WaitToKillServiceTimeout").
const GOING_DOWN_SECONDS: f64 = 5.0;

/// What is asked of a machine.
#[derive(Debug, Clone, PartialEq, Eq)]
enum Order {
    /// Switch off.
    Off,
    /// Restart; the count of restarts that this one answers.
    Restart(u32),
    /// Make an image, then come back.
    Image(String),
}

/// Runs the machine in this folder until it is switched off. Returns at once where it runs already.
pub async fn run(folder: PathBuf) -> Outcome<()> {
    let folder = MachineFolder::new(std::path::absolute(folder)?);
    let Some(hold) = take_hold(&folder).await? else {
        return Ok(());
    };
    let machine = Machine::open(folder)?;
    let ended = live(&machine).await;
    let noted = match &ended {
        Ok(()) => Ok(()),
        Err(trouble) => note(&machine, reason(trouble)).await,
    };
    // Also where the records can't be written: nothing may run on that nobody knows of.
    power_off(&machine).await?;
    drop(hold);
    noted.and(ended)
}

async fn note(machine: &Machine, reason: String) -> Outcome<()> {
    machine
        .ask(move |machine| {
            machine
                .ledger
                .change(|ledger| instances::failed(ledger, &machine.id, &reason))
        })
        .await
}

async fn take_hold(folder: &MachineFolder) -> Outcome<Option<File>> {
    let since = Instant::now();
    while since.elapsed() < PATIENCE && folder.hardware().exists() {
        if let Some(hold) = process::hold(folder)? {
            return Ok(Some(hold));
        }
        look_again().await;
    }
    Ok(None)
}

async fn live(machine: &Machine) -> Outcome<()> {
    machine
        .ask(|machine| {
            machine
                .ledger
                .change(|ledger| instances::held(ledger, &machine.id))?;
            Ok(desk::install(&machine.folder)?)
        })
        .await?;
    let mut seen = machine.row().await?.restarts;
    prepare_disk(machine).await?;
    let mut how = Boot::Cold;
    loop {
        let order = tokio::select! {
            biased;
            order = next_order(machine, seen) => order?,
            ended = powered_on(machine, how) => match ended? {},
        };
        power_off(machine).await?;
        match order {
            Order::Off => return Ok(()),
            Order::Restart(count) => seen = count,
            Order::Image(image) => tokio::select! {
                () = switched_off(machine) => return Ok(()),
                taken = snapshot::take(machine, &image) => taken?,
            },
        }
        how = Boot::Warm;
    }
}

/// Everything that runs while the power is on. It ends only where the machine can't go on.
async fn powered_on(machine: &Machine, how: Boot) -> Outcome<Infallible> {
    let ports = machine.row().await?.ports;
    let metadata = web::open(Ipv4Addr::LOCALHOST, ports.metadata).await?;
    // The agent would try for ever; better to say at once that its port is taken.
    drop(web::open(ports.host, ports.agent).await?);
    let rest = async {
        boot(machine, how).await?;
        let agent = agent::keep_running(machine, ports);
        let site = site::keep_serving(machine, ports);
        tokio::select! {
            ended = agent => ended,
            ended = site => ended,
        }
    };
    tokio::select! {
        never = metadata::serve(machine.clone(), metadata) => match never {},
        ended = rest => ended,
    }
}

/// Ends the agent and everything that was started on the machine.
async fn power_off(machine: &Machine) -> Outcome<()> {
    machine
        .ask(|machine| Ok(process::end_all(machine.folder.path())?))
        .await
}

/// The disk of a new machine: a copy of its image, or an empty one.
async fn prepare_disk(machine: &Machine) -> Outcome<()> {
    let disk = machine.folder.disk();
    if disk.path().exists() {
        return Ok(());
    }
    let row = machine.row().await?;
    let Some(image) = row.own_image() else {
        return Ok(disk.format()?);
    };
    let part = machine.folder.unfinished_disk();
    copying::copy(&machine.folder.world().image(image), &part, async |_| Ok(true)).await?;
    Ok(std::fs::rename(part, disk.path())?)
}

async fn next_order(machine: &Machine, seen: u32) -> Outcome<Order> {
    loop {
        let row = current(machine).await?;
        if let Some(order) = order(row.as_ref(), seen) {
            if row.is_some_and(|row| row.state == InstanceState::Stopping) {
                machine.pace.pass(GOING_DOWN_SECONDS).await;
            }
            return Ok(order);
        }
        look_again().await;
    }
}

/// Waits for the one order that also interrupts an image.
async fn switched_off(machine: &Machine) {
    while let Ok(Some(row)) = current(machine).await {
        if is_over(row.state) {
            break;
        }
        look_again().await;
    }
}

/// `None` where the world was removed under the machine.
async fn current(machine: &Machine) -> Outcome<Option<Row>> {
    if !machine.folder.path().exists() {
        return Ok(None);
    }
    machine
        .ask(|machine| machine.ledger.read(|ledger| instances::get(ledger, &machine.id)))
        .await
}

fn order(row: Option<&Row>, seen: u32) -> Option<Order> {
    let Some(row) = row.filter(|row| !is_over(row.state)) else {
        return Some(Order::Off);
    };
    if let Some(image) = &row.image {
        return Some(Order::Image(image.clone()));
    }
    match row.state {
        InstanceState::Pending | InstanceState::Running if row.restarts > seen => {
            Some(Order::Restart(row.restarts))
        }
        InstanceState::Pending | InstanceState::Running => None,
        _ => Some(Order::Off),
    }
}

fn is_over(state: InstanceState) -> bool {
    matches!(state, InstanceState::ShuttingDown | InstanceState::Terminated)
}

/// A sentence with its causes, for the instance's state reason.
fn reason(trouble: &Trouble) -> String {
    let cause = std::error::Error::source(trouble).map(|cause| format!(": {cause}"));
    format!(
        "The machine could not go on: {trouble}{}.",
        cause.unwrap_or_default()
    )
}
