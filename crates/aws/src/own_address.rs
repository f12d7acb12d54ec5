//! This computer's address as AWS sees it.

use std::net::{IpAddr, Ipv4Addr};
use std::time::Duration;

use slipway_core::error::{Error, ErrorKind, Result, Unreached};

use crate::error::{PROXY_WANTS_SIGN_IN, no_names, proxy};
use crate::reach::{self, Obstacle};

/// Somebody waits for it in the wizard.
const LIMIT: Duration = Duration::from_secs(15);

/// Asks over IPv4, because the rules of the security group are for IPv4.
pub(crate) async fn ask(url: &str) -> Result<String> {
    let answer = match get(url).await {
        Ok(answer) => answer,
        Err(cause) => return Err(unknown(url, &cause).await.because(&cause)),
    };
    let address: Result<Ipv4Addr, _> = answer.trim().parse();
    address.map(|address| address.to_string()).map_err(|cause| {
        Error::new(
            ErrorKind::Unreachable,
            format!("{url} did not answer with an IPv4 address."),
        )
        .hint("A sign-in page of the network may be in the way. Enter the address that may connect yourself.")
        .unreached(Unreached::SignInPage)
        .because(&cause)
    })
}

/// What is in the way, or nothing but the service that tells addresses.
async fn unknown(url: &str, cause: &reqwest::Error) -> Error {
    let status = cause.status().map(|status| status.as_u16());
    match reach::obstacle(url).await {
        _ if status == Some(PROXY_WANTS_SIGN_IN) => proxy("The proxy of this computer", status),
        Obstacle::Names { host } => no_names(&host),
        Obstacle::Proxy { at, status } => proxy(&format!("The proxy {at}"), status),
        Obstacle::Service => Error::new(
            ErrorKind::Unreachable,
            "This computer's own internet address could not be found out.",
        )
        .hint("Check the connection, or enter the address that may connect yourself.")
        .unreached(Unreached::OwnAddress),
    }
}

/// Through the system's proxy where there is one: then the proxy's address is the one that AWS will see.
async fn get(url: &str) -> Result<String, reqwest::Error> {
    let client = reqwest::Client::builder()
        .local_address(IpAddr::V4(Ipv4Addr::UNSPECIFIED))
        .timeout(LIMIT)
        .build()?;
    client.get(url).send().await?.error_for_status()?.text().await
}
