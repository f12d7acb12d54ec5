//! What the installer posts: batches that repeat, come late, or leave something out.

use slipway_agent::serve::limits::Limits;
use slipway_protocol::routes::{Accepted, Page};
use slipway_protocol::{Kind, Message};

use crate::client::Sender;
use crate::world::{World, line, message, success};

#[tokio::test]
async fn a_repeated_batch_is_recognised() {
    let world = World::new().await;
    let running = world.serve(Limits::public()).await;
    assert_eq!(running.sender.deliver(vec![line(1), line(2)]).await, 2);
    assert_eq!(running.sender.deliver(vec![line(1), line(2)]).await, 2);
    assert_eq!(running.sender.deliver(vec![line(1)]).await, 2);
    assert_eq!(running.sender.deliver(vec![line(2), line(3)]).await, 3);
    assert_eq!(running.sender.deliver(vec![]).await, 3);
    let page: Page = running.app.get("/v1/messages").await.unwrap().json();
    assert_eq!(page.messages, [line(1), line(2), line(3)]);
}

#[tokio::test]
async fn a_gap_is_refused_and_tells_where_to_go_on() {
    let world = World::new().await;
    let running = world.serve(Limits::public()).await;
    running.sender.deliver(vec![line(1)]).await;
    let answer = running.sender.post(vec![line(3)]).await.unwrap();
    assert_eq!((answer.status, answer.json::<Accepted>().through), (409, 1));
    for crooked in [
        vec![line(2), line(4)],
        vec![line(3), line(2)],
        vec![line(0)],
        vec![line(2), line(2)],
    ] {
        assert_eq!(running.sender.post(crooked).await.unwrap().status, 400);
    }
    assert_eq!(running.sender.deliver(vec![]).await, 1);
}

#[tokio::test]
async fn two_senders_share_one_stream() {
    let world = World::new().await;
    let running = world.serve(Limits::public()).await;
    let other = Sender {
        name: "queue-2".into(),
        ..running.sender.clone()
    };
    running.sender.deliver(vec![line(1), line(2)]).await;
    assert_eq!(other.deliver(vec![line(1)]).await, 1);
    assert_eq!(running.sender.deliver(vec![line(3)]).await, 3);
    let page: Page = running.app.get("/v1/messages").await.unwrap().json();
    let numbers: Vec<u64> = page.messages.iter().map(|message| message.number).collect();
    assert_eq!(numbers, [1, 2, 3, 4]);
}

#[tokio::test]
async fn nothing_is_accepted_after_a_successful_end_but_repeats_are_recognised() {
    let world = World::new().await;
    let running = world.serve(Limits::public()).await;
    let early = running.sender.post(vec![success(1), line(2)]).await.unwrap();
    assert_eq!(early.status, 400);
    running.sender.deliver(vec![line(1), success(2)]).await;
    assert_eq!(running.sender.post(vec![line(3)]).await.unwrap().status, 409);
    assert_eq!(running.sender.deliver(vec![line(1), success(2)]).await, 2);
    let answer = running.app.get("/v1/messages").await.unwrap();
    assert_eq!(answer.json::<Page>().last, 2);
}

#[tokio::test]
async fn numbers_go_on_after_a_restart_of_the_service() {
    let world = World::new().await;
    let running = world.serve(Limits::public()).await;
    running.sender.deliver(vec![line(1), line(2)]).await;
    let old = running.sender.clone();
    running.stop().await;
    let running = world.serve(Limits::public()).await;
    assert_ne!(running.sender.secret, old.secret);
    assert_eq!(running.sender.deliver(vec![line(2), line(3)]).await, 3);
    let page: Page = running.app.get("/v1/messages").await.unwrap().json();
    assert_eq!(page.messages, [line(1), line(2), line(3)]);
}

#[tokio::test]
async fn many_senders_at_once_lose_nothing() {
    let world = World::new().await;
    let running = world.serve(Limits::public()).await;
    let senders = (0..32).map(|name| Sender {
        name: format!("queue-{name}"),
        ..running.sender.clone()
    });
    let posting = senders.map(|sender| {
        tokio::spawn(async move {
            for number in 1..=10 {
                assert_eq!(sender.deliver(vec![line(number)]).await, number);
            }
        })
    });
    for posted in posting.collect::<Vec<_>>() {
        posted.await.unwrap();
    }
    let page: Page = running.app.get("/v1/messages").await.unwrap().json();
    let numbers: Vec<u64> = page.messages.iter().map(|message| message.number).collect();
    assert_eq!(numbers, (1..=320).collect::<Vec<u64>>());
}

#[tokio::test]
async fn a_batch_that_is_too_big_is_refused() {
    let world = World::new().await;
    let running = world.serve(Limits::public()).await;
    let mut huge: Message = message(1, Kind::Line);
    huge.text = "x".repeat(1024 * 1024);
    assert_eq!(running.sender.post(vec![huge]).await.unwrap().status, 413);
    let many = (1..=501).map(line).collect();
    assert_eq!(running.sender.post(many).await.unwrap().status, 413);
    assert_eq!(running.sender.deliver(vec![line(1)]).await, 1);
}
