//! The agent's HTTP client against honest servers and impostors.
#![allow(clippy::unwrap_used, reason = "a test may panic")]

mod tls_server;

use std::sync::atomic::Ordering;

use rustls::version::{TLS12, TLS13};
use slipway_core::error::ErrorKind;
use slipway_core::ports::Agent;
use slipway_desktop::agent_client::AgentClient;
use tls_server::{Answer, Identity, TOKEN, serve, serve_plain};

const PAGE: &str = r#"{"stream":"s","messages":[],"last":7}"#;

fn http(status: &str, extra: &str, body: &str) -> Vec<u8> {
    format!(
        "HTTP/1.1 {status}\r\ncontent-length: {}\r\n{extra}\r\n{body}",
        body.len()
    )
    .into_bytes()
}

fn good_page(head: &str) -> Vec<u8> {
    let authorised = head
        .to_ascii_lowercase()
        .contains(&format!("authorization: bearer {TOKEN}"));
    let asked = head.starts_with("GET /v1/messages?after=3&limit=500&wait=0 ");
    if authorised && asked {
        http("200 OK", "", PAGE)
    } else {
        http("400 Bad Request", "", head)
    }
}

fn page_then_close(_: &str) -> Vec<u8> {
    http("200 OK", "connection: close\r\n", PAGE)
}

#[tokio::test]
async fn the_pinned_server_is_read_over_tls_12_and_13() {
    let identity = Identity::new();
    for version in [&TLS12, &TLS13] {
        let server = serve(&[&identity], &[version], good_page).await;
        let client = AgentClient::new();
        let answer = client
            .messages(&server.agent(Some(identity.pin())), 3, 0)
            .await
            .unwrap();
        assert_eq!((answer.value.last, answer.tls_sha256), (7, identity.pin()));
    }
}

#[tokio::test]
async fn without_a_pin_each_answer_reports_the_certificate_of_its_own_connection() {
    let (one, two) = (Identity::new(), Identity::new());
    let server = serve(&[&one, &two], &[&TLS13], page_then_close).await;
    let client = AgentClient::new();
    let mut seen = Vec::new();
    for _ in 0..4 {
        seen.push(
            client
                .messages(&server.agent(None), 3, 0)
                .await
                .unwrap()
                .tls_sha256,
        );
    }
    assert_eq!(seen, [one.pin(), two.pin(), one.pin(), two.pin()]);
}

#[tokio::test]
async fn another_certificate_with_the_same_subject_is_refused_before_the_token_is_sent() {
    let (launched, other) = (Identity::new(), Identity::new());
    let server = serve(&[&other], &[&TLS12, &TLS13], good_page).await;
    let error = AgentClient::new()
        .messages(&server.agent(Some(launched.pin())), 3, 0)
        .await
        .unwrap_err();
    assert_eq!(error.kind, ErrorKind::IdentityMismatch, "{error:?}");
    assert_eq!(server.seen.requests.load(Ordering::SeqCst), 0);
}

#[tokio::test]
async fn the_right_certificate_without_its_key_is_refused() {
    let identity = Identity::new();
    let thief = identity.stolen();
    for version in [&TLS12, &TLS13] {
        let server = serve(&[&thief], &[version], good_page).await;
        for pin in [Some(identity.pin()), None] {
            let error = AgentClient::new()
                .messages(&server.agent(pin), 3, 0)
                .await
                .unwrap_err();
            assert_eq!(error.kind, ErrorKind::IdentityMismatch, "{error:?}");
            assert_eq!(server.seen.requests.load(Ordering::SeqCst), 0);
        }
    }
}

#[tokio::test]
async fn a_pin_is_not_softened_by_an_earlier_connection_without_one() {
    let (launched, other) = (Identity::new(), Identity::new());
    let server = serve(&[&other], &[&TLS13], good_page).await;
    let client = AgentClient::new();
    client.messages(&server.agent(None), 3, 0).await.unwrap();
    let error = client
        .messages(&server.agent(Some(launched.pin())), 3, 0)
        .await
        .unwrap_err();
    assert_eq!(error.kind, ErrorKind::IdentityMismatch);
}

#[tokio::test]
async fn plain_http_gets_no_token() {
    let server = serve_plain(good_page).await;
    let error = AgentClient::new()
        .messages(&server.agent(None), 3, 0)
        .await
        .unwrap_err();
    assert_eq!(error.kind, ErrorKind::Unreachable, "{error:?}");
    assert_eq!(server.seen.requests.load(Ordering::SeqCst), 0);
}

#[tokio::test]
async fn a_refused_token_is_told_apart_from_trouble() {
    let identity = Identity::new();
    let refusals: [(Answer, ErrorKind); 4] = [
        (|_| http("401 Unauthorized", "", ""), ErrorKind::AgentRefused),
        (|_| http("403 Forbidden", "", ""), ErrorKind::AgentRefused),
        (
            |_| http("503 Service Unavailable", "", ""),
            ErrorKind::Unreachable,
        ),
        (
            |_| http("302 Found", "location: https://127.0.0.1:1/\r\n", ""),
            ErrorKind::Unreachable,
        ),
    ];
    for (answer, kind) in refusals {
        let server = serve(&[&identity], &[&TLS13], answer).await;
        let error = AgentClient::new()
            .hello(&server.agent(Some(identity.pin())))
            .await
            .unwrap_err();
        assert_eq!(error.kind, kind, "{error:?}");
        assert!(!format!("{error:?}").contains(TOKEN));
    }
}

#[tokio::test]
async fn truncated_and_garbled_answers_can_be_asked_again() {
    let identity = Identity::new();
    let answers: [Answer; 4] = [
        |_| b"HTTP/1.1 200 OK\r\ncontent-length: 100\r\nconnection: close\r\n\r\n{\"stream\":".to_vec(),
        |_| b"HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\nconnection: close\r\n\r\n5\r\n{\"str".to_vec(),
        |_| http("200 OK", "", "not json"),
        |_| b"SSH-2.0-OpenSSH\r\nconnection: close\r\n".to_vec(),
    ];
    for answer in answers {
        let server = serve(&[&identity], &[&TLS13], answer).await;
        let error = AgentClient::new()
            .messages(&server.agent(None), 3, 0)
            .await
            .unwrap_err();
        assert_eq!(error.kind, ErrorKind::Unreachable, "{error:?}");
    }
}

#[tokio::test]
async fn an_answer_that_is_too_large_is_dropped() {
    let identity = Identity::new();
    let server = serve(&[&identity], &[&TLS13], |_| {
        http("200 OK", "", &" ".repeat(33 << 20))
    })
    .await;
    let error = AgentClient::new().hello(&server.agent(None)).await.unwrap_err();
    assert_eq!(error.kind, ErrorKind::Internal, "{error:?}");
    let log = AgentClient::new().log(&server.agent(None)).await.unwrap();
    assert_eq!(log.value.len(), 33 << 20);
}

#[tokio::test]
async fn a_connection_is_reused_until_it_is_forgotten() {
    let identity = Identity::new();
    let server = serve(&[&identity], &[&TLS13], good_page).await;
    let (client, at) = (AgentClient::new(), server.agent(Some(identity.pin())));
    for _ in 0..5 {
        client.messages(&at, 3, 0).await.unwrap();
    }
    assert_eq!(server.seen.connections.load(Ordering::SeqCst), 1);
    client.forget_connections();
    client.messages(&at, 3, 0).await.unwrap();
    assert_eq!(server.seen.connections.load(Ordering::SeqCst), 2);
}

#[tokio::test]
async fn nobody_at_home_is_unreachable() {
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let server = tls_server::Server {
        address: listener.local_addr().unwrap(),
        seen: Default::default(),
    };
    drop(listener);
    let error = AgentClient::new().hello(&server.agent(None)).await.unwrap_err();
    assert_eq!(error.kind, ErrorKind::Unreachable);
}

#[tokio::test]
async fn a_visit_follows_redirects_and_takes_any_answer() {
    let site = serve_plain(|head| {
        if head.starts_with("GET /moved ") {
            http("302 Found", "location: /\r\n", "")
        } else if head.starts_with("GET /missing ") {
            http("404 Not Found", "", "")
        } else if head.starts_with("GET /loop ") {
            http("302 Found", "location: /loop\r\n", "")
        } else {
            http("200 OK", "", "hello")
        }
    })
    .await;
    let client = AgentClient::new();
    for (path, status) in [("/", 200), ("/moved", 200), ("/missing", 404), ("/loop", 302)] {
        let visit = client
            .visit(&format!("http://{}{path}", site.address))
            .await
            .unwrap();
        assert_eq!(visit.status, status, "{path}");
    }
    assert_eq!(site.seen.requests.load(Ordering::SeqCst), 1 + 2 + 1 + 6);
}

/// The site is on 127.0.0.1; every other name and form of an address is another host.
#[tokio::test]
async fn a_redirect_to_another_host_is_an_answer_and_asks_nobody_there() {
    let other = serve_plain(|_| http("200 OK", "", "not yours")).await;
    let port = other.address.port();
    let site = serve_plain(|head| {
        let target = head
            .split(' ')
            .nth(1)
            .unwrap_or_default()
            .trim_start_matches("/to/");
        http("302 Found", &format!("location: {target}\r\n"), "")
    })
    .await;
    let targets = [
        format!("http://localhost:{port}/"),
        format!("http://127.0.0.2:{port}/"),
        format!("http://[::ffff:127.0.0.1]:{port}/"),
        format!("http://[::1]:{port}/"),
        "http://169.254.169.254/latest/meta-data/".to_owned(),
        "http://[fe80::1]/".to_owned(),
        "http://10.0.0.1/".to_owned(),
        format!("//localhost:{port}/"),
        format!("http://user@127.0.0.1:{port}/"),
    ];
    for target in &targets {
        let asked = format!("http://{}/to/{target}", site.address);
        let visit = AgentClient::new().visit(&asked).await.unwrap();
        assert_eq!(visit.status, 302, "{target}");
    }
    assert_eq!(site.seen.requests.load(Ordering::SeqCst), targets.len());
    assert_eq!(other.seen.requests.load(Ordering::SeqCst), 0);
}

#[tokio::test]
async fn a_visit_takes_a_self_signed_certificate_of_this_computer_only() {
    let identity = Identity::new();
    let site = serve(&[&identity], &[&TLS13], |_| http("200 OK", "", "hello")).await;
    let visit = AgentClient::new()
        .visit(&format!("https://{}/", site.address))
        .await
        .unwrap();
    assert_eq!(visit.status, 200);
    for address in ["file:///etc/passwd", "ftp://127.0.0.1/", "nonsense"] {
        assert_eq!(
            AgentClient::new().visit(address).await.unwrap_err().kind,
            ErrorKind::Input
        );
    }
}
