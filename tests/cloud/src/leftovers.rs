//! What exists, by moto's word alone: asked past the proxy, so that neither its faults nor its mistakes play a part.

use serde::Serialize;
use xmltree::Element;

use crate::call::Place;
use crate::cloud::Cloud;
use crate::params::Params;
use crate::xml;

/// Everything that a launch can leave behind, by id.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct Leftovers {
    /// Instances that are not terminated.
    pub instances: Vec<String>,
    /// All instances that ever were, terminated ones too.
    pub instances_ever: Vec<String>,
    /// By name.
    pub key_pairs: Vec<String>,
    /// Without the default ones of the networks.
    pub groups: Vec<String>,
    /// Own ones.
    pub images: Vec<String>,
    /// Of own images.
    pub snapshots: Vec<String>,
}

impl Leftovers {
    /// Whether nothing is there that costs money or stands in the way.
    pub fn is_empty(&self) -> bool {
        [
            &self.instances,
            &self.key_pairs,
            &self.groups,
            &self.images,
            &self.snapshots,
        ]
        .iter()
        .all(|kind| kind.is_empty())
    }
}

/// What there is in a place.
///
/// # Panics
/// When moto does not answer.
pub async fn of(cloud: &Cloud, place: &Place) -> Leftovers {
    let own = || Params::from([("Owner.1", "self")]);
    let instances = every_instance(cloud, place).await;
    let images = ask(cloud, place, "DescribeImages", own()).await;
    let owned = Params::from([("OwnerId.1", "self")]);
    let snapshots = ask(cloud, place, "DescribeSnapshots", owned).await;
    let groups = ask(cloud, place, "DescribeSecurityGroups", Params::default()).await;
    let keys = ask(cloud, place, "DescribeKeyPairs", Params::default()).await;
    Leftovers {
        instances: named(&instances, |state| state != "terminated"),
        instances_ever: named(&instances, |_| true),
        key_pairs: ids(&keys, "keySet", "keyName"),
        groups: xml::items(&groups, "securityGroupInfo")
            .into_iter()
            .filter(|group| xml::text(group, "groupName") != "default")
            .map(|group| xml::text(group, "groupId"))
            .collect(),
        snapshots: xml::items(&snapshots, "snapshotSet")
            .into_iter()
            .filter(|snapshot| is_of_instance(snapshot))
            .map(|snapshot| xml::text(snapshot, "snapshotId"))
            .collect(),
        images: ids(&images, "imagesSet", "imageId"),
    }
}

/// moto also has a snapshot for each public image, which belongs to nobody's instance.
fn is_of_instance(snapshot: &Element) -> bool {
    xml::text(snapshot, "description").contains("CreateImage(i-")
}

async fn ask(cloud: &Cloud, place: &Place, action: &str, params: Params) -> Element {
    let asked = cloud.moto.ask(place, action, params).await;
    asked.unwrap_or_else(|refusal| panic!("{action}: {refusal:?}"))
}

/// Page by page: moto gives at most a hundred reservations at once.
async fn every_instance(cloud: &Cloud, place: &Place) -> Vec<(String, String)> {
    let mut all = Vec::new();
    let mut params = Params::default();
    loop {
        let page = ask(cloud, place, "DescribeInstances", params.clone()).await;
        all.extend(instances(&page));
        match xml::text(&page, "nextToken") {
            next if next.is_empty() => return all,
            next => params.set("NextToken", next),
        }
    }
}

/// Ids and states.
fn instances(found: &Element) -> Vec<(String, String)> {
    let reservations = xml::items(found, "reservationSet").into_iter();
    let items = reservations.flat_map(|reservation| xml::items(reservation, "instancesSet"));
    items
        .map(|item| {
            (
                xml::text(item, "instanceId"),
                xml::text(item, "instanceState/name"),
            )
        })
        .collect()
}

fn named(instances: &[(String, String)], wanted: impl Fn(&str) -> bool) -> Vec<String> {
    let found = instances.iter().filter(|(_, state)| wanted(state));
    found.map(|(id, _)| id.clone()).collect()
}

fn ids(found: &Element, set: &str, id: &str) -> Vec<String> {
    let items = xml::items(found, set).into_iter();
    items.map(|item| xml::text(item, id)).collect()
}
