//! The account as a whole: who pays, what things cost, and everything in it that is ours.

use serde::{Deserialize, Serialize};
use slipway_protocol::Time;

use super::Tags;

/// Who pays.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Account {
    /// The AWS account number; `practice` in the practice world.
    pub id: String,
    /// Who we are in it, for people.
    pub user: String,
}

/// What things cost beside the sizes, in US dollars.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct Prices {
    /// A GiB of gp3 disk for a month.
    pub disk_gib_month: Option<f64>,
    /// A public IPv4 address for an hour.
    pub address_hour: Option<f64>,
    /// A GiB of snapshots for a month.
    pub image_gib_month: Option<f64>,
    /// When these and the prices of the sizes were asked for; `None` where none are known.
    pub asked: Option<Time>,
}

impl Prices {
    /// AWS's own year of 8,760 hours, by the month.
    pub const HOURS_A_MONTH: f64 = 730.0;

    /// What a server costs an hour beside its size: its disk and its public address. `None` where one is not known.
    pub fn beside_size(&self, disk_gib: u32) -> Option<f64> {
        let disk = f64::from(disk_gib) * self.disk_gib_month? / Self::HOURS_A_MONTH;
        Some(disk + self.address_hour?)
    }
}

/// Something in the account that is tagged ours.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Resource {
    /// AWS's id.
    pub id: String,
    /// What it is.
    pub kind: ResourceKind,
    /// Its own name, or the value of its tag `Name`; empty where it has none.
    pub name: String,
    /// When it was made, where AWS tells.
    pub created: Option<Time>,
    /// Its size in GiB, of disks, images and snapshots.
    pub gib: Option<f64>,
    /// Its instance type while it runs, of servers.
    pub size: Option<String>,
    /// Its tags.
    pub tags: Tags,
}

/// What a [`Resource`] is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ResourceKind {
    /// An instance that is not terminated.
    Server,
    /// A volume that no instance uses.
    Disk,
    /// An image.
    Image,
    /// A snapshot that no image uses.
    Snapshot,
    /// A security group.
    SecurityGroup,
    /// A key pair.
    KeyPair,
}
