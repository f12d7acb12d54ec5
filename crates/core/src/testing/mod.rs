//! A fake world for tests: a small stateful EC2 with eventual consistency, agents that install by the plan, a keychain in
//! memory, and faults by script. Its clock is tokio's, so that a launch takes milliseconds of real time.

mod account;
mod agent;
mod cloud;
mod faults;
mod impostor;
mod secrets;

use std::path::PathBuf;
use std::sync::atomic::{AtomicI64, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use tokio::time::Instant;

pub use faults::{Fault, Faults};
pub use impostor::ConsoleShows;
pub use state::Contents;

use crate::clock::Clock;
use crate::engine::{Engine, LaunchRequest, Options, Profile, Source};
use crate::error::Result;
use crate::notices::Notices;
use crate::view::KeysIn;
use state::State;

mod state;

/// Name of the fake world's practice profile.
pub const PROFILE: &str = "test";
/// Name of the fake world's profile that costs money.
pub const ACCOUNT: &str = "account";
/// Id of the recipe that [`ACCOUNT`] can install.
const PAID_RECIPE: &str = "paid-site";
/// What it can be installed on.
const FAMILIES: &str = "family = \"windows-2022\"\nother_families = [\"windows-2025\"]";
/// The region that profiles of the fake world work in.
pub const REGION: &str = "test-1";

/// A fake world. Cheap to clone; all clones are the same world.
#[derive(Clone)]
pub struct World {
    state: Arc<Mutex<State>>,
    clock: Clock,
    /// Milliseconds that the computer slept.
    slept: Arc<AtomicI64>,
    folder: PathBuf,
    /// The region that this handle looks at.
    region: String,
    /// What goes wrong, and when.
    pub faults: Faults,
}

impl World {
    /// An empty world whose engines keep their journal in `folder`. Call it on a runtime with paused time.
    pub fn new(folder: impl Into<PathBuf>) -> Self {
        let (running, slept) = (Clock::virtual_time(), Arc::<AtomicI64>::default());
        let asleep = Arc::clone(&slept);
        let clock = Clock::new(move || {
            let asleep = asleep.load(Ordering::Relaxed);
            running.now().plus(Duration::from_millis(asleep.unsigned_abs()))
        });
        World {
            state: Arc::default(),
            clock,
            slept,
            folder: folder.into(),
            region: REGION.into(),
            faults: Faults::default(),
        }
    }

    /// How many lines more than usual the agents of coming launches say in each step.
    pub fn set_chatter(&self, lines: u32) {
        self.lock().chatter = lines;
    }

    /// The same world for engines that keep their journal in another folder.
    #[must_use]
    pub fn seen_from(&self, folder: impl Into<PathBuf>) -> Self {
        World {
            folder: folder.into(),
            ..self.clone()
        }
    }

    /// The computer sleeps: its wall clock goes on, its own clock stands still.
    pub fn sleep(&self, time: Duration) {
        let millis = i64::try_from(time.as_millis()).unwrap_or(i64::MAX);
        self.slept.fetch_add(millis, Ordering::Relaxed);
    }

    /// How long a read may miss what was just created.
    pub fn set_lag(&self, lag: Duration) {
        self.lock().lag = lag;
    }

    /// An engine as a face would open it. A second one on the same world stands for another process.
    pub async fn engine(&self) -> Result<Engine> {
        self.write_paid_recipe()?;
        let profiles = vec![self.profile(PROFILE, true), self.profile(ACCOUNT, false)];
        Engine::open(Options {
            journal: self.folder.join("journal.db"),
            recipes: self.folder.join("recipes"),
            profiles,
            agent: Arc::new(self.clone()),
            clock: self.clock.clone(),
            notices: Notices::default(),
        })
        .await
    }

    /// The same world as another computer sees it, with a journal of its own.
    pub fn at(&self, folder: impl Into<PathBuf>) -> Self {
        World {
            folder: folder.into(),
            ..self.clone()
        }
    }

    /// A profile of this world; one that is not practice costs money and asks for a recipe of its kind.
    pub fn profile(&self, name: &str, practice: bool) -> Profile {
        let world = self.clone();
        Profile {
            name: name.into(),
            region: REGION.into(),
            region_title: str::to_owned,
            practice,
            keys: if practice {
                KeysIn::Nowhere
            } else {
                KeysIn::Keychain
            },
            cloud: Arc::new(move |region| {
                Arc::new(World {
                    region: region.to_owned(),
                    ..world.clone()
                })
            }),
            secrets: Arc::new(self.clone()),
        }
    }

    /// A request for the practice recipe as one for an account that costs money.
    pub fn paid(name: &str) -> LaunchRequest {
        LaunchRequest::new(name, ACCOUNT, Source::Recipe(PAID_RECIPE.into()))
    }

    /// Puts the practice recipe where an account that costs money may use it.
    fn write_paid_recipe(&self) -> Result<()> {
        let text = include_str!("../../../../recipes/practice-site.toml");
        let text = text
            .replace("worlds = [\"practice\"]", "worlds = [\"ec2\"]")
            .replace("family = \"practice-windows\"", FAMILIES)
            .replace("\"practice-site\"", &format!("\"{PAID_RECIPE}\""));
        let folder = self.folder.join("recipes");
        std::fs::create_dir_all(&folder)?;
        Ok(std::fs::write(folder.join(format!("{PAID_RECIPE}.toml")), text)?)
    }

    /// A request for the practice recipe, with answers.
    pub fn request(name: &str, answers: &[(&str, &str)]) -> LaunchRequest {
        LaunchRequest {
            answers: answers
                .iter()
                .map(|(id, value)| ((*id).into(), (*value).into()))
                .collect(),
            ..LaunchRequest::new(name, PROFILE, Source::Recipe("practice-site".into()))
        }
    }

    /// What the world holds, as its own ledger says, whatever reads show.
    pub fn contents(&self) -> Contents {
        self.lock().contents()
    }

    /// How many requests of a name were made.
    pub fn calls(&self, name: &str) -> usize {
        self.faults.calls(name)
    }

    /// How many requests of a name went wrong by the script of faults.
    pub fn failed(&self, name: &str) -> usize {
        self.faults.failed(name)
    }

    /// Names of the secrets that are kept.
    pub fn secret_names(&self) -> Vec<String> {
        self.lock().secrets.keys().cloned().collect()
    }

    fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// How many cases a test tries: more in the long run, which `SLIPWAY_LONG` asks for.
pub fn cases(usual: u64, long: u64) -> u64 {
    if std::env::var_os("SLIPWAY_LONG").is_some() {
        long
    } else {
        usual
    }
}

/// Whether a test may do without something: where somebody reads that it did, or where `SLIPWAY_MAY_LACK` names it.
pub fn may_lack(what: &str) -> bool {
    let set = |name: &str| std::env::var(name).unwrap_or_default();
    let may_lack = set("SLIPWAY_MAY_LACK");
    let somebody_reads = matches!(set("CI").as_str(), "" | "false");
    somebody_reads
        || may_lack
            .split(',')
            .any(|given| !given.is_empty() && what.contains(given))
}

/// Time since something was made.
fn age(made: Instant) -> Duration {
    made.elapsed()
}
