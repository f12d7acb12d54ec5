//! The engine: what every face talks to. It owns the journal and the drivers; a face that closes takes nothing down.

mod access;
mod account;
mod acts;
mod admission;
mod adopt;
mod attend;
mod choices;
mod consent;
mod draft;
mod images;
mod news;
mod places;
mod power;
mod preferences;
mod preview;
mod profiles;
mod proposals;
mod request;
mod servers;
mod watch;

pub use attend::Attendance;
pub use news::News;
pub use places::{OpenCloud, Profile};
pub use preferences::Preferences;
pub use request::{FAILED_MINUTES, LaunchRequest, Source};
pub use watch::Watch;

use std::collections::HashMap;
use std::path::PathBuf;
use std::sync::{Arc, Mutex};

use places::{Place, Places};
use slipway_protocol::Time;
use tokio::sync::Notify;

use crate::clock::Clock;
use crate::error::{Error, ErrorKind, Result};
use crate::launch::Launch;
use crate::launch::steps::World;
use crate::ledger::Ledger;
use crate::names;
use crate::noted::{NotedCloud, NotedSecrets};
use crate::notices::Notices;
use crate::ports::{Agent, Cloud};
use crate::recipe::Library;
use crate::retries::Retries;
use crate::store::Store;

/// What an engine is made of.
pub struct Options {
    /// The journal's file.
    pub journal: PathBuf,
    /// A folder with the user's own recipes.
    pub recipes: PathBuf,
    /// At least one.
    pub profiles: Vec<Profile>,
    /// The way to the agents.
    pub agent: Arc<dyn Agent>,
    /// The clock.
    pub clock: Clock,
    /// What is told beside what was asked for, also by parts outside the engine.
    pub notices: Notices,
}

/// The product behind every face. Cheap to clone.
#[derive(Clone)]
pub struct Engine {
    inner: Arc<Inner>,
}

struct Inner {
    store: Store,
    clock: Clock,
    agent: Arc<dyn Agent>,
    library: Library,
    places: Mutex<Places>,
    woke: Arc<Notify>,
    drivers: Mutex<attend::Drivers>,
    /// When each server's status service was last tried to be closed.
    closing: Mutex<HashMap<String, Time>>,
    notices: Notices,
}

impl Engine {
    /// Opens the journal and the recipes. Must be called on a tokio runtime.
    pub async fn open(options: Options) -> Result<Self> {
        let (store, set_aside) = Store::open(&options.journal).await?;
        let mut places = Places::default();
        options
            .profiles
            .into_iter()
            .for_each(|profile| places.put(profile));
        let inner = Inner {
            library: Library::open(&options.recipes),
            clock: options.clock.clone(),
            agent: options.agent,
            places: Mutex::new(places),
            woke: Arc::default(),
            drivers: Mutex::default(),
            closing: Mutex::default(),
            notices: options.notices,
            store: store.clone(),
        };
        let engine = Engine {
            inner: Arc::new(inner),
        };
        engine.mark_for_rebuild(set_aside).await?;
        engine.rebuild_where_marked().await?;
        Ok(engine)
    }

    /// The recipes.
    pub fn library(&self) -> &Library {
        &self.inner.library
    }

    /// What the user should be told beside what was asked for, such as that a journal was set aside, or that a start which
    /// was looked after in the background did not go well. Each is told once; [`crate::event::Event::Notice`] says when
    /// there is one.
    pub fn notices(&self) -> Vec<String> {
        self.inner.notices.take()
    }

    fn tell(&self, notice: String) {
        self.inner.notices.tell(notice);
    }

    /// The journal, for small values that a face remembers.
    pub fn store(&self) -> &Store {
        &self.inner.store
    }

    /// Everything that the steps of a launch, or of a job about it, may use.
    fn world(&self, launch: &Launch, subject: &str) -> Result<World> {
        let retried = launch.waiting.as_ref().filter(|waiting| !waiting.needs_user);
        let retries = Retries::new(self.inner.clock.clone(), retried);
        self.world_retrying(launch, subject, retries)
    }

    /// The same with what is being retried for the subject.
    fn world_retrying(&self, launch: &Launch, subject: &str, retries: Retries) -> Result<World> {
        let place = self.place_of(launch)?;
        let (store, clock) = (self.inner.store.clone(), self.inner.clock.clone());
        let cloud: Arc<dyn Cloud> = Arc::new(NotedCloud::new(Arc::clone(&place.cloud), retries.clone()));
        let ledger = Ledger::new(store.clone(), clock.clone(), Arc::clone(&cloud), subject);
        let secrets = Arc::clone(&place.profile.secrets);
        Ok(World {
            ledger: ledger.reporting(retries.clone()),
            cloud,
            agent: Arc::clone(&self.inner.agent),
            secrets: Arc::new(NotedSecrets::new(secrets, retries.clone())),
            retries,
            store,
            clock,
            reads: place.reads.clone(),
            crowd: Arc::clone(&place.crowd),
            woke: Arc::clone(&self.inner.woke),
        })
    }

    /// The launch of an id; an error that names it where there is none.
    async fn launch_by_id(&self, id: &str) -> Result<Launch> {
        let found = self.inner.store.launch(id).await?;
        found.map(|(launch, _)| launch).ok_or_else(|| {
            Error::new(
                ErrorKind::NotFound,
                format!("There is no server “{}”.", names::shown(id)),
            )
        })
    }
}
