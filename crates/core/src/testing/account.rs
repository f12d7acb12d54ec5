//! What the fake account offers and holds: sizes, networks, prices, room in its zones, and what was left behind.

use std::collections::BTreeSet;

use super::World;
use super::state::State;
use crate::cloud::*;
use crate::error::{Error, ErrorKind, Result};

/// What can be had.
pub(super) struct Offers {
    pub own_address: String,
    pub sizes: Vec<Size>,
    /// Empty: the account has no network, and none that is used by default.
    pub zones: Vec<String>,
    pub prices: Prices,
    /// Zones without room for a size.
    pub full: BTreeSet<(String, String)>,
    /// What the checks before a launch find.
    pub findings: Vec<Finding>,
}

impl Default for Offers {
    fn default() -> Self {
        let size = |id: &str, gib: u32, usd_per_hour| Size {
            id: id.into(),
            vcpus: 2,
            memory_mib: gib * 1024,
            usd_per_hour,
            zones: Vec::new(),
        };
        Offers {
            own_address: "203.0.113.7".into(),
            sizes: vec![
                size("t3.large", 8, Some(0.11)),
                size("m6i.large", 8, Some(0.188)),
                size("r6i.large", 16, None),
            ],
            zones: vec!["a".into(), "b".into()],
            prices: Prices {
                disk_gib_month: Some(0.1),
                address_hour: Some(0.005),
                image_gib_month: Some(0.05),
                asked: None,
            },
            full: BTreeSet::new(),
            findings: Vec::new(),
        }
    }
}

impl Offers {
    pub fn catalog(&self, region: &str) -> Catalog {
        let place = |id: &str, enabled| Region {
            id: id.into(),
            title: format!("Region {id}"),
            enabled,
        };
        Catalog {
            regions: vec![
                place("test-1", true),
                place("test-2", true),
                place("test-3", false),
            ],
            sizes: self.sizes.clone(),
            networks: self.zones.iter().map(|zone| network(region, zone)).collect(),
            families: vec![family("windows-2022"), family("windows-2025")],
        }
    }

    pub fn default_network(&mut self, region: &str) -> Network {
        if self.zones.is_empty() {
            self.zones.push("a".into());
        }
        network(region, &self.zones[0])
    }

    /// Refuses what has no network or no room. Without a subnet the first zone is taken.
    pub fn check(&self, request: &RunInstance, region: &str) -> Result<()> {
        let Some(first) = self.zones.first() else {
            return Err(Error::new(
                ErrorKind::NetworkMissing,
                "No default VPC for this user.",
            ));
        };
        let wanted = request.network.as_deref();
        let zone = self
            .zones
            .iter()
            .find(|zone| Some(network(region, zone).id.as_str()) == wanted);
        let place = (zone.unwrap_or(first).clone(), request.size.clone());
        if self.full.contains(&place) {
            let sentence = format!("There is no room for {} in zone {}.", place.1, place.0);
            let words = format!(
                "InsufficientInstanceCapacity: We currently do not have sufficient {} capacity in the Availability Zone \
                 you requested ({region}{}).",
                place.1, place.0
            );
            return Err(Error {
                causes: vec![words],
                ..Error::new(ErrorKind::NoCapacity, sentence)
            });
        }
        Ok(())
    }
}

fn family(id: &str) -> ImageFamily {
    ImageFamily {
        id: id.into(),
        title: format!("Family {id}"),
    }
}

fn network(region: &str, zone: &str) -> Network {
    Network {
        id: format!("subnet-{region}{zone}"),
        title: format!("default subnet, {region}{zone}"),
        zone: format!("{region}{zone}"),
        vpc: format!("vpc-{region}"),
        is_default: true,
    }
}

/// Everything that carries our tag.
pub(super) fn ours(state: &State) -> Vec<Resource> {
    let resource = |id: &str, kind, name: &str, tags: &Tags| Resource {
        id: id.into(),
        kind,
        name: name.into(),
        created: None,
        gib: None,
        size: None,
        tags: tags.clone(),
    };
    let alive = state.instances.iter();
    let alive = alive.filter(|(_, machine)| machine.state() != InstanceState::Terminated);
    let mut found: Vec<Resource> = alive
        .map(|(id, machine)| {
            let name = machine.tags.get(tag::NAME).cloned().unwrap_or_default();
            Resource {
                size: Some(machine.request.size.clone()).filter(|_| machine.is_up()),
                ..resource(id, ResourceKind::Server, &name, &machine.tags)
            }
        })
        .collect();
    found.extend(state.images.values().map(|(image, _)| Resource {
        gib: Some(image.size_gib),
        ..resource(&image.id, ResourceKind::Image, &image.name, &image.tags)
    }));
    let groups = state.groups.values();
    found.extend(
        groups.map(|group| resource(&group.id, ResourceKind::SecurityGroup, &group.name, &group.tags)),
    );
    let pairs = state.key_pairs.values();
    found.extend(pairs.map(|pair| resource(&pair.id, ResourceKind::KeyPair, &pair.name, &pair.tags)));
    found.extend(state.strays.iter().cloned());
    found
}

impl World {
    /// This computer gets another address.
    pub fn set_own_address(&self, address: &str) {
        self.lock().offers.own_address = address.into();
    }

    /// What the checks before a launch find from now on.
    pub fn set_findings(&self, findings: Vec<Finding>) {
        self.lock().offers.findings = findings;
    }

    /// A zone, such as `a`, has no room for a size any more.
    pub fn fill(&self, zone: &str, size: &str) {
        self.lock().offers.full.insert((zone.into(), size.into()));
    }

    /// The account has no network until the default one is created.
    pub fn remove_networks(&self) {
        self.lock().offers.zones.clear();
    }

    /// Leaves a disk behind that belongs to nothing.
    pub fn lose_disk(&self, id: &str, gib: f64) {
        let tags = [(tag::CREATED_BY.to_owned(), tag::US.to_owned())];
        let disk = Resource {
            id: id.into(),
            kind: ResourceKind::Disk,
            name: String::new(),
            created: None,
            gib: Some(gib),
            size: None,
            tags: tags.into(),
        };
        self.lock().strays.push(disk);
    }

    /// The regions in which machines were made.
    pub fn regions(&self) -> Vec<String> {
        self.lock()
            .instances
            .values()
            .map(|machine| machine.region.clone())
            .collect()
    }

    /// The open ports of the group of a launch.
    pub fn ingress(&self, launch: &str) -> Vec<Ingress> {
        let state = self.lock();
        let found = state.groups.values();
        let mut found = found.filter(|group| group.tags.get(tag::LAUNCH).is_some_and(|id| id == launch));
        found
            .next()
            .map(|group| group.ingress.clone())
            .unwrap_or_default()
    }
}
