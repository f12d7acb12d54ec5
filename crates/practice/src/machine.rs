//! One machine: what `slipway-practice-machine --folder …` does from power on to power off.

mod agent;
mod boot;
pub(crate) mod console;
mod copying;
mod desk;
mod metadata;
pub(crate) mod password;
mod power;
mod site;
pub(crate) mod snapshot;
mod web;

pub use agent::{HOST, SPEED};
pub use desk::as_desk_program;
pub use power::run;

use std::sync::Arc;

use slipway_core::error::Error;
use slipway_core::files;

use crate::layout::{Hardware, MachineFolder};
use crate::ledger::Ledger;
use crate::ledger::instances::{self, Row};
use crate::pace::Pace;
use crate::trouble::{Outcome, Trouble, not_found};

/// A machine, as its own process sees it. Cheap to clone.
#[derive(Clone)]
pub(crate) struct Machine {
    folder: MachineFolder,
    hardware: Hardware,
    pace: Pace,
    ledger: Arc<Ledger>,
    id: String,
}

impl Machine {
    /// Reads how it was asked to run. Blocks.
    fn open(folder: MachineFolder) -> Outcome<Self> {
        let hardware: Hardware = serde_json::from_slice(&files::read(&folder.hardware(), files::SMALL)?)?;
        Ok(Machine {
            pace: Pace::new(hardware.speed),
            ledger: Arc::new(Ledger::of_machine(&folder.world())?),
            id: folder.instance(),
            folder,
            hardware,
        })
    }

    /// What the cloud has of it now.
    async fn row(&self) -> Outcome<Row> {
        let id = self.id.clone();
        let row = self.ask(move |machine| machine.ledger.read(|ledger| instances::get(ledger, &machine.id)));
        row.await?.ok_or_else(|| not_found("server", &id))
    }

    /// Does something that may block.
    async fn ask<T: Send + 'static>(
        &self,
        work: impl FnOnce(&Machine) -> Outcome<T> + Send + 'static,
    ) -> Outcome<T> {
        let machine = self.clone();
        let done = tokio::task::spawn_blocking(move || work(&machine)).await;
        done.unwrap_or_else(|cause| {
            let kind = slipway_core::error::ErrorKind::Internal;
            Err(Trouble::Told(
                Error::new(kind, "The machine broke off.").because(&cause),
            ))
        })
    }

    /// Tells the serial console.
    fn say(&self, text: &str) -> Outcome<()> {
        Ok(console::write(&self.folder, text)?)
    }
}
