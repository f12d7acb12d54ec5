//! Everything that the fake world remembers, and how its machines go through their lives.

use std::collections::BTreeMap;
use std::time::Duration;

use slipway_protocol::Brief;
use slipway_protocol::sealing::Key;
use tokio::time::Instant;

use super::account::Offers;
use super::age;
use super::agent::Script;
use super::impostor::{ConsoleShows, Impostor};
use crate::cloud::{
    Endpoints, Image, Instance, InstanceState, KeyPair, Resource, RunInstance, SecurityGroup, Tags,
};
use crate::secret::Secret;

/// From the request to “running”.
pub(super) const BOOT: Duration = Duration::from_secs(20);
/// From “running” to “Windows is Ready to use”.
pub(super) const CONFIGURE: Duration = Duration::from_secs(60);
/// Of the certificate that a machine's Remote Desktop shows.
pub(super) const THUMBPRINT: &str = "0F9C4A3E8B7D65514C2A1B0FEED0C0FFEE012345";
/// From the request for an image to “available”.
pub(super) const SNAPSHOT: Duration = Duration::from_secs(90);

#[derive(Default)]
pub(super) struct State {
    pub lag: Duration,
    /// Lines that an agent says in each step, beside the usual one.
    pub chatter: u32,
    pub key_pairs: BTreeMap<String, KeyPair>,
    pub groups: BTreeMap<String, SecurityGroup>,
    pub instances: BTreeMap<String, Machine>,
    pub images: BTreeMap<String, (Image, Instant)>,
    pub secrets: BTreeMap<String, Secret<Vec<u8>>>,
    pub made: u32,
    /// What can be had, and at what price.
    pub offers: Offers,
    /// Disks and snapshots that belong to nothing.
    pub strays: Vec<Resource>,
    /// Which keys the consoles show.
    pub console: ConsoleShows,
    /// Answers in place of the agents.
    pub impostor: Option<Impostor>,
    /// Addresses of sites that were asked for.
    pub visited: Vec<String>,
}

/// One instance and the agent on it.
pub(super) struct Machine {
    pub request: RunInstance,
    pub region: String,
    pub tags: Tags,
    pub made: Instant,
    /// What it is on its way to, and since when.
    pub power: (Power, Instant),
    pub key: Key,
    pub script: Script,
}

/// What was last asked of an instance.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Power {
    On,
    Off,
    Gone,
}

/// What the world holds.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Contents {
    /// Instances that are not terminated, by the launch that they carry.
    pub instances: Vec<String>,
    /// Instances that were ever made.
    pub ever: usize,
    /// Names of key pairs.
    pub key_pairs: Vec<String>,
    /// Names of security groups.
    pub groups: Vec<String>,
    /// Names of images.
    pub images: Vec<String>,
}

impl State {
    pub fn next_id(&mut self, prefix: &str) -> String {
        self.made += 1;
        format!("{prefix}-{:08x}", self.made)
    }

    pub fn contents(&self) -> Contents {
        let alive = self
            .instances
            .values()
            .filter(|machine| machine.state() != InstanceState::Terminated);
        Contents {
            instances: alive
                .map(|machine| {
                    machine
                        .tags
                        .get(crate::cloud::tag::LAUNCH)
                        .cloned()
                        .unwrap_or_default()
                })
                .collect(),
            ever: self.instances.len(),
            key_pairs: self.key_pairs.keys().cloned().collect(),
            groups: self.groups.values().map(|group| group.name.clone()).collect(),
            images: self
                .images
                .values()
                .map(|(image, _)| image.name.clone())
                .collect(),
        }
    }

    pub fn visible(&self, made: Instant) -> bool {
        age(made) >= self.lag
    }
}

impl Machine {
    pub fn new(request: RunInstance, region: &str, now: Instant, chatter: u32) -> Self {
        let brief = Brief::from_user_data(&request.user_data).ok();
        let tags = request.tags.clone();
        let ready = now + BOOT + CONFIGURE;
        let key = Key::generate();
        Machine {
            script: Script::new(brief, ready, &key, chatter),
            tags,
            region: region.to_owned(),
            made: now,
            power: (Power::On, now),
            key,
            request,
        }
    }

    pub fn state(&self) -> InstanceState {
        let since = age(self.power.1);
        match self.power.0 {
            Power::On if since < BOOT => InstanceState::Pending,
            Power::On => InstanceState::Running,
            Power::Off if since < Duration::from_secs(10) => InstanceState::Stopping,
            Power::Off => InstanceState::Stopped,
            Power::Gone if since < Duration::from_secs(15) => InstanceState::ShuttingDown,
            Power::Gone => InstanceState::Terminated,
        }
    }

    pub fn is_up(&self) -> bool {
        self.state() == InstanceState::Running
    }

    pub fn describe(&self, id: &str) -> Instance {
        let endpoints = Endpoints {
            host: format!("{id}.test"),
            agent: 8080,
            rdp: 3389,
            site: 80,
        };
        Instance {
            id: id.to_owned(),
            state: self.state(),
            state_reason: None,
            endpoints: self.is_up().then_some(endpoints),
            size: self.request.size.clone(),
            image: format!("{:?}", self.request.image),
            started: slipway_protocol::Time(0),
            token: Some(self.request.token.clone()),
            tags: self.tags.clone(),
        }
    }

    pub fn console(&self, shows: ConsoleShows) -> String {
        if !self.is_up() {
            return String::new();
        }
        let mut text = String::from("2026/11/22 09:00:00Z: Windows is being configured.\n");
        if age(self.made) >= BOOT + CONFIGURE {
            text.push_str("2026/11/22 09:00:58Z: RDPCERTIFICATE-THUMBPRINT: ");
            text.push_str(THUMBPRINT);
            text.push_str("\n2026/11/22 09:01:00Z: Message: Windows is Ready to use\n");
            text.push_str(&shows.line(&self.script));
        }
        text
    }
}
