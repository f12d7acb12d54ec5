//! Where else there may be room: other zones of the same network and sizes like the one that was asked for. Pure; one is
//! taken only when the user says so.

use serde::{Deserialize, Serialize};

use super::Spec;
use crate::cloud::{Catalog, Network, Size};
use crate::error::Error;
use crate::view::OfferView;

/// More would not be read.
const MOST: usize = 5;

/// Another zone or size in place of one without room.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Offer {
    /// The zone, such as `eu-central-1b`.
    pub zone: String,
    /// The subnet in it; `None` for the one that was asked for.
    pub network: Option<String>,
    /// Instance type.
    pub size: String,
    /// The size's price an hour, where known.
    pub usd_per_hour: Option<f64>,
}

impl Offer {
    /// What it is named by.
    pub fn id(&self) -> String {
        format!("{}/{}", self.zone, self.size)
    }

    /// As the faces see it, in place of what was asked for.
    pub fn view(&self, spec: &Spec) -> OfferView {
        OfferView {
            id: self.id(),
            zone: self.zone.clone(),
            size: self.size.clone(),
            usd_per_hour: spec.hourly(self.usd_per_hour),
        }
    }
}

/// The same size in other zones first, then the cheapest sizes that are no smaller. The refusal may name the zone that is
/// full and those that are not.
pub fn offers(spec: &Spec, catalog: &Catalog, refusal: &Error) -> Vec<Offer> {
    let Some(wanted) = catalog.sizes.iter().find(|size| size.id == spec.size) else {
        return Vec::new();
    };
    let networks = reachable(spec, &catalog.networks);
    let tried = |network: &Network| spec.network.as_ref() == Some(&network.id);
    let told = Told::by(refusal);
    let mut elsewhere: Vec<&Network> = networks.clone();
    elsewhere.retain(|network| !tried(network) && sold_in(wanted, network) && !told.is_full(network));
    elsewhere.sort_by_key(|network| !told.has_room(network));
    let mut offers: Vec<Offer> = elsewhere.iter().map(|network| offer(network, wanted)).collect();
    let mut like_it: Vec<&Size> = catalog
        .sizes
        .iter()
        .filter(|size| is_like(size, wanted))
        .collect();
    like_it.sort_by(|a, b| cost(a).total_cmp(&cost(b)));
    let there = networks
        .iter()
        .find(|network| tried(network))
        .or(networks.first());
    if let Some(network) = there {
        offers.extend(
            like_it
                .iter()
                .filter(|size| sold_in(size, network))
                .map(|size| offer(network, size)),
        );
    }
    offers.truncate(MOST);
    offers
}

/// What EC2 says of zones when it has no room: “… in the Availability Zone you requested (ZONE). … by not specifying an
/// Availability Zone in your request or choosing ZONE, ZONE.” (EC2 User Guide, “Insufficient instance capacity”).
struct Told {
    words: String,
}

impl Told {
    fn by(refusal: &Error) -> Self {
        Told {
            words: refusal.causes.join(" "),
        }
    }

    fn is_full(&self, network: &Network) -> bool {
        self.words.contains(&format!("({})", network.zone))
    }

    fn has_room(&self, network: &Network) -> bool {
        let named = self.words.split_once("or choosing ");
        named.is_some_and(|(_, zones)| zones.contains(&network.zone))
    }
}

/// A security group serves one VPC only, so only its subnets can be offered.
fn reachable<'n>(spec: &Spec, networks: &'n [Network]) -> Vec<&'n Network> {
    let chosen = networks
        .iter()
        .find(|network| Some(&network.id) == spec.network.as_ref());
    let fits = |network: &&Network| match chosen {
        Some(chosen) => network.vpc == chosen.vpc,
        None => network.is_default,
    };
    networks.iter().filter(fits).collect()
}

fn sold_in(size: &Size, network: &Network) -> bool {
    size.zones.is_empty() || size.zones.contains(&network.zone)
}

fn is_like(size: &Size, wanted: &Size) -> bool {
    size.id != wanted.id && size.vcpus >= wanted.vcpus && size.memory_mib >= wanted.memory_mib
}

/// What has no price comes last.
fn cost(size: &Size) -> f64 {
    size.usd_per_hour.unwrap_or(f64::INFINITY)
}

fn offer(network: &Network, size: &Size) -> Offer {
    Offer {
        zone: network.zone.clone(),
        network: Some(network.id.clone()),
        size: size.id.clone(),
        usd_per_hour: size.usd_per_hour,
    }
}

#[cfg(test)]
#[path = "offers_tests.rs"]
mod tests;
