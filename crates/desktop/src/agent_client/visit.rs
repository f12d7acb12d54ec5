//! A visit to a site, as a browser on this computer would make it, but to its own host only: a redirect elsewhere is an
//! answer of the site, and nothing is asked there. What a server answers must not choose whom this computer talks to,
//! least of all in its own network, where other services trust it.

use std::time::{Duration, Instant};

use reqwest::header::LOCATION;
use reqwest::{Response, Url};
use slipway_core::error::{Error, ErrorKind, Result};
use slipway_core::ports::Visit;

use super::connections::Connections;

const MAX_REDIRECTS: usize = 5;
/// A CMS compiles itself at its first visit.
const PATIENCE: Duration = Duration::from_secs(30);

/// Follows redirects within the host; the last answer counts, even where it is one redirect too many.
pub(super) async fn visit(connections: &Connections, url: &str) -> Result<Visit> {
    let mut url = parse(url)?;
    let started = Instant::now();
    let mut answer = get(connections, &url).await?;
    for _ in 0..MAX_REDIRECTS {
        let Some(target) = target_of(&answer) else { break };
        url = target;
        answer = get(connections, &url).await?;
    }
    let millis = u32::try_from(started.elapsed().as_millis()).unwrap_or(u32::MAX);
    Ok(Visit {
        status: answer.status().as_u16(),
        millis,
    })
}

/// Each hop chooses its client anew: a redirect from this computer must not carry its leniency elsewhere.
async fn get(connections: &Connections, url: &Url) -> Result<Response> {
    let client = connections.to_site(url.host_str().unwrap_or_default())?;
    tokio::time::timeout(PATIENCE, client.get(url.clone()).send())
        .await
        .map_err(|_| silent(url))?
        .map_err(|error| silent(url).because(&error.without_url()))
}

fn target_of(answer: &Response) -> Option<Url> {
    if !answer.status().is_redirection() {
        return None;
    }
    let location = answer.headers().get(LOCATION)?.to_str().ok()?;
    let target = answer.url().join(location).ok().filter(is_web)?;
    let stays = target.host() == answer.url().host() && target.username().is_empty();
    stays.then_some(target)
}

fn parse(url: &str) -> Result<Url> {
    Url::parse(url).ok().filter(is_web).ok_or_else(|| {
        Error::new(ErrorKind::Input, "The address of the site is not a web address.")
            .hint("It starts with http:// or https://.")
    })
}

fn is_web(url: &Url) -> bool {
    matches!(url.scheme(), "http" | "https") && url.has_host()
}

fn silent(url: &Url) -> Error {
    let host = url.host_str().unwrap_or_default();
    Error::new(
        ErrorKind::Unreachable,
        format!("The site at {host} does not answer."),
    )
    .hint("It may still be starting; a firewall or proxy may block it.")
}
