//! The border to the cloud: what other people could have written there (tags, names, descriptions) is made fit for one
//! line of a screen, a log or a file before anything of ours sees it. Ids are the cloud's own and pass as they are, and so
//! does the text of a console, which whoever shows it takes apart line by line.

use std::sync::Arc;

use super::{
    Account, Catalog, Finding, Image, Instance, KeyPair, Network, Prices, Region, Resource, SecurityGroup,
    Tags,
};
use crate::names::one_line;
use crate::ports::Cloud;

/// Longest value of a tag (EC2 User Guide, “Tag restrictions”), and longest name of an image is half of it.
const LONGEST_NAME: usize = 256;
/// Longest description and reason. Longer ones are cut.
const LONGEST_TEXT: usize = 1_000;

/// A cloud whose answers are fit to be shown.
pub(crate) struct CheckedCloud(pub Arc<dyn Cloud>);

/// An answer of the cloud.
pub(crate) trait Answer {
    /// The same, fit to be shown.
    fn checked(self) -> Self;
}

macro_rules! as_they_are {
    ($($answer:ty),+ $(,)?) => { $(impl Answer for $answer {
        fn checked(self) -> Self {
            self
        }
    })+ };
}

as_they_are!(
    Account,
    Vec<Finding>,
    String,
    Option<String>,
    Option<KeyPair>,
    Option<SecurityGroup>,
    Option<Vec<u8>>,
    Prices,
);

impl Answer for Vec<Instance> {
    fn checked(self) -> Self {
        let checked = |instance: Instance| Instance {
            state_reason: instance.state_reason.map(|reason| text(&reason)),
            tags: tags(instance.tags),
            ..instance
        };
        self.into_iter().map(checked).collect()
    }
}

impl Answer for Vec<Image> {
    fn checked(self) -> Self {
        let checked = |image: Image| Image {
            name: name(&image.name),
            description: text(&image.description),
            state_reason: image.state_reason.map(|reason| text(&reason)),
            tags: tags(image.tags),
            ..image
        };
        self.into_iter().map(checked).collect()
    }
}

impl Answer for Vec<Resource> {
    fn checked(self) -> Self {
        let checked = |resource: Resource| Resource {
            name: name(&resource.name),
            tags: tags(resource.tags),
            ..resource
        };
        self.into_iter().map(checked).collect()
    }
}

impl Answer for Catalog {
    fn checked(self) -> Self {
        let region = |region: Region| Region {
            title: name(&region.title),
            ..region
        };
        let network = |network: Network| Network {
            title: name(&network.title),
            ..network
        };
        Catalog {
            regions: self.regions.into_iter().map(region).collect(),
            networks: self.networks.into_iter().map(network).collect(),
            ..self
        }
    }
}

fn tags(tags: Tags) -> Tags {
    tags.into_iter().map(|(key, value)| (key, name(&value))).collect()
}

fn name(text: &str) -> String {
    one_line(text, LONGEST_NAME)
}

fn text(text: &str) -> String {
    one_line(text, LONGEST_TEXT)
}
