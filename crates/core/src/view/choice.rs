//! What the faces offer and ask: recipes, places and sizes, the wizard's answers, the settings. They hold no secret
//! but [`LaunchSecrets`], which only ever travels from a face to the engine.
//!
//! Durations are milliseconds, money is US dollars.

use std::collections::BTreeMap;

use serde::{Deserialize, Deserializer, Serialize};
use ts_rs::TS;

use crate::secret::Secret;

/// A recipe, as the wizard and the Recipes screen show it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, TS)]
pub struct RecipeView {
    /// Its id.
    pub id: String,
    /// For people.
    pub title: String,
    /// What one gets, in one or two sentences.
    pub description: String,
    /// The version that is installed, for people; empty where the recipe names none.
    pub version: String,
    /// It installs in the practice world.
    pub practice: bool,
    /// It installs on EC2.
    pub ec2: bool,
    /// What the user is asked, without the question which step is to fail.
    pub inputs: Vec<InputView>,
    /// A step can be made to fail in the first attempt, see [`Draft::fail_at`].
    pub rehearse: bool,
    /// The steps, in the recipe's order.
    pub steps: Vec<PlannedStep>,
    /// How long all steps usually take together, where every one's time is known.
    #[ts(type = "number | null")]
    pub usual: Option<i64>,
    /// The families of images that it installs on, by id, the proposed one first.
    pub families: Vec<String>,
    /// The smallest disk that it needs, in GiB.
    pub least_disk_gib: u32,
    /// The smallest memory that it needs, in MiB.
    pub least_memory_mib: u32,
    /// It did not come with Slipway, and nobody has let its steps run on this computer yet, as they do on Practice.
    pub unasked: bool,
}

/// A step of a recipe and when it would run if everything took its usual time.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, TS)]
pub struct PlannedStep {
    /// Its id in the recipe.
    pub id: String,
    /// For people.
    pub title: String,
    /// Ids of the steps it waits for.
    pub needs: Vec<String>,
    /// How long it usually takes.
    #[ts(type = "number | null")]
    pub usual: Option<i64>,
    /// When it would begin, after the install began.
    #[ts(type = "number")]
    pub planned_start: i64,
    /// When it would end, after the install began.
    #[ts(type = "number")]
    pub planned_end: i64,
    /// On the longest chain of steps.
    pub critical: bool,
}

/// One question of a recipe.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, TS)]
pub struct InputView {
    /// Its id in the recipe.
    pub id: String,
    /// For people.
    pub title: String,
    /// One line that explains it.
    pub hint: String,
    /// What can be answered.
    pub kind: InputKind,
    /// It can't be left empty.
    pub required: bool,
    /// The answer to begin with; empty where there is none.
    pub default: String,
    /// Longest answer, in characters.
    pub longest: u32,
    /// The answers to choose from, for [`InputKind::Choice`].
    pub choices: Vec<String>,
}

/// What an input takes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum InputKind {
    /// One line of text.
    Text,
    /// An e-mail address.
    Email,
    /// One of the choices.
    Choice,
    /// `true` or `false`.
    Switch,
    /// A decimal number.
    Number,
    /// Shown as dots, kept in the keychain only.
    Secret,
}

/// Where and on what can be launched with the profile in use.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, TS)]
pub struct CatalogView {
    /// The regions of the account.
    pub regions: Vec<RegionView>,
    /// The sizes in the profile's region, small first.
    pub sizes: Vec<SizeView>,
    /// The networks in the profile's region; empty where there is none, and in the practice world.
    pub networks: Vec<NetworkView>,
    /// The sizes that are proposed, by recipe; under the empty id for one that is not known here.
    pub proposals: BTreeMap<String, Proposals>,
    /// The families of public images to launch from.
    pub families: Vec<FamilyView>,
    /// The address of this computer as a server sees it, where known.
    pub my_address: Option<String>,
}

/// Sizes that are proposed for a recipe, by their ids.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct Proposals {
    /// The smallest there is, where that is not the recommended one.
    pub smallest: Option<String>,
    /// The one that is taken where none is chosen; `None` where there is no size at all.
    pub recommended: Option<String>,
    /// With twice the memory of the recommended one.
    pub larger: Option<String>,
}

/// A family of public images, launched in its newest version.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct FamilyView {
    /// As recipes name it, such as `windows-2022`.
    pub id: String,
    /// For people, such as “Windows Server 2022”.
    pub title: String,
}

/// A place to launch in.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct RegionView {
    /// AWS's name, such as `eu-central-1`.
    pub id: String,
    /// For people, such as “Frankfurt”.
    pub title: String,
    /// False where the account has not opted in.
    pub enabled: bool,
}

/// A size to launch on.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, TS)]
pub struct SizeView {
    /// AWS's name, such as `t3.large`.
    pub id: String,
    /// Virtual CPUs.
    pub vcpus: u32,
    /// Memory in MiB.
    pub memory_mib: u32,
    /// Price an hour; `None` where it is not known, and in the practice world.
    pub usd_per_hour: Option<f64>,
    /// The use it is offered for; `None` for all other sizes.
    pub fits: Option<Use>,
}

/// What a server is for: the wizard's question about its size.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum Use {
    /// To look at and to show.
    Demo,
    /// One editor works on it.
    OneEditor,
    /// Many visitors or several editors.
    BusySite,
}

/// A network to launch into.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct NetworkView {
    /// The subnet's id.
    pub id: String,
    /// For people.
    pub title: String,
}

/// The wizard's answers, kept while it is open and given to launch.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(default)]
pub struct Draft {
    /// The stage that was open, from 0.
    pub stage: u32,
    /// The server's name.
    pub name: String,
    /// The recipe's id; empty until one is chosen.
    pub recipe: String,
    /// The image's id, on a launch from one.
    pub image: Option<String>,
    /// The answers to the recipe's questions by input id, without the secret ones.
    pub inputs: BTreeMap<String, String>,
    /// The family of images to launch from; `None` for the one that the recipe proposes.
    pub family: Option<String>,
    /// The region's id.
    pub region: String,
    /// The network's id; `None` lets the app choose.
    pub network: Option<String>,
    /// The size's id.
    pub size: String,
    /// The disk, in GiB.
    pub disk_gib: u32,
    /// The user sets the Administrator password; otherwise a random one is made.
    pub own_password: bool,
    /// Everybody may open the site, not only this computer's address.
    pub public_site: bool,
    /// The server stops itself after so many minutes, also when nobody watches; `None` for never.
    pub stop_after_minutes: Option<u32>,
    /// Should the install fail, the server stops itself after so many minutes; 0 for never, `None` for the usual time.
    pub stop_failed_after_minutes: Option<u32>,
    /// CIDRs that may connect, in place of this computer's address; empty for that.
    pub allowed_from: Vec<String>,
    /// The step that is to fail in the first attempt, to practise a failure.
    pub fail_at: Option<String>,
    /// The user lets a recipe that did not come with Slipway run as programs on this computer.
    pub run_own_recipe: bool,
}

/// The secrets of a launch, from the wizard to the keychain.
#[derive(Debug, Clone, Default, Deserialize, TS)]
#[serde(default)]
pub struct LaunchSecrets {
    /// The Administrator password, where the user sets it.
    #[serde(deserialize_with = "maybe_secret")]
    #[ts(type = "string | null")]
    pub administrator: Option<Secret<String>>,
    /// The answers to the secret inputs, by input id.
    #[serde(deserialize_with = "secrets")]
    #[ts(type = "{ [key in string]: string }")]
    pub inputs: BTreeMap<String, Secret<String>>,
}

fn maybe_secret<'de, D: Deserializer<'de>>(from: D) -> Result<Option<Secret<String>>, D::Error> {
    Ok(Option::<String>::deserialize(from)?.map(Secret::new))
}

fn secrets<'de, D: Deserializer<'de>>(from: D) -> Result<BTreeMap<String, Secret<String>>, D::Error> {
    let plain = BTreeMap::<String, String>::deserialize(from)?;
    Ok(plain
        .into_iter()
        .map(|(id, value)| (id, Secret::new(value)))
        .collect())
}

/// The settings, and what the app says about itself.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct SettingsView {
    /// Light, dark, or as the system.
    pub theme: Theme,
    /// How many times faster than usual the practice world works; at least 1.
    pub practice_speed: u32,
    /// The first-run page was answered.
    pub welcomed: bool,
    /// Where the journal and the logs are.
    pub data_folder: String,
    /// The app's version.
    pub version: String,
}

/// How the window looks.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum Theme {
    /// As the system.
    System,
    /// Dark on light.
    Light,
    /// Light on dark.
    Dark,
}

/// What can be done with the power of a server.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum PowerAct {
    /// Powers it on.
    Start,
    /// Powers it off; its disk stays.
    Stop,
    /// Off and on again.
    Restart,
}

/// A page of a server's site.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum SitePage {
    /// Where visitors arrive.
    Home,
    /// Where its own administration logs in.
    Admin,
}
