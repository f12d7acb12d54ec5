//! The one place where HTTP clients are made, so that each has the same TLS provider and never hangs on a connect.

use std::time::Duration;

/// A client for the open Internet: HTTPS with *ring*, the system's root certificates and proxy.
pub fn client() -> reqwest::ClientBuilder {
    // An error only says that this process has a provider already.
    let _ = rustls::crypto::ring::default_provider().install_default();
    reqwest::Client::builder()
        .connect_timeout(Duration::from_secs(10))
        .user_agent(concat!("slipway-agent/", env!("CARGO_PKG_VERSION")))
}

/// A client for this machine and its link-local addresses: through no proxy, following no redirect.
pub fn local_client() -> reqwest::ClientBuilder {
    client()
        .no_proxy()
        .redirect(reqwest::redirect::Policy::none())
        .connect_timeout(Duration::from_secs(1))
        .timeout(Duration::from_secs(5))
}
