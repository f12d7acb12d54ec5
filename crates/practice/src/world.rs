//! The handle on a practice world that a face holds.

use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use slipway_core::error::{Error, ErrorKind, Result};
use slipway_core::notices::Notices;

use crate::layout::Layout;
use crate::ledger::Ledger;
use crate::pace::Pace;
use crate::process::{self, OsProcess};
use crate::trouble::Outcome;

/// Shortest pause between two reads, however fast the machines live.
const SHORTEST_PAUSE: Duration = Duration::from_millis(100);
/// The same while nothing is about to change: a face at rest leaves the processor alone.
const SHORTEST_REST: Duration = Duration::from_secs(1);

/// What a practice world needs to know.
#[derive(Clone)]
pub struct PracticeOptions {
    /// Its folder, `practice` in the data folder; made where it is missing.
    pub folder: PathBuf,
    /// `slipway-agent`.
    pub agent_program: PathBuf,
    /// `slipway-practice-machine`.
    pub machine_program: PathBuf,
    /// All waiting is divided by this; 1 is life.
    pub speed: f64,
    /// Where the user is told that damaged records were set aside.
    pub notices: Notices,
}

/// A small cloud on this computer. Cheap to clone.
#[derive(Clone)]
pub struct PracticeCloud {
    world: Arc<World>,
}

/// What the requests work with.
pub(crate) struct World {
    pub options: PracticeOptions,
    pub layout: Layout,
    pub ledger: Ledger,
    /// The bits of the speed in use, which can change while the world is open.
    speed: AtomicU64,
}

impl PracticeCloud {
    /// The world in a folder. The first request opens it, or begins a new one there.
    pub fn open(options: PracticeOptions) -> Result<Self> {
        let world = World::open(options).map_err(Error::from)?;
        Ok(PracticeCloud {
            world: Arc::new(world),
        })
    }

    /// How fast machines that boot from now on live.
    pub fn speed(&self) -> f64 {
        self.world.speed()
    }

    /// Changes how fast machines that boot from now on live; those that run keep their speed.
    pub fn set_speed(&self, speed: f64) {
        self.world.speed.store(speed.to_bits(), Ordering::Relaxed);
    }

    /// A read costs next to nothing here; its pace follows the machines'.
    pub(crate) fn reading_pace(&self) -> slipway_core::ports::Pace {
        let life = Pace::new(self.world.speed());
        slipway_core::ports::Pace {
            pending: life.of(1.0).max(SHORTEST_PAUSE),
            idle: life.of(3.0).max(SHORTEST_REST),
            settling: Duration::ZERO,
        }
    }

    /// The processes on this computer that belong to this world: machines, agents, and what those started. For
    /// tests and for reports of what is left over.
    pub async fn machine_processes(&self) -> Result<Vec<OsProcess>> {
        self.ask(|world| Ok(process::below(&world.layout.machines())?))
            .await
    }

    /// Runs a request where it may block on the disk.
    pub(crate) async fn ask<T: Send + 'static>(
        &self,
        request: impl FnOnce(&World) -> Outcome<T> + Send + 'static,
    ) -> Result<T> {
        let world = Arc::clone(&self.world);
        match tokio::task::spawn_blocking(move || request(&world)).await {
            Ok(outcome) => outcome.map_err(Error::from),
            Err(cause) => {
                Err(Error::new(ErrorKind::Internal, "The practice cloud broke off.").because(&cause))
            }
        }
    }
}

impl World {
    fn open(mut options: PracticeOptions) -> Outcome<Self> {
        options.folder = std::path::absolute(&options.folder)?;
        let layout = Layout::new(options.folder.clone());
        let ledger = Ledger::of_cloud(&layout, options.notices.clone());
        Ok(World {
            speed: AtomicU64::new(options.speed.to_bits()),
            options,
            layout,
            ledger,
        })
    }

    /// How fast machines that boot now live.
    pub fn speed(&self) -> f64 {
        f64::from_bits(self.speed.load(Ordering::Relaxed))
    }
}
