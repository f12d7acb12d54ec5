//! The HTTP clients, one for each pin and road, each with its own kept connections.

use std::collections::HashMap;
use std::net::IpAddr;
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use reqwest::redirect::Policy;
use reqwest::{Client, ClientBuilder};
use slipway_core::error::{Error, ErrorKind, Result};
use slipway_core::ports::AgentAddress;

use crate::pinning;

const CONNECT_TIMEOUT: Duration = Duration::from_secs(5);

/// Whom a client may talk to; connections are never shared across these.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
enum Whom {
    Agent {
        host: String,
        port: u16,
        pin: Option<String>,
    },
    LocalSite,
    Site,
}

/// Clients by whom they talk to.
#[derive(Debug, Default)]
pub(super) struct Connections {
    clients: Mutex<HashMap<Whom, Client>>,
}

impl Connections {
    /// A client that trusts the pinned certificate of that address only.
    pub(super) fn to_agent(&self, at: &AgentAddress) -> Result<Client> {
        let whom = Whom::Agent {
            host: at.host.clone(),
            port: at.port,
            pin: at.pin.clone(),
        };
        self.client(whom, || {
            let tls = pinning::config(at.pin.as_deref()).map_err(|error| unusable(&error))?;
            Ok(base(is_loopback(&at.host))
                .tls_backend_preconfigured(tls)
                .tls_info(true))
        })
    }

    /// A client as a browser is, but one that accepts a self-signed certificate of this computer.
    pub(super) fn to_site(&self, host: &str) -> Result<Client> {
        let local = is_loopback(host);
        let whom = if local { Whom::LocalSite } else { Whom::Site };
        self.client(whom, || Ok(base(local).tls_danger_accept_invalid_certs(local)))
    }

    /// Drops every kept connection.
    pub(super) fn forget(&self) {
        self.lock().clear();
    }

    fn client(&self, whom: Whom, builder: impl FnOnce() -> Result<ClientBuilder>) -> Result<Client> {
        let mut clients = self.lock();
        if let Some(client) = clients.get(&whom) {
            return Ok(client.clone());
        }
        let client = builder()?.build().map_err(|error| unusable(&error))?;
        clients.insert(whom, client.clone());
        Ok(client)
    }

    fn lock(&self) -> std::sync::MutexGuard<'_, HashMap<Whom, Client>> {
        // A panic while the map was held leaves at worst one client less in it.
        self.clients.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Redirects are never followed by themselves: the agent has none, and a visit checks each target.
fn base(local: bool) -> ClientBuilder {
    let builder = Client::builder()
        .connect_timeout(CONNECT_TIMEOUT)
        .redirect(Policy::none())
        .retry(reqwest::retry::never())
        .user_agent(concat!("Slipway/", env!("CARGO_PKG_VERSION")));
    // A proxy has another loopback than we have.
    if local { builder.no_proxy() } else { builder }
}

pub(super) fn is_loopback(host: &str) -> bool {
    let bare = host.trim_start_matches('[').trim_end_matches(']');
    bare.eq_ignore_ascii_case("localhost")
        || bare.parse::<IpAddr>().is_ok_and(|address| address.is_loopback())
}

fn unusable(error: &(dyn std::error::Error + 'static)) -> Error {
    Error::new(
        ErrorKind::Internal,
        "No connection can be set up on this computer.",
    )
    .hint("Check the proxy settings of this computer.")
    .because(error)
}
