//! The metadata endpoint speaks IMDSv2 and shows tags as they are now.

mod common;

use common::World;
use rusqlite::Connection;
use slipway_core::cloud::*;
use slipway_core::ports::Cloud;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

/// Status and body.
async fn ask(port: u16, method: &str, path: &str, header: &str) -> (u16, String) {
    let mut stream = TcpStream::connect(("127.0.0.1", port)).await.expect("connected");
    let request =
        format!("{method} {path} HTTP/1.1\r\nHost: metadata\r\nConnection: close\r\n{header}\r\n\r\n");
    stream.write_all(request.as_bytes()).await.expect("sent");
    let mut answer = String::new();
    stream.read_to_string(&mut answer).await.expect("answered");
    let (head, body) = answer.split_once("\r\n\r\n").expect("an answer");
    let status = head.split(' ').nth(1).expect("a status");
    (status.parse().expect("a number"), body.to_owned())
}

fn metadata_port(world: &World, id: &str) -> u16 {
    let ledger = Connection::open(world.options.folder.join("cloud.db")).expect("opened");
    let query = "SELECT metadata_port FROM instances WHERE id = ?";
    ledger.query_row(query, [id], |row| row.get(0)).expect("there")
}

#[tokio::test(flavor = "multi_thread")]
async fn tags_are_live_and_nothing_is_told_without_a_session() {
    let (world, id) = World::with_server("meta").await;
    let port = metadata_port(&world, &id);

    let (refused, _) = ask(port, "GET", "/latest/user-data", "X-None: 1").await;
    assert_eq!(refused, 401);
    let (refused, _) = ask(port, "PUT", "/latest/api/token", "X-None: 1").await;
    assert_eq!(refused, 400);
    let ttl = "X-aws-ec2-metadata-token-ttl-seconds: 60";
    let (refused, _) = ask(
        port,
        "PUT",
        "/latest/api/token",
        &format!("{ttl}\r\nX-Forwarded-For: 192.0.2.1"),
    )
    .await;
    assert_eq!(refused, 403);
    let (_, token) = ask(port, "PUT", "/latest/api/token", ttl).await;
    let session = format!("X-aws-ec2-metadata-token: {token}");

    assert_eq!(
        ask(port, "GET", "/latest/user-data", &session).await,
        (200, "hello".into())
    );
    assert_eq!(
        ask(port, "GET", "/latest/meta-data/instance-id", &session).await,
        (200, id.clone())
    );
    let tags = "/latest/meta-data/tags/instance/";
    let order = format!("{tags}slipway-order-1.1of1");
    assert_eq!(ask(port, "GET", &order, &session).await.0, 404);
    let put = PutTags {
        resource: id.clone(),
        tags: [("slipway-order-1.1of1".into(), "sealed".into())].into(),
    };
    world.cloud.put_tags(&put).await.expect("tagged");
    assert_eq!(ask(port, "GET", &order, &session).await, (200, "sealed".into()));
    let names = ask(port, "GET", tags, &session).await.1;
    assert_eq!(
        names.lines().collect::<Vec<_>>(),
        [tag::CREATED_BY, tag::LAUNCH, "slipway-order-1.1of1"]
    );
    let keys = vec!["slipway-order-1.1of1".into(), "never-there".into()];
    for _ in 0..2 {
        let remove = RemoveTags {
            resource: id.clone(),
            keys: keys.clone(),
        };
        world.cloud.remove_tags(&remove).await.expect("removed");
    }
    assert_eq!(ask(port, "GET", &order, &session).await.0, 404);
    world.terminate(&id).await;
}
