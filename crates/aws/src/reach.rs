//! What can't be reached where a request got no answer. The HTTP clients tell causes in private types or in words only, so
//! each thing on the way is tried by itself: the proxy, the name, and what is left is the service.

use std::net::IpAddr;
use std::time::Duration;

use http::Uri;
use hyper_util::client::proxy::matcher::{Intercept, Matcher};
use tokio::io::{AsyncBufReadExt as _, AsyncReadExt as _, AsyncWriteExt as _, BufReader};
use tokio::net::{TcpStream, lookup_host};
use tokio::time::timeout;

/// For each thing that is tried; the request itself waited longer.
const LIMIT: Duration = Duration::from_secs(4);
/// The first line of a proxy's answer is shorter.
const LINE: u64 = 512;

/// What is in the way.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) enum Obstacle {
    /// Names can't be resolved, or not this one.
    Names {
        /// The name that was asked for.
        host: String,
    },
    /// The proxy that the environment names.
    Proxy {
        /// Host and port.
        at: String,
        /// Its HTTP status; `None` where it does not answer.
        status: Option<u16>,
    },
    /// Nothing on the way: the service itself does not answer, or nothing was tried.
    #[default]
    Service,
}

/// Finds out what keeps a URL from being reached, by the proxy settings that the clients use as well.
pub(crate) async fn obstacle(url: &str) -> Obstacle {
    let Ok(uri) = url.parse::<Uri>() else {
        return Obstacle::Service;
    };
    let Some(host) = uri.host().map(|host| host.trim_matches(['[', ']'])) else {
        return Obstacle::Service;
    };
    match Matcher::from_env().intercept(&uri) {
        Some(proxy) => through(&proxy, &uri, host).await,
        None if host.parse::<IpAddr>().is_ok() || resolves(host).await => Obstacle::Service,
        None => Obstacle::Names {
            host: host.to_owned(),
        },
    }
}

async fn resolves(host: &str) -> bool {
    let found = timeout(LIMIT, lookup_host((host, 443))).await;
    found.is_ok_and(|found| found.is_ok_and(|mut addresses| addresses.next().is_some()))
}

/// A plain request is answered by the proxy in the service's place, so only a tunnel is tried.
async fn through(proxy: &Intercept, uri: &Uri, host: &str) -> Obstacle {
    let port = |uri: &Uri, usual| uri.port_u16().unwrap_or(usual);
    let at = format!(
        "{}:{}",
        proxy.uri().host().unwrap_or_default(),
        port(proxy.uri(), 80)
    );
    let Ok(Ok(stream)) = timeout(LIMIT, TcpStream::connect(&at)).await else {
        return Obstacle::Proxy { at, status: None };
    };
    if uri.scheme_str() != Some("https") || proxy.uri().scheme_str() == Some("https") {
        return Obstacle::Service;
    }
    let to = format!("{host}:{}", port(uri, 443));
    match timeout(LIMIT, tunnel(stream, &to, proxy)).await {
        Ok(Some(200..300)) => Obstacle::Service,
        Ok(status) => Obstacle::Proxy { at, status },
        Err(_) => Obstacle::Proxy { at, status: None },
    }
}

/// The status that a proxy answers to a request for a tunnel (RFC 9110, 9.3.6).
async fn tunnel(mut stream: TcpStream, to: &str, proxy: &Intercept) -> Option<u16> {
    let mut head = format!("CONNECT {to} HTTP/1.1\r\nHost: {to}\r\n").into_bytes();
    if let Some(sign_in) = proxy.basic_auth() {
        head.extend([b"Proxy-Authorization: ", sign_in.as_bytes(), b"\r\n"].concat());
    }
    head.extend(b"\r\n");
    stream.write_all(&head).await.ok()?;
    let mut first = String::new();
    BufReader::new(stream.take(LINE))
        .read_line(&mut first)
        .await
        .ok()?;
    status(&first)
}

fn status(line: &str) -> Option<u16> {
    line.strip_prefix("HTTP/1.")?
        .split_whitespace()
        .nth(1)?
        .parse()
        .ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_status_stands_in_the_first_line() {
        assert_eq!(
            status("HTTP/1.1 407 Proxy Authentication Required\r\n"),
            Some(407)
        );
        assert_eq!(status("SSH-2.0-OpenSSH_9"), None);
    }

    #[tokio::test]
    async fn a_name_that_nobody_resolves_is_told_from_a_service_that_does_not_answer() {
        let dead = obstacle("https://ec2.slipway.invalid/").await;
        assert_eq!(
            dead,
            Obstacle::Names {
                host: "ec2.slipway.invalid".to_owned()
            }
        );
        assert_eq!(obstacle("http://127.0.0.1:1/").await, Obstacle::Service);
        assert_eq!(obstacle("not a url").await, Obstacle::Service);
    }
}
