//! What a launch will make and cost, before it is launched.

use serde::Serialize;

/// Shown to whoever is asked whether to launch it.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct PreviewView {
    /// The server's name.
    pub name: String,
    /// Whose account.
    pub profile: String,
    /// The account's number; `None` where it could not be asked, and in the practice world.
    pub account: Option<String>,
    /// The region's id.
    pub region: String,
    /// The region for people.
    pub region_title: String,
    /// Title of the recipe.
    pub recipe: String,
    /// The Windows, for people; empty on a launch from an image.
    pub windows: String,
    /// Name of the image that it is launched from.
    pub image: Option<String>,
    /// Instance type.
    pub size: String,
    /// Virtual CPUs.
    pub vcpus: u32,
    /// Memory in MiB.
    pub memory_mib: u32,
    /// System disk in GiB.
    pub disk_gib: u32,
    /// The subnet; `None` for the default one.
    pub network: Option<String>,
    /// Price an hour while it runs, with its disk and its public address; `None` where it is not known, and in the practice
    /// world.
    pub usd_per_hour: Option<f64>,
    /// The same for a month of 730 hours.
    pub usd_per_month: Option<f64>,
    /// CIDRs that may connect by Remote Desktop; empty where this computer's address is meant and not known yet.
    pub allowed_from: Vec<String>,
    /// Everybody may open the site, not only those.
    pub public_site: bool,
    /// The server stops itself after so many minutes.
    pub stop_after_minutes: Option<u32>,
    /// It runs on this computer and costs nothing.
    pub practice: bool,
}
