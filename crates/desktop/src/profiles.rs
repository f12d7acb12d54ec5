//! The user's AWS profiles: listed, added and removed. Where they are kept is in `kept`, how AWS is reached in `connect`.

mod connect;
mod kept;
mod list_file;

use std::sync::Arc;

use slipway_core::engine::Profile;
use slipway_core::error::{Error, ErrorKind, Result};
use slipway_core::input_text;
use slipway_core::names;
use slipway_core::ports::Secrets;
use slipway_core::secret::Secret;
use slipway_core::view::{FileProfileView, KeysIn, NewProfile, ProfileView};

pub use connect::{Connect, aws};
pub use kept::{Kept, Key, Profiles};
pub use slipway_aws::policy_json;

use crate::wiring::{Desk, PRACTICE};

/// Whether keys are shown to AWS before they are kept.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Check {
    /// They must be accepted.
    First,
    /// They are kept as they are, for a computer that is offline.
    None,
}

impl Desk {
    /// The profiles as they are now, also those that another window or terminal added.
    pub async fn profiles(&self) -> Result<Vec<ProfileView>> {
        self.read_profiles().await?;
        self.engine.profiles().await
    }

    /// The profiles that the files of the AWS tools name.
    pub async fn file_profiles(&self) -> Result<Vec<FileProfileView>> {
        let kept = self.accounts.list()?;
        let view = |found: slipway_aws::FileProfile| FileProfileView {
            added: kept
                .iter()
                .any(|kept| kept.key == Key::AwsFiles(found.name.clone())),
            name: found.name,
            region: found.region,
            problem: found.problem,
        };
        Ok(slipway_aws::file_profiles().into_iter().map(view).collect())
    }

    /// Keeps an access key in the keychain. A profile of that name with the same account gets its new key.
    pub async fn add_profile(&self, mut new: NewProfile, check: Check) -> Result<()> {
        new.region = input_text::line(&new.region).trim().to_owned();
        let keys = Keys::of(&new)?;
        names::check_profile_name(&new.name)?;
        check_region_name(&new.region)?;
        let account = match check {
            Check::First => Some(connect::ask(&self.accounts, keys.access(), &new.region).await?),
            Check::None => None,
        };
        self.check_name_free(&new.name, account.as_deref()).await?;
        self.accounts.keep_keys(&new.name, &keys.to_bytes()?).await?;
        let kept = Kept {
            name: new.name.clone(),
            region: new.region,
            key: Key::Keychain,
        };
        if let Err(error) = self.accounts.add(kept) {
            self.accounts.forget_keys(&new.name).await?;
            return Err(error);
        }
        self.read_profiles().await
    }

    /// An error where the files name no such profile, or where it can't be used.
    pub fn check_file_profile(&self, name: &str) -> Result<()> {
        let found = slipway_aws::file_profiles();
        let Some(profile) = found.iter().find(|profile| profile.name == name) else {
            let known = found.iter().map(|profile| profile.name.as_str());
            let sentence = format!("The files below ~/.aws name no profile “{}”.", names::shown(name));
            return Err(Error::new(ErrorKind::NotFound, sentence).hint(names::suggest_hint(name, known)));
        };
        if profile.problem.is_empty() {
            return Ok(());
        }
        let sentence = format!("The profile “{}” can’t be used.", names::shown(name));
        Err(Error::new(ErrorKind::CredentialsInvalid, sentence).hint(profile.problem.clone()))
    }

    /// Uses a profile of the AWS tools' files; nothing of it is copied. Gives the name that it got here: another one where
    /// its own is taken or has characters that ours can't have.
    pub async fn add_file_profile(&self, name: &str, region: &str, check: Check) -> Result<String> {
        check_region_name(region)?;
        self.check_file_profile(name)?;
        let key = Key::AwsFiles(name.to_owned());
        let kept = self.accounts.list()?;
        if let Some(there) = kept.iter().find(|kept| kept.key == key) {
            let sentence = format!(
                "The profile “{}” of ~/.aws was added already.",
                names::shown(name)
            );
            return Err(Error::new(ErrorKind::NameTaken, sentence)
                .hint(format!("It is called “{}” here.", names::shown(&there.name))));
        }
        let known = self.engine.profiles().await?;
        let own = names::local_profile_name(name, |own| known.iter().any(|known| known.name == own));
        let access = slipway_aws::Access::Profile(name.to_owned());
        if check == Check::First {
            connect::ask(&self.accounts, access, region).await?;
        }
        self.accounts.add(Kept {
            name: own.clone(),
            region: region.to_owned(),
            key,
        })?;
        self.read_profiles().await?;
        Ok(own)
    }

    /// Forgets a profile and its key. Refused while it has servers, unless forced: those run on.
    pub async fn remove_profile(&self, name: &str, force: bool) -> Result<()> {
        self.read_profiles().await?;
        if !force || name == PRACTICE {
            self.engine.check_removable(name).await?;
        }
        // The key first: a list without its key can be mended, a key without its list would be forgotten there.
        self.accounts.forget_keys(name).await?;
        self.accounts.remove(name)?;
        self.read_profiles().await
    }

    /// A profile works in another region from now on. Its servers stay where they are.
    pub async fn switch_region(&self, profile: &str, region: &str) -> Result<()> {
        if self
            .engine
            .profiles()
            .await?
            .iter()
            .any(|known| known.name == profile && known.practice)
        {
            return Ok(());
        }
        self.engine.check_region(profile, region).await?;
        self.accounts.move_to(profile, region)?;
        self.read_profiles().await
    }

    /// Takes over what the list says now.
    pub(crate) async fn read_profiles(&self) -> Result<()> {
        let (new, gone) = self.accounts.news();
        new.into_iter()
            .for_each(|kept| self.engine.put_profile(self.accounts.profile(kept)));
        for name in gone {
            self.engine.remove_profile(&name).await?;
        }
        Ok(())
    }

    /// The same name may come again for the same account: that is how an old key is replaced.
    async fn check_name_free(&self, name: &str, account: Option<&str>) -> Result<()> {
        let known = self.engine.profiles().await?;
        let Some(there) = known.into_iter().find(|profile| profile.name == name) else {
            return Ok(());
        };
        if there.keys == KeysIn::Keychain && account.is_some() && there.account.as_deref() == account {
            return Ok(());
        }
        Err(Error::new(
            ErrorKind::NameTaken,
            format!("There is already a profile called “{name}”."),
        )
        .hint("Choose another name, or remove that profile first."))
    }
}

impl Profiles {
    /// What the engine works with.
    pub(crate) fn profile(&self, kept: Kept) -> Profile {
        Profile {
            name: kept.name.clone(),
            region: kept.region.clone(),
            region_title: slipway_aws::region_title,
            practice: false,
            keys: match kept.key {
                Key::Keychain => KeysIn::Keychain,
                Key::AwsFiles(_) => KeysIn::AwsFiles,
            },
            cloud: connect::lazily(self, kept),
            secrets: Arc::clone(&self.keychain) as Arc<dyn Secrets>,
        }
    }
}

/// An access key, as it lies in the keychain.
#[derive(serde::Serialize, serde::Deserialize)]
pub(crate) struct Keys {
    id: String,
    secret: String,
}

impl Keys {
    fn of(new: &NewProfile) -> Result<Self> {
        let clean = |text| input_text::line(text).trim();
        let (id, secret) = (clean(&new.key_id), clean(new.secret.expose()));
        input_text::check_typable("access key id", id)?;
        input_text::check_typable("secret access key", secret)?;
        let plain = |text: &str| text.len() >= 16 && text.chars().all(|c| c.is_ascii_graphic());
        if !plain(id) || !id.chars().all(|c| c.is_ascii_alphanumeric()) || !plain(secret) {
            let sentence =
                "This is not an access key: the id has at least 16 letters and digits, the secret 40.";
            return Err(Error::new(ErrorKind::Input, sentence)
                .hint("Copy both from the IAM page of the AWS console, where the key was created."));
        }
        Ok(Keys {
            id: id.to_owned(),
            secret: secret.to_owned(),
        })
    }

    fn to_bytes(&self) -> Result<Secret<Vec<u8>>> {
        let damaged = |error| Error::new(ErrorKind::Internal, "The key could not be kept.").because(&error);
        serde_json::to_vec(self)
            .map(Secret::new)
            .map_err(|error: serde_json::Error| damaged(error))
    }

    fn access(&self) -> slipway_aws::Access {
        slipway_aws::Access::Keys {
            id: self.id.clone(),
            secret: Secret::new(self.secret.clone()),
            session: None,
        }
    }
}

/// Only its form: whether the account has it is asked when it is used.
fn check_region_name(region: &str) -> Result<()> {
    let plain = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-';
    if region.len() >= 6 && region.contains('-') && region.chars().all(plain) {
        return Ok(());
    }
    let sentence = format!("“{}” is not a region.", names::shown(region));
    Err(Error::new(ErrorKind::Input, sentence).hint("Regions look like eu-central-1."))
}

#[cfg(test)]
#[path = "profiles_tests.rs"]
mod tests;
