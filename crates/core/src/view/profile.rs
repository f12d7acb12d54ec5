//! Profiles: whose account is used, how it stands, and what lies in it that nobody knows any more.
//!
//! The calls that these are for: `list_profiles`, `file_profiles`, `add_profile`, `add_file_profile`, `remove_profile`,
//! `doctor`, `prices`, `sweep` and `delete_leftover`. Money is US dollars.

use serde::{Deserialize, Deserializer, Serialize};
use ts_rs::TS;

use crate::cloud::Verdict;
use crate::secret::Secret;

/// A profile: whose account, which region.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, TS)]
pub struct ProfileView {
    /// Its name.
    pub name: String,
    /// It is the practice world.
    pub practice: bool,
    /// The region it works in.
    pub region: String,
    /// What people call that region: “Frankfurt”.
    pub region_title: String,
    /// The account number, where known.
    pub account: Option<String>,
    /// Who we are in the account, where known.
    pub user: Option<String>,
    /// Where its access key is.
    pub keys: KeysIn,
    /// It is the one in use.
    pub current: bool,
}

/// Where the access key of a profile is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum KeysIn {
    /// It needs none.
    Nowhere,
    /// In this computer's keychain.
    Keychain,
    /// In the files of the AWS tools, below `~/.aws`.
    AwsFiles,
}

/// A profile to add, from a face to the keychain.
#[derive(Debug, Clone, Deserialize, TS)]
pub struct NewProfile {
    /// Unique among the profiles.
    pub name: String,
    /// The access key's id, such as `AKIA…`.
    pub key_id: String,
    /// The secret access key.
    #[serde(deserialize_with = "secret")]
    #[ts(type = "string")]
    pub secret: Secret<String>,
    /// The region it works in.
    pub region: String,
}

fn secret<'de, D: Deserializer<'de>>(from: D) -> Result<Secret<String>, D::Error> {
    Ok(Secret::new(String::deserialize(from)?))
}

/// A profile that the files of the AWS tools name.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct FileProfileView {
    /// Its name there.
    pub name: String,
    /// Its region there.
    pub region: Option<String>,
    /// It is among the profiles already.
    pub added: bool,
    /// Why it can't be used, in a sentence; empty where it can.
    pub problem: String,
}

/// What the checks of a profile found, or those before a launch.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct DoctorView {
    /// The account number, where the keys were accepted.
    pub account: Option<String>,
    /// Who we are in it.
    pub user: Option<String>,
    /// In the order in which they were looked at.
    pub findings: Vec<FindingView>,
}

/// One thing that was looked at.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct FindingView {
    /// What, such as “vCPU quota”.
    pub about: String,
    /// How it stands.
    pub verdict: Verdict,
    /// What was found, in a sentence.
    pub text: String,
    /// What to do; empty where there is nothing to do.
    pub fix: String,
}

/// Prices in a profile's region beside those of the sizes. What is not known is `None`, never a guess.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, TS)]
pub struct PricesView {
    /// A GiB of disk for a month.
    pub disk_gib_month: Option<f64>,
    /// A public address for an hour.
    pub address_hour: Option<f64>,
    /// A GiB of an image's snapshots for a month.
    pub image_gib_month: Option<f64>,
    /// When AWS was asked, in milliseconds since the Unix epoch.
    #[ts(type = "number | null")]
    pub asked: Option<i64>,
}

/// Something in the account that is tagged ours and that this computer knows nothing of.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, TS)]
pub struct LeftoverView {
    /// AWS's id.
    pub id: String,
    /// What it is.
    pub kind: LeftoverKind,
    /// Its name; empty where it has none.
    pub name: String,
    /// When it was made, in milliseconds since the Unix epoch, where AWS tells.
    #[ts(type = "number | null")]
    pub created: Option<i64>,
    /// What keeping it costs a month; `None` where it is not known.
    pub usd_per_month: Option<f64>,
}

/// What can be left behind in an account.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum LeftoverKind {
    /// A server, running or stopped.
    Server,
    /// A disk of no server.
    Disk,
    /// An image.
    Image,
    /// A snapshot of no image.
    Snapshot,
    /// A firewall group.
    FirewallGroup,
    /// A key pair.
    KeyPair,
}
