//! The engine: what every face talks to. It owns the journal and the drivers; a face that closes takes nothing down.

mod access;
mod acts;
mod adopt;
mod attend;
mod choices;
mod draft;
mod images;
mod news;
mod power;
mod preferences;
mod request;
mod servers;
mod watch;

pub use attend::Attendance;
pub use news::News;
pub use preferences::Preferences;
pub use request::{LaunchRequest, Source};
pub use watch::Watch;

use std::collections::BTreeMap;
use std::path::PathBuf;
use std::sync::{Arc, Mutex, PoisonError};

use tokio::sync::Notify;

use crate::clock::Clock;
use crate::error::{Error, ErrorKind, Result};
use crate::launch::Launch;
use crate::launch::steps::World;
use crate::ledger::Ledger;
use crate::names;
use crate::ports::{Agent, Cloud, Secrets};
use crate::reads::Reads;
use crate::recipe::Library;
use crate::store::Store;
use crate::view::{KeysIn, ProfileView};

/// The setting that remembers the profile used last.
const CURRENT_PROFILE: &str = "profile";

/// Whose account, which region, and where its secrets are kept.
#[derive(Clone)]
pub struct Profile {
    /// Its name.
    pub name: String,
    /// The region it works in.
    pub region: String,
    /// It is the practice world: nothing costs money.
    pub practice: bool,
    /// Its cloud.
    pub cloud: Arc<dyn Cloud>,
    /// Its place for secrets.
    pub secrets: Arc<dyn Secrets>,
}

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
    profiles: BTreeMap<String, Place>,
    /// Names this process in leases.
    owner: String,
    woke: Arc<Notify>,
    drivers: Mutex<attend::Drivers>,
    notices: Mutex<Vec<String>>,
}

/// A profile with its shared reads.
struct Place {
    profile: Profile,
    reads: Reads,
}

impl Engine {
    /// Opens the journal and the recipes. Must be called on a tokio runtime.
    pub async fn open(options: Options) -> Result<Self> {
        let (store, set_aside) = Store::open(&options.journal).await?;
        let place = |profile: Profile| {
            let reads = Reads::new(Arc::clone(&profile.cloud), store.clone(), options.clock.clone());
            (profile.name.clone(), Place { profile, reads })
        };
        let profiles = options.profiles.into_iter().map(place).collect();
        let inner = Inner {
            library: Library::open(&options.recipes)?,
            clock: options.clock.clone(),
            agent: options.agent,
            profiles,
            owner: ulid::Ulid::generate().to_string(),
            woke: Arc::default(),
            drivers: Mutex::default(),
            notices: Mutex::default(),
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

    /// What the user should be told about this start, such as a journal that was set aside. Each is told once.
    pub fn notices(&self) -> Vec<String> {
        std::mem::take(&mut *self.inner.notices.lock().unwrap_or_else(PoisonError::into_inner))
    }

    /// The profiles, the one in use marked.
    pub async fn profiles(&self) -> Result<Vec<ProfileView>> {
        let current = self.current_profile().await?;
        let view = |place: &Place| ProfileView {
            name: place.profile.name.clone(),
            practice: place.profile.practice,
            region: place.profile.region.clone(),
            account: None,
            user: None,
            keys: if place.profile.practice {
                KeysIn::Nowhere
            } else {
                KeysIn::Keychain
            },
            current: place.profile.name == current,
        };
        Ok(self.inner.profiles.values().map(view).collect())
    }

    /// Name of the profile used last, or of the first.
    pub async fn current_profile(&self) -> Result<String> {
        let last = self.inner.store.setting(CURRENT_PROFILE).await?;
        let known = last.filter(|name| self.inner.profiles.contains_key(name));
        Ok(known
            .or_else(|| self.inner.profiles.keys().next().cloned())
            .unwrap_or_default())
    }

    /// Uses another profile from now on.
    pub async fn switch_profile(&self, name: &str) -> Result<()> {
        self.place(name)?;
        self.inner.store.remember(CURRENT_PROFILE, Some(name)).await
    }

    /// The cloud of a profile, for what is only read.
    pub fn cloud(&self, profile: &str) -> Result<Arc<dyn Cloud>> {
        Ok(Arc::clone(&self.place(profile)?.profile.cloud))
    }

    /// The journal, for small values that a face remembers.
    pub fn store(&self) -> &Store {
        &self.inner.store
    }

    fn place(&self, profile: &str) -> Result<&Place> {
        self.inner.profiles.get(profile).ok_or_else(|| {
            let known = self.inner.profiles.keys().map(String::as_str);
            Error::new(
                ErrorKind::NotFound,
                format!("There is no profile “{}”.", names::shown(profile)),
            )
            .hint(names::suggest_hint(profile, known))
        })
    }

    /// Everything that the steps of a launch, or of a job about it, may use.
    fn world(&self, launch: &Launch, subject: &str) -> Result<World> {
        let place = self.place(&launch.spec.profile)?;
        let cloud = Arc::clone(&place.profile.cloud);
        let (store, clock) = (self.inner.store.clone(), self.inner.clock.clone());
        Ok(World {
            ledger: Ledger::new(store.clone(), clock.clone(), Arc::clone(&cloud), subject),
            cloud,
            agent: Arc::clone(&self.inner.agent),
            secrets: Arc::clone(&place.profile.secrets),
            store,
            clock,
            reads: place.reads.clone(),
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
