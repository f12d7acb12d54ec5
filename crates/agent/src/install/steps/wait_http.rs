//! `wait_http`: asks a URL again and again until it answers as expected.

use std::time::Duration;

use reqwest::redirect::Policy;
use reqwest::{Client, Url};

use super::{Failure, Success, Trial};
use crate::http;

const PAUSE: Duration = Duration::from_secs(1);
const ONE_REQUEST: Duration = Duration::from_secs(10);
/// More of an answer is not looked at.
const MAX_ANSWER: usize = 4 * 1024 * 1024;

/// Returns once `url` answers with `status` and a text that holds `contains`; the step's timeout ends the wait.
pub async fn wait_http(
    trial: &Trial,
    url: &str,
    status: u16,
    contains: Option<&str>,
) -> Result<Success, Failure> {
    let text = trial.values.public(url)?;
    let url: Url = text.parse().map_err(|_| format!("“{text}” is no URL."))?;
    let contains = contains.map(|text| trial.values.public(text)).transpose()?;
    let client = client(&url).map_err(|error| format!("No HTTP client could be made: {error}."))?;
    let mut said = String::new();
    loop {
        match ask(&client, &url, status, contains.as_deref()).await {
            Ok(()) => {
                trial.say(&format!("{url} answers as expected.")).await;
                return Ok(Success::Done);
            }
            Err(reason) if reason != said => {
                trial.say(&format!("Waiting for {url}: {reason}.")).await;
                said = reason;
            }
            Err(_) => {}
        }
        tokio::time::sleep(PAUSE).await;
    }
}

/// Follows no redirect: it could lead away from what is to be shown to work. A certificate that nobody has signed
/// is accepted from this machine alone.
fn client(url: &Url) -> reqwest::Result<Client> {
    let builder = if is_this_machine(url) {
        http::local_client().tls_danger_accept_invalid_certs(true)
    } else {
        http::client().redirect(Policy::none())
    };
    builder.timeout(ONE_REQUEST).build()
}

fn is_this_machine(url: &Url) -> bool {
    let host = url.host_str().unwrap_or_default().trim_matches(['[', ']']);
    let loopback = |address: std::net::IpAddr| address.is_loopback();
    host.eq_ignore_ascii_case("localhost") || host.parse().is_ok_and(loopback)
}

async fn ask(client: &Client, url: &Url, status: u16, contains: Option<&str>) -> Result<(), String> {
    let answer = client.get(url.clone()).send().await;
    let mut answer = answer.map_err(|error| plainly(&error))?;
    if answer.status().as_u16() != status {
        return Err(format!("it answers {}", answer.status()));
    }
    let Some(expected) = contains else { return Ok(()) };
    let mut body = Vec::new();
    while let Some(chunk) = answer.chunk().await.map_err(|error| plainly(&error))? {
        body.extend_from_slice(&chunk);
        if body.len() > MAX_ANSWER {
            break;
        }
    }
    if String::from_utf8_lossy(&body).contains(expected) {
        return Ok(());
    }
    Err(format!("its answer does not hold “{expected}”"))
}

fn plainly(error: &reqwest::Error) -> String {
    if error.is_connect() {
        return "nobody answers there yet".to_owned();
    }
    if error.is_timeout() {
        return "it takes too long to answer".to_owned();
    }
    error.to_string()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_loopback_addresses_are_this_machine() {
        for ours in ["https://127.0.0.1:8443/", "https://[::1]/", "https://LOCALHOST/x"] {
            assert!(is_this_machine(&ours.parse().unwrap()), "{ours}");
        }
        for other in [
            "https://127.0.0.1.example.org/",
            "https://10.0.0.1/",
            "https://localhost.evil/",
        ] {
            assert!(!is_this_machine(&other.parse().unwrap()), "{other}");
        }
    }
}
