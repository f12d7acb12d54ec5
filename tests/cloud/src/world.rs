//! What the proxy itself keeps in mind: which token gave which instance, who has which address.

use std::collections::HashMap;
use std::net::{Ipv4Addr, TcpListener};
use std::sync::{Mutex, MutexGuard, PoisonError};

use tokio::time::Instant;
use xmltree::Element;

use crate::call::Place;
use crate::params::Params;

/// What is known of an instance beside what moto knows.
#[derive(Debug, Clone)]
pub struct Seat {
    /// Whose it is.
    pub place: Place,
    /// The client token that it was asked for with.
    pub token: Option<String>,
    /// The request, to recognise another one with the same token.
    pub request: Params,
    /// The first answer, to be given again.
    pub answer: Element,
    /// Stands for the public address.
    pub address: Ipv4Addr,
    /// Its security groups.
    pub groups: Vec<String>,
    /// Size of its disk.
    pub disk_gib: u32,
    /// Why EC2 itself ended it at once.
    pub ended: Option<String>,
}

/// What is known of an own image.
#[derive(Debug, Clone)]
pub struct Picture {
    /// Its snapshot.
    pub snapshot: String,
    /// Size of its disk.
    pub disk_gib: u32,
}

/// Everything that is kept in mind.
#[derive(Default)]
pub struct Known {
    /// By id.
    pub instances: HashMap<String, Seat>,
    /// By id.
    pub images: HashMap<String, Picture>,
    /// When each resource was created, by id or name.
    pub created: HashMap<String, Instant>,
}

/// The same, shared.
#[derive(Default)]
pub struct World(Mutex<Known>);

impl World {
    /// Looks into it, or changes it.
    pub fn known(&self) -> MutexGuard<'_, Known> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Known {
    /// The instance that a token gave.
    pub fn by_token(&self, place: &Place, token: &str) -> Option<(&String, &Seat)> {
        let mut all = self.instances.iter();
        all.find(|(_, seat)| seat.place == *place && seat.token.as_deref() == Some(token))
    }

    /// An address that no other instance has.
    pub fn new_address(&self) -> Ipv4Addr {
        let taken = |address: &Ipv4Addr| self.instances.values().any(|seat| seat.address == *address);
        std::iter::repeat_with(random_address)
            .find(|address| !taken(address) && is_free(*address))
            .expect("the iterator never ends")
    }
}

/// Somewhere in 127.64.0.0/10, away from what is usually taken.
fn random_address() -> Ipv4Addr {
    Ipv4Addr::new(127, fastrand::u8(64..128), fastrand::u8(..), fastrand::u8(1..255))
}

/// Whether no other cloud on this computer uses it.
fn is_free(address: Ipv4Addr) -> bool {
    TcpListener::bind((address, slipway_protocol::routes::PORT)).is_ok()
}
