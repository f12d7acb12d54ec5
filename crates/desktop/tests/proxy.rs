//! Proxy settings of this computer: honoured for the world, never used for the computer itself.
#![allow(clippy::unwrap_used, reason = "all of this is tests")]

use std::io::{Read, Write};
use std::net::TcpListener;
use std::process::Command;
use std::sync::mpsc;

use slipway_core::ports::{Agent, AgentAddress};
use slipway_core::secret::Secret;
use slipway_desktop::agent_client::AgentClient;

/// Set in the inner run, whose environment names a proxy; the environment of this process can't be changed safely.
const INSIDE: &str = "SLIPWAY_TEST_PROXY_INSIDE";

#[test]
fn agents_elsewhere_are_asked_through_the_proxy_and_loopback_is_not() {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let proxy = format!("http://{}", listener.local_addr().unwrap());
    let (heads, seen) = mpsc::channel();
    std::thread::spawn(move || {
        for stream in listener.incoming() {
            let mut stream = stream.unwrap();
            let mut head = [0; 4096];
            let length = stream.read(&mut head).unwrap();
            heads
                .send(String::from_utf8_lossy(&head[..length]).into_owned())
                .unwrap();
            stream
                .write_all(b"HTTP/1.1 502 Bad Gateway\r\ncontent-length: 0\r\n\r\n")
                .unwrap();
        }
    });
    let inner = Command::new(std::env::current_exe().unwrap())
        .args(["--exact", "inner"])
        .env(INSIDE, "1")
        .env("HTTPS_PROXY", &proxy)
        .env("HTTP_PROXY", &proxy)
        .env_remove("NO_PROXY")
        .env_remove("no_proxy")
        .env_remove("https_proxy")
        .env_remove("http_proxy")
        .status()
        .unwrap();
    assert!(inner.success());
    let heads: Vec<String> = seen.try_iter().collect();
    assert_eq!(heads.len(), 2, "{heads:?}");
    assert!(heads[0].starts_with("CONNECT slipway.invalid:8080 "), "{heads:?}");
    assert!(heads[1].starts_with("GET http://slipway.invalid/ "), "{heads:?}");
    assert!(
        heads.iter().all(|head| !head.contains("the-token")),
        "the proxy never sees the token: {heads:?}"
    );
}

#[tokio::test]
async fn inner() {
    if std::env::var_os(INSIDE).is_none() {
        return;
    }
    let client = AgentClient::new();
    for host in ["slipway.invalid", "127.0.0.1", "localhost", "::1"] {
        let port = if host == "slipway.invalid" { 8080 } else { 1 };
        let token = Secret::new("the-token".to_owned());
        let at = AgentAddress {
            host: host.to_owned(),
            port,
            token,
            pin: None,
        };
        assert!(client.hello(&at).await.is_err());
    }
    assert_eq!(client.visit("http://slipway.invalid/").await.unwrap().status, 502);
    assert!(client.visit("http://127.0.0.1:1/").await.is_err());
}
