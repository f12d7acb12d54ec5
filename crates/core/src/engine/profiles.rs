//! The profiles: listed with whoever is behind them, added, removed and moved to another region while all goes on.

use super::{Engine, Profile};
use crate::cloud::Account;
use crate::error::{Error, ErrorKind, Result};
use crate::launch::Launch;
use crate::names;
use crate::store::{from_json, to_json};
use crate::view::ProfileView;

/// The setting that remembers the profile used last.
const CURRENT_PROFILE: &str = "profile";

impl Engine {
    /// The profiles, the one in use marked. Who is behind a profile is asked in the background, and shown once known.
    pub async fn profiles(&self) -> Result<Vec<ProfileView>> {
        let current = self.current_profile().await?;
        let profiles: Vec<Profile> = self.places().profiles.values().cloned().collect();
        let mut views = Vec::new();
        for profile in profiles {
            let account = self.known_account(&profile).await?;
            views.push(ProfileView {
                current: profile.name == current,
                name: profile.name,
                practice: profile.practice,
                region_title: (profile.region_title)(&profile.region),
                region: profile.region,
                user: account.as_ref().map(|account| account.user.clone()),
                account: account.map(|account| account.id),
                keys: profile.keys,
            });
        }
        Ok(views)
    }

    /// Asks every AWS profile who is behind it, all at once. Those that can't tell stay as they were.
    pub async fn ask_accounts(&self) {
        let asked: Vec<_> = self
            .profile_names()
            .into_iter()
            .map(|name| self.asking(name))
            .collect();
        for question in asked {
            let _ = question.await;
        }
    }

    /// Who is behind a profile, asked now and remembered.
    pub async fn account(&self, profile: &str) -> Result<Account> {
        let place = self.place(profile)?;
        let account = place.cloud.account().await?;
        if !place.profile.practice {
            self.places().accounts.insert(profile.to_owned(), account.clone());
            let kept = to_json(&account)?;
            self.inner
                .store
                .remember(&account_of(profile), Some(&kept))
                .await?;
        }
        Ok(account)
    }

    /// What was told last. What this process has not asked yet is asked in the background.
    async fn known_account(&self, profile: &Profile) -> Result<Option<Account>> {
        if profile.practice {
            return Ok(None);
        }
        let asked = self.places().accounts.get(&profile.name).cloned();
        if asked.is_some() {
            return Ok(asked);
        }
        drop(self.asking(profile.name.clone()));
        let kept = self.inner.store.setting(&account_of(&profile.name)).await?;
        Ok(kept.and_then(|text| from_json(&text).ok()))
    }

    fn asking(&self, profile: String) -> tokio::task::JoinHandle<()> {
        let engine = self.clone();
        tokio::spawn(async move {
            let practice = engine.place(&profile).is_ok_and(|place| place.profile.practice);
            if !practice && let Err(error) = engine.account(&profile).await {
                tracing::info!(
                    profile,
                    error = error.sentence,
                    "Who is behind a profile is not known"
                );
            }
        })
    }

    /// Name of the profile used last, or of the first.
    pub async fn current_profile(&self) -> Result<String> {
        let last = self.inner.store.setting(CURRENT_PROFILE).await?;
        let known = self.profile_names();
        let first = known
            .iter()
            .find(|name| self.place(name).is_ok_and(|place| place.profile.practice));
        let usual = first.or_else(|| known.first()).cloned();
        Ok(last
            .filter(|name| known.contains(name))
            .or(usual)
            .unwrap_or_default())
    }

    /// The name of a profile, as it is; an error with the near names where there is none.
    pub fn known_profile(&self, name: &str) -> Result<String> {
        self.place(name)?;
        Ok(name.to_owned())
    }

    /// Uses another profile from now on.
    pub async fn switch_profile(&self, name: &str) -> Result<()> {
        self.place(name)?;
        self.inner.store.remember(CURRENT_PROFILE, Some(name)).await
    }

    /// Adds a profile, or replaces the one of that name. What waits for its keys tries again at once.
    pub fn put_profile(&self, profile: Profile) {
        self.places().put(profile);
        self.inner.woke.notify_waiters();
    }

    /// Refuses what a profile can't be removed with: its servers, which nobody would look after any more.
    pub async fn check_removable(&self, name: &str) -> Result<()> {
        if self.place(name)?.profile.practice {
            let sentence = "The practice profile is part of Slipway and can't be removed.";
            return Err(Error::new(ErrorKind::WrongState, sentence));
        }
        let live = self.servers_of(name).await?;
        if live.is_empty() {
            return Ok(());
        }
        let sentence = format!("The profile “{name}” still has servers: {}.", live.join(", "));
        Err(Error::new(ErrorKind::WrongState, sentence).hint("Terminate them first; they cost money."))
    }

    /// Names of the servers of a profile that are not gone.
    pub async fn servers_of(&self, profile: &str) -> Result<Vec<String>> {
        let live = self.inner.store.live_launches(Some(profile)).await?;
        Ok(live
            .into_iter()
            .map(|(launch, _): (Launch, i64)| launch.spec.name)
            .collect())
    }

    /// Forgets a profile. Its servers, if it has any, run on.
    pub async fn remove_profile(&self, name: &str) -> Result<()> {
        self.place(name)?;
        self.places().forget(name);
        self.inner.store.remember(&account_of(name), None).await
    }

    /// Refuses a region that the account does not have, or has not switched on.
    pub async fn check_region(&self, profile: &str, wanted: &str) -> Result<()> {
        let place = self.place(profile)?;
        if place.region == wanted {
            return Ok(());
        }
        let regions = place.cloud.catalog().await?.regions;
        let Some(region) = regions.iter().find(|region| region.id == wanted) else {
            let known = regions.iter().map(|region| region.id.as_str());
            let sentence = format!(
                "The profile “{profile}” has no region “{}”.",
                names::shown(wanted)
            );
            return Err(Error::new(ErrorKind::NotFound, sentence).hint(names::suggest_hint(wanted, known)));
        };
        if region.enabled {
            return Ok(());
        }
        let sentence = format!(
            "The region {} ({wanted}) is not switched on in this account.",
            region.title
        );
        Err(Error::new(ErrorKind::AccountNotReady, sentence)
            .hint("Switch it on in the AWS console under “AWS Regions”, or choose another region."))
    }
}

fn account_of(profile: &str) -> String {
    format!("account/{profile}")
}
