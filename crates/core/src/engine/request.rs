//! From what the user asked for to a launch: everything is checked before anything is made.

use std::collections::BTreeMap;

use slipway_protocol::Limits;
use slipway_protocol::message::ADMINISTRATOR_PASSWORD;
use slipway_protocol::plan::{Plan, SecretOrigin, SecretSpec};

use super::proposals::recommended;
use super::{Engine, Place};
use crate::cloud::{Image, ImageFamily, ImageFilter, ImageState, Size, tag};
use crate::error::{Error, ErrorKind, Result};
use crate::launch::{ImageSource, Launch, Phase, Spec};
use crate::recipe::{Base, Recipe, Start};
use crate::secret::{self, Secret};
use crate::{addresses, input_text, names, password};

/// Below this much free space no new launch is begun: its journal could not be kept.
const ROOM_BYTES: u64 = 64 * 1024 * 1024;

/// How long a failed server waits for its user before it stops itself, in minutes.
pub const FAILED_MINUTES: u32 = 4 * 60;

/// What to launch.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Source {
    /// A recipe, from scratch.
    Recipe(String),
    /// An own image, by name or id.
    Image(String),
}

/// What the user asks for.
#[derive(Debug, Clone)]
pub struct LaunchRequest {
    /// Unique among the live servers of the profile.
    pub name: String,
    /// Whose account.
    pub profile: String,
    /// Where; `None` for the profile's own region.
    pub region: Option<String>,
    /// What to launch.
    pub source: Source,
    /// Answers to the recipe's inputs, secret ones included.
    pub answers: BTreeMap<String, String>,
    /// The family of images, such as `windows-2025`; `None` for the one that the recipe proposes. A launch from an own
    /// image takes none.
    pub family: Option<String>,
    /// Instance type; `None` for the one that is recommended for the recipe.
    pub size: Option<String>,
    /// Disk size in GiB; `None` for what the recipe proposes.
    pub disk_gib: Option<u32>,
    /// The subnet; `None` for the default one.
    pub network: Option<String>,
    /// CIDRs that may connect; empty for this computer's address.
    pub allowed_from: Vec<String>,
    /// The site is open to everybody.
    pub public_site: bool,
    /// A chosen Administrator password; `None` for a random one.
    pub administrator_password: Option<Secret<String>>,
    /// The server stops itself after so many minutes, whoever watches; `None` for never.
    pub stop_after_minutes: Option<u32>,
    /// A failed server stops itself after so many minutes unless that is put off; `None` for the usual
    /// [`FAILED_MINUTES`], 0 for never. Practice servers cost nothing and stay.
    pub stop_failed_after_minutes: Option<u32>,
    /// The user was asked, see [`Engine::asks_before_running`].
    pub run_own_recipe: bool,
}

impl LaunchRequest {
    /// A request that leaves all the rest to the recipe and the profile.
    pub fn new(name: &str, profile: &str, source: Source) -> Self {
        LaunchRequest {
            name: name.to_owned(),
            profile: profile.to_owned(),
            region: None,
            source,
            answers: BTreeMap::new(),
            family: None,
            size: None,
            disk_gib: None,
            network: None,
            allowed_from: Vec::new(),
            public_site: false,
            administrator_password: None,
            stop_after_minutes: None,
            stop_failed_after_minutes: None,
            run_own_recipe: false,
        }
    }

    fn limits(&self, practice: bool) -> Limits {
        let usual = if practice { 0 } else { FAILED_MINUTES };
        let failed = self.stop_failed_after_minutes.unwrap_or(usual);
        Limits {
            stop_after_minutes: self.stop_after_minutes.filter(|minutes| *minutes > 0),
            stop_failed_after_minutes: Some(failed).filter(|minutes| *minutes > 0),
        }
    }
}

impl Engine {
    /// Begins a launch and drives it. Returns its id as soon as it is written down; nothing costs money before.
    pub async fn launch(&self, mut request: LaunchRequest) -> Result<String> {
        request.administrator_password = request
            .administrator_password
            .as_ref()
            .map(input_text::secret_line);
        names::check_server_name(&request.name)?;
        if let Some(region) = &request.region {
            self.check_region(&request.profile, region).await?;
        }
        let place = &*self.place_in(&request.profile, request.region.as_deref())?;
        self.check_name_free(&request.profile, &request.name).await?;
        self.check_room()?;
        if let Some(password) = &request.administrator_password {
            password::check_administrator_password(password.expose())?;
        }
        let (spec, secrets) = self.spec(place, &request).await?;
        let mut launch = Launch::new(ulid::Ulid::generate().to_string(), spec, self.inner.clock.now());
        launch.facts.secrets = secrets.keys().cloned().collect();
        // The lease first: nobody else may drive it before its secrets are there. The row before the secrets: whatever
        // a crash leaves is then known, and removed with the launch.
        self.take_lease(&launch.id).await?;
        self.inner.store.add_launch(&launch).await?;
        if let Err(error) = keep_secrets(place, &launch, &secrets).await {
            launch.enter(Phase::Terminated, self.inner.clock.now());
            self.inner.store.save_launch(&launch).await?;
            return Err(error);
        }
        self.drive(&launch.id).await?;
        Ok(launch.id)
    }

    pub(super) async fn check_name_free(&self, profile: &str, name: &str) -> Result<()> {
        let live = self.inner.store.live_launches(Some(profile)).await?;
        if live.iter().any(|(launch, _)| launch.spec.name == name) {
            let sentence = format!("There is already a server called “{name}”.");
            return Err(Error::new(ErrorKind::NameTaken, sentence)
                .hint("Choose another name, or terminate that server first."));
        }
        Ok(())
    }

    /// A full disk refuses new launches before anything starts.
    fn check_room(&self) -> Result<()> {
        let folder = self
            .inner
            .store
            .path()
            .parent()
            .unwrap_or_else(|| std::path::Path::new("."));
        let free = fs4::available_space(folder)?;
        if free >= ROOM_BYTES {
            return Ok(());
        }
        let sentence = format!(
            "The disk with Slipway's data has only {} MB left, so nothing was started.",
            free / 1_000_000
        );
        Err(Error::new(ErrorKind::DiskFull, sentence).hint(format!(
            "Free some space on the disk of {}, then launch again.",
            folder.display()
        )))
    }

    /// All that a launch will be made of, and the secrets beside it.
    pub(super) async fn spec(
        &self,
        place: &Place,
        request: &LaunchRequest,
    ) -> Result<(Spec, BTreeMap<String, Secret<String>>)> {
        let image = match &request.source {
            Source::Recipe(_) => None,
            Source::Image(wanted) => Some(find_image(place, wanted).await?),
        };
        let recipe = self.recipe_for(place, request, image.as_ref())?;
        self.allow_own_recipe(place, recipe, request.run_own_recipe)
            .await?;
        let start = if image.is_some() {
            Start::FromImage
        } else {
            Start::Fresh
        };
        let mut given = match &image {
            Some(image) => self.answers_of_source(image, recipe).await?,
            None => BTreeMap::new(),
        };
        given.extend(request.answers.clone());
        let answers = recipe.answers_for(start, &given)?;
        let mut plan = recipe.plan(&answers.plain, start);
        // An empty one goes along too: the agent waits for every secret that its plan names.
        let mut secrets = answers.secrets;
        if let Some(password) = &request.administrator_password {
            choose_password(&mut plan, &mut secrets, password);
        }
        let offered = place.reads.catalog().await?;
        let size = choose_size(&offered.sizes, request.size.as_deref(), Some(&recipe.base))?;
        let windows = request.family.as_deref().filter(|_| image.is_none());
        let disk_gib = disk(recipe, image.as_ref(), request.disk_gib)?;
        // What a price can't be had for is launched all the same.
        let prices = place.cloud.prices().await.unwrap_or_default();
        let spec = Spec {
            name: request.name.clone(),
            profile: request.profile.clone(),
            region: place.region.clone(),
            recipe: recipe.id.clone(),
            recipe_title: recipe.title.clone(),
            base_family: family(recipe, windows, &offered.families)?,
            inputs: answers.plain,
            plan,
            disk_gib,
            image: image.map(|image| ImageSource {
                id: image.id,
                name: image.name,
            }),
            usd_per_hour: size.usd_per_hour,
            beside_usd_per_hour: prices.beside_size(disk_gib),
            size: size.id,
            network: request.network.clone(),
            allowed_from: addresses::ranges(&request.allowed_from)?,
            public_site: request.public_site,
            chosen_password: request.administrator_password.is_some(),
            limits: request.limits(place.profile.practice),
        };
        Ok((spec, secrets))
    }

    pub(super) fn recipe_for(
        &self,
        place: &Place,
        request: &LaunchRequest,
        image: Option<&Image>,
    ) -> Result<&Recipe> {
        let id = match (&request.source, image) {
            (Source::Recipe(id), _) => id.as_str(),
            (Source::Image(_), Some(image)) => image.tags.get(tag::RECIPE).map_or("", String::as_str),
            (Source::Image(_), None) => "",
        };
        let recipe = self.inner.library.find(id)?;
        check_world(recipe, place)?;
        Ok(recipe)
    }

    /// The answers that the image's server was launched with, where this computer knows them.
    async fn answers_of_source(&self, image: &Image, recipe: &Recipe) -> Result<BTreeMap<String, String>> {
        let Some(launch) = image.tags.get(tag::LAUNCH) else {
            return Ok(BTreeMap::new());
        };
        let Some((source, _)) = self.inner.store.launch(launch).await? else {
            return Ok(BTreeMap::new());
        };
        let asked: Vec<&str> = recipe
            .inputs_for(Start::FromImage)
            .iter()
            .map(|input| input.id.as_str())
            .collect();
        let rehearse = recipe.rehearse.as_deref();
        let keep = |(id, _): &(String, String)| asked.contains(&id.as_str()) && Some(id.as_str()) != rehearse;
        Ok(source.spec.inputs.into_iter().filter(keep).collect())
    }
}

/// Keeps what the user typed; all of it or, where the keychain fails in the middle, nothing.
async fn keep_secrets(
    place: &Place,
    launch: &Launch,
    secrets: &BTreeMap<String, Secret<String>>,
) -> Result<()> {
    let keychain = &place.profile.secrets;
    for (name, value) in secrets {
        let bytes = Secret::new(value.expose().clone().into_bytes());
        if let Err(error) = keychain.put(&secret::of_launch(&launch.id, name), &bytes).await {
            for name in secrets.keys() {
                let _ = keychain.delete(&secret::of_launch(&launch.id, name)).await;
            }
            return Err(error);
        }
    }
    Ok(())
}

/// The user's own Administrator password travels as an order; the agent then makes none of its own.
fn choose_password(
    plan: &mut Plan,
    secrets: &mut BTreeMap<String, Secret<String>>,
    password: &Secret<String>,
) {
    plan.secrets.push(SecretSpec {
        name: ADMINISTRATOR_PASSWORD.into(),
        origin: SecretOrigin::Sent,
    });
    plan.fresh_administrator_password = false;
    secrets.insert(ADMINISTRATOR_PASSWORD.into(), password.clone());
}

pub(super) async fn find_image(place: &Place, wanted: &str) -> Result<Image> {
    let images = place.cloud.images(&ImageFilter::Ours).await?;
    let found = images
        .iter()
        .find(|image| image.name == wanted || image.id == wanted);
    let Some(image) = found else {
        let known = images.iter().map(|image| image.name.as_str());
        return Err(Error::new(
            ErrorKind::NotFound,
            format!("There is no image “{}”.", names::shown(wanted)),
        )
        .hint(names::suggest_hint(wanted, known)));
    };
    if image.state == ImageState::Available {
        return Ok(image.clone());
    }
    let sentence = format!("The image “{}” can't be launched from yet.", image.name);
    Err(Error::new(ErrorKind::WrongState, sentence).hint("Wait until it is made."))
}

/// Only what the recipe was made for: another Windows may lack what its steps count on. Where none is asked for, the first
/// of those that is offered here.
pub(super) fn family(recipe: &Recipe, wanted: Option<&str>, offered: &[ImageFamily]) -> Result<String> {
    let base = &recipe.base;
    let here = |id: &&str| offered.iter().any(|family| family.id == **id);
    let proposed = base.families().find(here).unwrap_or(&base.family);
    let wanted = wanted.unwrap_or(proposed);
    if base.families().any(|family| family == wanted) {
        return Ok(wanted.to_owned());
    }
    let sentence = format!(
        "“{}” can't be installed on “{}”.",
        recipe.title,
        names::shown(wanted)
    );
    Err(Error::new(ErrorKind::Input, sentence).hint(names::suggest_hint(wanted, base.families())))
}

/// The size of that id; where none is wanted, the one that is recommended.
pub(super) fn choose_size(sizes: &[Size], wanted: Option<&str>, base: Option<&Base>) -> Result<Size> {
    let Some(wanted) = wanted else {
        let none = || Error::new(ErrorKind::Unsupported, "This region offers no size for Windows.");
        return recommended(sizes, base).cloned().ok_or_else(none);
    };
    let found = sizes.iter().find(|size| size.id == wanted);
    found.cloned().ok_or_else(|| {
        let known = sizes.iter().map(|size| size.id.as_str());
        Error::new(
            ErrorKind::NotFound,
            format!("There is no size “{}” here.", names::shown(wanted)),
        )
        .hint(names::suggest_hint(wanted, known))
    })
}

/// Refuses a recipe that is made for another kind of cloud.
pub(super) fn check_world(recipe: &Recipe, place: &Place) -> Result<()> {
    let wanted = if place.profile.practice {
        crate::recipe::World::Practice
    } else {
        crate::recipe::World::Ec2
    };
    if recipe.worlds.contains(&wanted) {
        return Ok(());
    }
    let sentence = format!(
        "“{}” can't be installed with the profile “{}”.",
        recipe.title, place.profile.name
    );
    let hint = if place.profile.practice {
        "It needs an AWS profile."
    } else {
        "It is for the profile “practice” only."
    };
    Err(Error::new(ErrorKind::Input, sentence).hint(hint))
}

/// An image's disk can't shrink, and a product needs its room.
pub(super) fn disk(recipe: &Recipe, image: Option<&Image>, wanted: Option<u32>) -> Result<u32> {
    let (proposed, least) = (recipe.base.disk_gib, recipe.base.minimum_disk_gib);
    let least = image.map_or(least, |image| least.max(image.size_gib.ceil() as u32));
    let disk = wanted.unwrap_or_else(|| proposed.max(least));
    if (least..=16_384).contains(&disk) {
        return Ok(disk);
    }
    let sentence =
        format!("The disk size of {disk} GiB is not possible: it must be between {least} and 16384 GiB.");
    Err(Error::new(ErrorKind::Input, sentence).hint(format!("Choose {proposed} GiB, or leave it out.")))
}

#[cfg(test)]
#[path = "request_tests.rs"]
mod tests;
