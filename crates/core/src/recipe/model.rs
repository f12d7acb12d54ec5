//! What a recipe says, once it was found to be right.

use serde::{Deserialize, Serialize};
use slipway_protocol::Step;
use slipway_protocol::message::{Admin, Site};
use slipway_protocol::plan::SecretSpec;
use ts_rs::TS;

/// A way to install one product: what to ask, and the steps.
#[derive(Debug, Clone, PartialEq)]
pub struct Recipe {
    /// Unique in the library: lower-case letters, digits, `-` and `_`.
    pub id: String,
    /// For people.
    pub title: String,
    /// One or two sentences on what one gets.
    pub summary: String,
    /// For people, such as `1.2`.
    pub version: String,
    /// Where it can be launched.
    pub worlds: Vec<World>,
    /// The input whose answer names a step that fails in the first attempt, for practising.
    pub rehearse: Option<String>,
    /// The image and disk to start from.
    pub base: Base,
    /// What the user is asked.
    pub inputs: Vec<Input>,
    /// Secrets that steps use.
    pub secrets: Vec<SecretSpec>,
    /// Where the site answers.
    pub site: Site,
    /// The login of the site's own administration; its texts may hold placeholders for inputs.
    pub admin: Option<Admin>,
    /// What is done.
    pub steps: Vec<RecipeStep>,
    /// SHA-256 of the user's own file that it was read from; `None` for a recipe that comes with Slipway.
    pub own_sha256: Option<String>,
}

/// A kind of cloud.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum World {
    /// The small cloud on this computer.
    Practice,
    /// Amazon EC2.
    Ec2,
}

/// What a server is made of.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct Base {
    /// Family of public images, such as `windows-2022`; the newest is taken at every launch.
    pub family: String,
    /// Other families that it can be installed on as well.
    pub other_families: Vec<String>,
    /// Proposed disk size in GiB.
    pub disk_gib: u32,
    /// Smallest disk in GiB that the product fits on.
    pub minimum_disk_gib: u32,
    /// Memory in GiB below which the product is slow; 0 where the recipe does not say.
    pub minimum_memory_gib: u32,
    /// Memory in GiB of the size that is proposed; [`USUAL_MEMORY_GIB`] or the minimum where the recipe does not say.
    pub recommended_memory_gib: u32,
}

/// What Windows Server, a web server and one editor at work have room in, in GiB.
pub const USUAL_MEMORY_GIB: u32 = 4;

impl Base {
    /// Every family that it can be installed on, the one that is proposed first.
    pub fn families(&self) -> impl Iterator<Item = &str> + Clone {
        let others = self.other_families.iter().map(String::as_str);
        std::iter::once(self.family.as_str()).chain(others)
    }
}

/// One question to the user.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct Input {
    /// Unique in the recipe; steps use it as `${input.ID}`.
    pub id: String,
    /// What kind of answer is possible.
    #[serde(rename = "type")]
    pub kind: InputKind,
    /// Name of the field, for people.
    pub label: String,
    /// One line on what it is for; may be empty.
    pub help: String,
    /// The answer when none is given.
    pub default: Option<String>,
    /// Whether an empty answer is refused.
    pub required: bool,
    /// Longest answer, in characters.
    pub max_length: usize,
    /// The answers to choose from, for [`InputKind::Choice`].
    pub options: Vec<String>,
}

/// What kind of answer an input takes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum InputKind {
    /// One line of text.
    Text,
    /// An e-mail address.
    Email,
    /// One of the options.
    Choice,
    /// `true` or `false`.
    Bool,
    /// A decimal number.
    Number,
    /// A secret; it is kept out of the plan and sent sealed.
    Secret,
    /// The id of one of the recipe's steps.
    Step,
}

/// A step with what only the app needs to know of it.
#[derive(Debug, Clone, PartialEq)]
pub struct RecipeStep {
    /// As the agent gets it.
    pub step: Step,
    /// Whether it also runs on a launch from an image.
    pub on_image: bool,
}
