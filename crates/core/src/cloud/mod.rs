//! What a cloud holds and what it is asked to do: the plain values on both sides of the [`crate::ports::Cloud`] port.

mod account;
pub(crate) mod border;
mod requests;

pub use account::*;
pub use requests::*;

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use slipway_protocol::Time;

use crate::error::ErrorKind;

/// Tags of a resource, by key.
pub type Tags = BTreeMap<String, String>;

/// Names of our tags. Only characters that instance metadata can serve (letters, digits and `+-=.,_:@`).
pub mod tag {
    /// The launch that created the resource.
    pub const LAUNCH: &str = "slipway-launch";
    /// The profile that it was launched with: two profiles may be ways into one account.
    pub const PROFILE: &str = "slipway-profile";
    /// On images: the recipe that the server was installed with.
    pub const RECIPE: &str = "slipway-recipe";
    /// On images: the server that it was made of.
    pub const SERVER: &str = "slipway-server";
    /// On everything we create: who created it; the smallest IAM policy leans on it.
    pub const CREATED_BY: &str = "CreatedBy";
    /// The value of [`CREATED_BY`].
    pub const US: &str = "slipway";
    /// The display name in every console.
    pub const NAME: &str = "Name";
}

/// What can be launched, and where.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Catalog {
    /// The regions of the account.
    pub regions: Vec<Region>,
    /// Sizes that can be launched in the profile's region, small first.
    pub sizes: Vec<Size>,
    /// Networks to launch into; empty where the account has none.
    pub networks: Vec<Network>,
    /// The families of public images, each in its newest version at every launch.
    pub families: Vec<ImageFamily>,
}

/// A family of public images.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ImageFamily {
    /// As recipes name it, such as `windows-2022`.
    pub id: String,
    /// For people, such as “Windows Server 2022”.
    pub title: String,
}

/// A place to launch in.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Region {
    /// AWS's name, such as `eu-central-1`.
    pub id: String,
    /// For people, such as “Frankfurt”.
    pub title: String,
    /// False where the account has not opted in.
    pub enabled: bool,
}

/// An instance type.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Size {
    /// AWS's name, such as `t3.large`.
    pub id: String,
    /// Virtual CPUs.
    pub vcpus: u32,
    /// Memory in MiB.
    pub memory_mib: u32,
    /// On-demand price with Windows, US dollars an hour; `None` where it is not known. Never guessed.
    pub usd_per_hour: Option<f64>,
    /// The zones that offer it; empty where that is not known.
    pub zones: Vec<String>,
}

/// A subnet to launch into.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Network {
    /// The subnet's id.
    pub id: String,
    /// For people.
    pub title: String,
    /// The zone that it lies in.
    pub zone: String,
    /// The VPC that it belongs to; a security group serves one VPC only.
    pub vpc: String,
    /// It is used in its zone where no subnet is named.
    pub is_default: bool,
}

/// Where an instance stands, in EC2's words.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum InstanceState {
    /// Being prepared.
    Pending,
    /// Powered on.
    Running,
    /// On its way to stopped.
    Stopping,
    /// Powered off; its disk is kept.
    Stopped,
    /// On its way to terminated.
    ShuttingDown,
    /// Gone for good.
    Terminated,
}

/// How the reason of an instance begins that ended because the key of its disk may not be used (“Instance terminates
/// immediately”, Amazon EC2 User Guide). AWS says no more than this.
pub const DISK_KEY_REFUSED: &str = "Client.InternalError";

/// A virtual machine.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Instance {
    /// `i-…`.
    pub id: String,
    /// Where it stands.
    pub state: InstanceState,
    /// Why it stands there, where the cloud says so.
    pub state_reason: Option<String>,
    /// Where it can be reached; `None` while it has no public address.
    pub endpoints: Option<Endpoints>,
    /// Its size.
    pub size: String,
    /// The image it was launched from.
    pub image: String,
    /// When it was last started.
    pub started: Time,
    /// The client token of the request that created it.
    pub token: Option<String>,
    /// Its tags.
    pub tags: Tags,
}

/// Where an instance can be reached.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Endpoints {
    /// DNS name or address.
    pub host: String,
    /// Port of the status service; 8080 on EC2.
    pub agent: u16,
    /// Port of Remote Desktop; 3389 on EC2.
    pub rdp: u16,
    /// Port of the site; 80 on EC2.
    pub site: u16,
}

/// Which instances are asked for. Several ids are one request.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum InstanceFilter {
    /// By id. Ids that the cloud does not (yet, or no longer) know are left out of the answer, not an error.
    Ids(Vec<String>),
    /// By the client token of RunInstances.
    Token(String),
    /// By our launch tag.
    Launch(String),
    /// All that carry any launch tag.
    Ours,
}

/// A key pair; the cloud holds the public half.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct KeyPair {
    /// `key-…`.
    pub id: String,
    /// Unique in account and region.
    pub name: String,
    /// Its tags.
    pub tags: Tags,
}

/// A security group.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SecurityGroup {
    /// `sg-…`.
    pub id: String,
    /// Unique in its network.
    pub name: String,
    /// Who may come in.
    pub ingress: Vec<Ingress>,
    /// Its tags.
    pub tags: Tags,
}

/// One TCP port opened to one range of addresses.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct Ingress {
    /// TCP port.
    pub port: u16,
    /// CIDR, such as `203.0.113.7/32`.
    pub from: String,
}

/// An image of a server.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Image {
    /// `ami-…`.
    pub id: String,
    /// Unique in account and region.
    pub name: String,
    /// For people.
    pub description: String,
    /// Where it stands.
    pub state: ImageState,
    /// Why it failed, where the cloud says so.
    pub state_reason: Option<String>,
    /// How far its snapshots are, from 0 to 100.
    pub percent: u8,
    /// Size of its disks in GiB.
    pub size_gib: f64,
    /// When it was asked for.
    pub created: Time,
    /// Its tags.
    pub tags: Tags,
}

/// Where an image stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ImageState {
    /// Its snapshots are being taken.
    Pending,
    /// Can be launched from.
    Available,
    /// Could not be made.
    Failed,
    /// Being deleted, or gone.
    Gone,
}

/// Which images are asked for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ImageFilter {
    /// By id.
    Id(String),
    /// By name, own images only.
    Name(String),
    /// All that carry our tag.
    Ours,
}

/// A finding of the checks before money is spent.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Finding {
    /// What was looked at, such as “vCPU quota”.
    pub about: String,
    /// How it stands.
    pub verdict: Verdict,
    /// What was found, in a sentence.
    pub text: String,
    /// What to do, in a sentence; empty where there is nothing to do.
    #[serde(default)]
    pub fix: String,
    /// What a launch would be refused with; `None` where it goes on, or could never go well as it is.
    #[serde(default)]
    pub kind: Option<ErrorKind>,
}

impl Finding {
    /// A launch would fail.
    pub fn blocks(&self) -> bool {
        self.verdict == Verdict::Blocking
    }
}

/// How a check stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ts_rs::TS)]
#[serde(rename_all = "snake_case")]
pub enum Verdict {
    /// Fine.
    Good,
    /// Can't be known before.
    Unknown,
    /// Worth a look; a launch may go on.
    Warning,
    /// A launch would fail.
    Blocking,
}

/// What the checks look at.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct CheckRequest {
    /// The size to launch.
    pub size: String,
    /// The image, or the recipe's base image.
    pub image: ImageChoice,
    /// The subnet; `None` for the default one.
    pub network: Option<String>,
    /// Disk size in GiB.
    pub disk_gib: u32,
}

/// What to launch from.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ImageChoice {
    /// The newest public image of a family, such as `windows-2022`, resolved at every launch.
    Family(String),
    /// An own image, by id.
    Own(String),
}
