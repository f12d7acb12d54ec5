//! Who is let in: the right token over TLS, and nobody else.

use sha2::{Digest as _, Sha256};
use slipway_agent::serve::limits::Limits;
use tokio::net::TcpStream;

use crate::client::{App, exchange};
use crate::world::{TOKEN, World};

#[tokio::test]
async fn wrong_tokens_all_get_the_same_answer() {
    let world = World::new().await;
    let running = world.serve(Limits::public()).await;
    let wrong = [
        String::new(),
        "Authorization: Bearer \r\n".into(),
        "Authorization: Bearer wrong\r\n".into(),
        format!("Authorization: Bearer {TOKEN}x\r\n"),
        format!("Authorization: Bearer {}\r\n", &TOKEN[1..]),
        format!("Authorization: bearer {TOKEN}\r\n"),
        format!("Authorization: {TOKEN}\r\n"),
        format!("Authorization: Basic {TOKEN}\r\n"),
        format!("Authorization: Bearer {TOKEN}\r\nAuthorization: Bearer wrong\r\n"),
        format!("Cookie: token={TOKEN}\r\n"),
    ];
    let mut answers = Vec::new();
    for headers in wrong {
        let request = format!("GET /v1/hello HTTP/1.1\r\nHost: x\r\n{headers}\r\n");
        let answer = running.app.send(request.as_bytes()).await.unwrap();
        let dated = |line: &&str| !line.starts_with("date:");
        answers.push((
            answer.status,
            answer.head.lines().filter(dated).collect::<String>(),
            answer.body,
        ));
    }
    assert_eq!(answers[0].0, 401);
    assert!(answers.iter().all(|answer| *answer == answers[0]), "{answers:?}");
}

#[tokio::test]
async fn guessing_is_slowed_down_and_the_right_token_still_counts() {
    let world = World::new().await;
    let running = world.serve(Limits::public()).await;
    let guess = App {
        token: "wrong".into(),
        ..running.app.clone()
    };
    let mut statuses = Vec::new();
    for _ in 0..22 {
        statuses.push(guess.get("/v1/hello").await.unwrap().status);
    }
    assert_eq!(statuses[..20], [401; 20]);
    assert_eq!(statuses[20..], [429; 2]);
    assert_eq!(running.app.get("/v1/hello").await.unwrap().status, 200);
}

#[tokio::test]
async fn a_token_that_an_order_brought_takes_the_place_of_the_first_one_once_it_was_shown() {
    let world = World::new().await;
    let running = world.serve(Limits::public()).await;
    let status = async |token: &str| {
        let app = App {
            token: token.into(),
            ..running.app.clone()
        };
        app.get("/v1/hello").await.unwrap().status
    };
    assert_eq!(status("the second").await, 401);
    let hash = hex::encode(Sha256::digest("the second"));
    std::fs::write(world.config.next_token_file(), hash).unwrap();
    assert_eq!(status(TOKEN).await, 200, "the app may not know the new one yet");
    assert_eq!(status("the second").await, 200);
    assert_eq!(status(TOKEN).await, 401);
    assert_eq!(status("the second").await, 200);
    for damaged in ["", "the second", "00"] {
        std::fs::write(world.config.next_token_file(), damaged).unwrap();
        assert_eq!(status("").await, 401);
        assert_eq!(status("the second").await, 200);
    }
}

#[tokio::test]
async fn another_certificate_is_not_taken_for_the_agents() {
    let (world, other) = (World::new().await, World::new().await);
    let running = world.serve(Limits::public()).await;
    let foreign = App::new(running.app.address, &other.identity().await.certificate, TOKEN);
    assert!(foreign.connect().await.is_err());
}

#[tokio::test]
async fn plain_http_gets_nothing() {
    let world = World::new().await;
    let running = world.serve(Limits::public()).await;
    let mut plain = TcpStream::connect(running.app.address).await.unwrap();
    let request = format!("GET /v1/hello HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer {TOKEN}\r\n\r\n");
    assert!(exchange(&mut plain, request.as_bytes()).await.is_err());
}

#[tokio::test]
async fn unknown_paths_are_not_there_and_old_versions_are_refused() {
    let world = World::new().await;
    let running = world.serve(Limits::public()).await;
    for path in [
        "/",
        "/v1",
        "/v1/messages/",
        "/v1/../v1/hello",
        "/V1/HELLO",
        "//v1/hello",
        "/v1/hello%00",
    ] {
        assert_eq!(running.app.get(path).await.unwrap().status, 404, "{path}");
    }
    let old = format!("GET /v1/hello HTTP/1.0\r\nAuthorization: Bearer {TOKEN}\r\n\r\n");
    assert_eq!(running.app.send(old.as_bytes()).await.unwrap().status, 400);
}

#[tokio::test]
async fn what_is_answered_is_not_kept_by_caches() {
    let world = World::new().await;
    let running = world.serve(Limits::public()).await;
    let answer = running.app.get("/v1/hello").await.unwrap();
    assert!(answer.head.contains("cache-control: no-store"));
}
