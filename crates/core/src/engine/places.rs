//! Places: the profiles, and for each a cloud with its shared reads in every region that is used.

use std::collections::{BTreeMap, HashMap};
use std::sync::{Arc, MutexGuard, PoisonError};

use super::Engine;
use crate::cloud::Account;
use crate::cloud::border::CheckedCloud;
use crate::error::{Error, ErrorKind, Result};
use crate::launch::Launch;
use crate::names;
use crate::poll::Crowd;
use crate::ports::{Cloud, Secrets};
use crate::reads::Reads;
use crate::view::KeysIn;

/// Opens a profile's cloud in a region. Asks nothing of it yet.
pub type OpenCloud = Arc<dyn Fn(&str) -> Arc<dyn Cloud> + Send + Sync>;

/// Whose account, which region, and where its secrets are kept.
#[derive(Clone)]
pub struct Profile {
    /// Its name.
    pub name: String,
    /// The region it works in where none is named.
    pub region: String,
    /// What people call a region of it.
    pub region_title: fn(&str) -> String,
    /// It is the practice world: nothing costs money.
    pub practice: bool,
    /// Where its access key is.
    pub keys: KeysIn,
    /// Opens its cloud in a region.
    pub cloud: OpenCloud,
    /// Its place for secrets.
    pub secrets: Arc<dyn Secrets>,
}

/// A profile in one region, with its shared reads.
pub(super) struct Place {
    pub profile: Profile,
    pub region: String,
    pub cloud: Arc<dyn Cloud>,
    pub reads: Reads,
    /// All who ask this cloud.
    pub crowd: Arc<Crowd>,
}

/// The profiles and the places that are open.
#[derive(Default)]
pub(super) struct Places {
    pub profiles: BTreeMap<String, Profile>,
    open: HashMap<(String, String), Arc<Place>>,
    /// Who is behind each profile, as far as it was asked.
    pub accounts: HashMap<String, Account>,
}

impl Places {
    /// Adds a profile, or replaces it: its places are opened anew, with its new keys.
    pub fn put(&mut self, profile: Profile) {
        self.forget(&profile.name);
        self.profiles.insert(profile.name.clone(), profile);
    }

    pub fn forget(&mut self, profile: &str) {
        self.open.retain(|(name, _), _| name != profile);
        self.accounts.remove(profile);
        self.profiles.remove(profile);
    }
}

impl Engine {
    /// A profile in its home region.
    pub(super) fn place(&self, profile: &str) -> Result<Arc<Place>> {
        self.place_in(profile, None)
    }

    /// Where a launch belongs.
    pub(super) fn place_of(&self, launch: &Launch) -> Result<Arc<Place>> {
        self.place_in(&launch.spec.profile, Some(&launch.spec.region))
    }

    /// A profile in a region; its home region where none is named.
    pub(super) fn place_in(&self, profile: &str, region: Option<&str>) -> Result<Arc<Place>> {
        let mut places = self.places();
        let found = places.profiles.get(profile).cloned();
        let profile = found.ok_or_else(|| unknown(&places, profile))?;
        let region = region.unwrap_or(&profile.region).to_owned();
        let key = (profile.name.clone(), region.clone());
        let open = places.open.entry(key).or_insert_with(|| {
            let cloud: Arc<dyn Cloud> = Arc::new(CheckedCloud((profile.cloud)(&region)));
            let reads = Reads::new(
                Arc::clone(&cloud),
                self.inner.store.clone(),
                self.inner.clock.clone(),
            );
            Arc::new(Place {
                profile,
                region,
                cloud,
                reads,
                crowd: Arc::default(),
            })
        });
        Ok(Arc::clone(open))
    }

    /// Nothing costs money there.
    pub(super) fn is_practice(&self, profile: &str) -> bool {
        self.places()
            .profiles
            .get(profile)
            .is_some_and(|profile| profile.practice)
    }

    /// Every place that is open.
    pub(super) fn open_places(&self) -> Vec<Arc<Place>> {
        self.places().open.values().cloned().collect()
    }

    /// Names of all profiles.
    pub(super) fn profile_names(&self) -> Vec<String> {
        self.places().profiles.keys().cloned().collect()
    }

    pub(super) fn places(&self) -> MutexGuard<'_, Places> {
        self.inner.places.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

fn unknown(places: &Places, profile: &str) -> Error {
    let known = places.profiles.keys().map(String::as_str);
    Error::new(
        ErrorKind::NotFound,
        format!("There is no profile “{}”.", names::shown(profile)),
    )
    .hint(names::suggest_hint(profile, known))
}
