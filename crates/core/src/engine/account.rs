//! The account behind a profile: what keeps from launching, what things cost, and what nobody here knows any more.

use super::Engine;
use super::request::{check_world, choose_size, disk, family};
use crate::cloud::{
    Account, CheckRequest, CreateDefaultNetwork, DeleteDisk, DeleteImage, DeleteKeyPair, DeleteSecurityGroup,
    DeleteSnapshot, Finding, ImageChoice, Prices, Resource, ResourceKind, Size, TerminateInstance, Verdict,
    tag,
};
use crate::error::{Error, ErrorKind, Result};
use crate::ledger::Ledger;
use crate::names;
use crate::ports::SecretPlace;
use crate::recipe::{Recipe, World};
use crate::view::choice::Draft;
use crate::view::{DoctorView, FindingView, LeftoverKind, LeftoverView, PricesView};

/// The Windows that is checked for where no recipe says which.
const USUAL_FAMILY: &str = "windows-2022";
/// The disk that is checked for then.
const USUAL_DISK_GIB: u32 = 30;

impl Engine {
    /// Looks at everything that would stop a launch of this draft; of the recommended size where the draft names none.
    pub async fn doctor(&self, profile: &str, draft: &Draft) -> Result<DoctorView> {
        let region = Some(draft.region.as_str()).filter(|region| !region.is_empty());
        let place = self.place_in(profile, region)?;
        let secrets = secrets(&place).await;
        let account = match self.account(profile).await {
            Ok(account) => account,
            Err(error) => return Ok(unknown_account(&error, secrets)),
        };
        let findings = match self.check_request(&place, draft).await {
            Ok(request) => place.cloud.checks(&request).await?,
            Err(error) => vec![finding("What to launch", Verdict::Blocking, &error)],
        };
        Ok(DoctorView {
            account: Some(account.id.clone()),
            user: Some(account.user.clone()),
            findings: std::iter::once(signed_in(&account))
                .chain(secrets)
                .chain(self.name(profile, &draft.name).await)
                .chain(findings)
                .map(view)
                .collect(),
        })
    }

    /// Whether a name can be given to a server; nothing where none is chosen yet.
    async fn name(&self, profile: &str, name: &str) -> Option<Finding> {
        if name.is_empty() {
            return None;
        }
        let fits = match names::check_server_name(name) {
            Ok(()) => self.check_name_free(profile, name).await,
            wrong => wrong,
        };
        Some(match fits {
            Ok(()) => good("Name", format!("“{name}” is free.")),
            Err(error) => finding("Name", Verdict::Blocking, &error),
        })
    }

    /// Where no recipe was chosen, the first one of this world stands for all.
    fn usual_recipe(&self, practice: bool) -> Option<&Recipe> {
        let world = if practice { World::Practice } else { World::Ec2 };
        self.library()
            .recipes()
            .iter()
            .find(|recipe| recipe.worlds.contains(&world))
    }

    /// The same choices as a launch makes, so that what refuses the launch is found here.
    async fn check_request(&self, place: &super::Place, draft: &Draft) -> Result<CheckRequest> {
        let recipe = match (&draft.image, draft.recipe.as_str()) {
            (_, "") => self.usual_recipe(place.profile.practice),
            // An image can be launched whose recipe is not here any more.
            (Some(_), id) => self.library().find(id).ok(),
            (None, id) => Some(self.library().find(id)?),
        };
        if let Some(recipe) = recipe {
            check_world(recipe, place)?;
        }
        let offered = place.reads.catalog().await?;
        let wanted = Some(draft.size.as_str()).filter(|size| !size.is_empty());
        let size = choose_size(&offered.sizes, wanted, recipe.map(|recipe| &recipe.base))?;
        let gib = Some(draft.disk_gib).filter(|gib| *gib > 0);
        let image = match (&draft.image, recipe) {
            (Some(image), _) => ImageChoice::Own(image.clone()),
            (None, Some(recipe)) => {
                ImageChoice::Family(family(recipe, draft.family.as_deref(), &offered.families)?)
            }
            (None, None) => ImageChoice::Family(draft.family.clone().unwrap_or_else(|| USUAL_FAMILY.into())),
        };
        Ok(CheckRequest {
            size: size.id,
            image,
            network: draft.network.clone(),
            disk_gib: match recipe {
                Some(recipe) => disk(recipe, None, gib)?,
                None => gib.unwrap_or(USUAL_DISK_GIB),
            },
        })
    }

    /// What things cost in a profile's region beside the sizes.
    pub async fn prices(&self, profile: &str) -> Result<PricesView> {
        let place = self.place(profile)?;
        if place.profile.practice {
            return Ok(PricesView::default());
        }
        let prices = place.cloud.prices().await?;
        Ok(PricesView {
            disk_gib_month: prices.disk_gib_month,
            address_hour: prices.address_hour,
            image_gib_month: prices.image_gib_month,
            asked: prices.asked.map(|asked| asked.0),
        })
    }

    /// Creates the default network of a profile's region; fine where there is one.
    pub async fn create_default_network(&self, profile: &str, region: Option<&str>) -> Result<()> {
        let place = self.place_in(profile, region)?;
        let subject = format!("network/{profile}/{}", place.region);
        let region = place.region.clone();
        self.ledger_of(&place, subject)
            .perform(CreateDefaultNetwork { region })
            .await
            .map(drop)
    }

    /// What is tagged ours in a profile's region and belongs to nothing that this computer knows.
    pub async fn sweep(&self, profile: &str, region: Option<&str>) -> Result<Vec<LeftoverView>> {
        let place = self.place_in(profile, region)?;
        let found = place.cloud.ours().await?;
        let mut strangers = Vec::new();
        for resource in found {
            if !self.is_known(&resource).await? {
                strangers.push(resource);
            }
        }
        if strangers.is_empty() || place.profile.practice {
            return Ok(strangers.iter().map(|stray| leftover(stray, None)).collect());
        }
        // What nothing is known about is still listed.
        let prices = place.cloud.prices().await.unwrap_or_default();
        let sizes = place
            .cloud
            .catalog()
            .await
            .map_or_else(|_| Vec::new(), |catalog| catalog.sizes);
        let cost = |stray: &Resource| monthly(stray, &prices, &sizes);
        Ok(strangers
            .iter()
            .map(|stray| leftover(stray, cost(stray)))
            .collect())
    }

    /// Deletes one of them, by its id or by a name that it alone has.
    pub async fn delete_leftover(
        &self,
        profile: &str,
        region: Option<&str>,
        wanted: &str,
    ) -> Result<LeftoverView> {
        let place = self.place_in(profile, region)?;
        let strays = self.sweep(profile, region).await?;
        let stray = Self::leftover(&strays, wanted)?.clone();
        let ledger = self.ledger_of(&place, format!("sweep/{}", stray.id));
        let (id, name) = (stray.id.clone(), stray.name.clone());
        match stray.kind {
            LeftoverKind::Server => ledger.perform(TerminateInstance { instance: id }).await?,
            LeftoverKind::Disk => ledger.perform(DeleteDisk { disk: id }).await?,
            LeftoverKind::Image => ledger.perform(DeleteImage { image: id }).await?,
            LeftoverKind::Snapshot => ledger.perform(DeleteSnapshot { snapshot: id }).await?,
            LeftoverKind::FirewallGroup => ledger.perform(DeleteSecurityGroup { group: id }).await?,
            LeftoverKind::KeyPair => ledger.perform(DeleteKeyPair { name }).await?,
        };
        Ok(stray)
    }

    /// The one of that id, or of a name that it alone has: a launch gives its key pair and its firewall group the same.
    ///
    /// Errors: not found, or which ids there are to choose from.
    pub fn leftover<'l>(found: &'l [LeftoverView], wanted: &str) -> Result<&'l LeftoverView> {
        let by_id = found.iter().find(|left| left.id == wanted);
        let named: Vec<&LeftoverView> = found.iter().filter(|left| left.name == wanted).collect();
        match (by_id, named.as_slice()) {
            (Some(left), _) => Ok(left),
            (None, [left]) => Ok(left),
            (None, []) => {
                let known = found.iter().map(|left| left.id.as_str());
                let sentence = format!("Nothing called “{}” was left behind.", names::shown(wanted));
                Err(Error::new(ErrorKind::NotFound, sentence).hint(names::suggest_hint(wanted, known)))
            }
            (None, several) => {
                let ids: Vec<&str> = several.iter().map(|left| left.id.as_str()).collect();
                let sentence = format!("{} things are called “{}”.", ids.len(), names::shown(wanted));
                Err(Error::new(ErrorKind::Input, sentence)
                    .hint(format!("Name one by its id: {}.", ids.join(", "))))
            }
        }
    }

    pub(super) fn ledger_of(&self, place: &super::Place, subject: String) -> Ledger {
        let cloud = std::sync::Arc::clone(&place.cloud);
        Ledger::new(self.inner.store.clone(), self.inner.clock.clone(), cloud, subject)
    }

    /// What a live launch made is known; an image and its snapshots are known for as long as its launch is remembered.
    async fn is_known(&self, resource: &Resource) -> Result<bool> {
        let Some(launch) = resource.tags.get(tag::LAUNCH) else {
            return Ok(false);
        };
        let Some((launch, _)) = self.inner.store.launch(launch).await? else {
            return Ok(false);
        };
        let kept = matches!(resource.kind, ResourceKind::Image | ResourceKind::Snapshot);
        Ok(kept || !launch.phase.is_gone())
    }
}

fn signed_in(account: &Account) -> Finding {
    good("Sign-in", format!("Account {}, as {}.", account.id, account.user))
}

fn good(about: &str, text: String) -> Finding {
    Finding {
        about: about.into(),
        verdict: Verdict::Good,
        text,
        fix: String::new(),
        kind: None,
    }
}

fn unknown_account(error: &Error, secrets: Option<Finding>) -> DoctorView {
    let signed_in = finding("Sign-in", Verdict::Blocking, error);
    DoctorView {
        account: None,
        user: None,
        findings: std::iter::once(signed_in).chain(secrets).map(view).collect(),
    }
}

/// Whether a server's private key and passwords can be kept. Practice keeps its own.
async fn secrets(place: &super::Place) -> Option<Finding> {
    const ABOUT: &str = "Keychain";
    if place.profile.practice {
        return None;
    }
    Some(match place.profile.secrets.place().await {
        Ok(SecretPlace::Keychain) => good(ABOUT, "It is there, and it is unlocked.".into()),
        Ok(SecretPlace::Files(folder)) => Finding {
            about: ABOUT.into(),
            verdict: Verdict::Warning,
            text: format!("Files below {folder} take its place, as SLIPWAY_KEYCHAIN=file asks for."),
            fix:
                "Every program of this user can read them. Leave the variable out where there is a keychain."
                    .into(),
            kind: None,
        },
        Err(error) => finding(ABOUT, Verdict::Blocking, &error),
    })
}

fn finding(about: &str, verdict: Verdict, error: &Error) -> Finding {
    Finding {
        about: about.into(),
        verdict,
        text: error.sentence.clone(),
        fix: error.hint.clone(),
        kind: Some(error.kind),
    }
}

fn view(finding: Finding) -> FindingView {
    FindingView {
        about: finding.about,
        verdict: finding.verdict,
        text: finding.text,
        fix: finding.fix,
    }
}

fn leftover(stray: &Resource, usd_per_month: Option<f64>) -> LeftoverView {
    LeftoverView {
        id: stray.id.clone(),
        kind: match stray.kind {
            ResourceKind::Server => LeftoverKind::Server,
            ResourceKind::Disk => LeftoverKind::Disk,
            ResourceKind::Image => LeftoverKind::Image,
            ResourceKind::Snapshot => LeftoverKind::Snapshot,
            ResourceKind::SecurityGroup => LeftoverKind::FirewallGroup,
            ResourceKind::KeyPair => LeftoverKind::KeyPair,
        },
        name: stray.name.clone(),
        created: stray.created.map(|created| created.0),
        usd_per_month,
    }
}

/// A month of keeping it. Not known where one part is not: a server's disk is not in its listing.
fn monthly(stray: &Resource, prices: &Prices, sizes: &[Size]) -> Option<f64> {
    match stray.kind {
        ResourceKind::Server => {
            let size = stray.size.as_ref()?;
            let price = sizes.iter().find(|known| known.id == *size)?.usd_per_hour?;
            Some(price * Prices::HOURS_A_MONTH)
        }
        ResourceKind::Disk => Some(stray.gib? * prices.disk_gib_month?),
        ResourceKind::Image | ResourceKind::Snapshot => Some(stray.gib? * prices.image_gib_month?),
        ResourceKind::SecurityGroup | ResourceKind::KeyPair => Some(0.0),
    }
}
