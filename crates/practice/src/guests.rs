//! Servers and images of another cloud, run as machines of this world: that cloud gives the ids and addresses and
//! answers for its rules, this world gives the processes.

use std::net::Ipv4Addr;

use slipway_core::cloud::{CreateImage, RunInstance};
use slipway_core::error::Result;

use crate::PracticeCloud;
use crate::ledger::{addresses, instances};
use crate::reconcile::settle;

/// An instance of another cloud.
#[derive(Debug, Clone)]
pub struct Guest {
    /// Its id there.
    pub id: String,
    /// A loopback address of its own, so that its ports may be EC2's: 8080 and 80.
    pub address: Ipv4Addr,
    /// The key pair's public half, OpenSSH.
    pub public_key: String,
    /// What it was launched with. An own image must have come here by [`PracticeCloud::guest_image`].
    pub request: RunInstance,
}

const AGENT: u16 = slipway_protocol::routes::PORT;
const SITE: u16 = 80;
const RDP: u16 = 3389;

impl PracticeCloud {
    /// Starts a machine for an instance of another cloud.
    ///
    /// # Errors
    /// When the id or the token is known already, or the world's records can't be written.
    pub async fn guest(&self, guest: Guest) -> Result<()> {
        self.ask(move |world| {
            world.ledger.change(|ledger| {
                instances::insert(ledger, &guest.id, &guest.request, &guest.public_key)?;
                instances::listen_on(ledger, &guest.id, (AGENT, SITE, RDP))?;
                addresses::give(ledger, &guest.id, guest.address)
            })?;
            settle(world)
        })
        .await
    }

    /// Gives a guest another address, as a start after a stop does.
    ///
    /// # Errors
    /// When the world's records can't be written.
    pub async fn readdress_guest(&self, id: &str, address: Ipv4Addr) -> Result<()> {
        let id = id.to_owned();
        self.ask(move |world| {
            world
                .ledger
                .change(|ledger| addresses::give(ledger, &id, address))
        })
        .await
    }

    /// Makes an image of a guest, under the id that the other cloud gave it.
    ///
    /// # Errors
    /// As for the port's `create_image`.
    pub async fn guest_image(&self, id: &str, request: &CreateImage) -> Result<()> {
        let (id, request) = (id.to_owned(), request.clone());
        self.ask(move |world| {
            settle(world)?;
            world
                .ledger
                .change(|ledger| instances::image_as(ledger, &id, &request))?;
            settle(world)
        })
        .await
    }
}
