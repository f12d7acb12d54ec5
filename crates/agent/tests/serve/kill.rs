//! The service killed again and again while messages come in.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use slipway_agent::config::Config;
use slipway_protocol::Message;
use slipway_protocol::routes::{Accepted, Inbox, Page};
use tokio::net::TcpStream;

use crate::client::{App, Sender, exchange};
use crate::long::cases;
use crate::process::{Process, app, world_with_port};
use crate::random::Random;
use crate::world::line;

fn kills_wanted() -> u64 {
    cases(100, 300)
}

fn messages_wanted() -> u64 {
    cases(10_000, 100_000)
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn every_confirmed_message_is_kept_once_and_in_order_over_a_hundred_kills() {
    let _alone = crate::ALONE.lock().await;
    let world = world_with_port().await;
    let app = app(&world).await;
    let kills = Arc::new(AtomicU64::new(0));
    let sending = tokio::spawn(send_all(world.config.clone(), kills.clone()));
    let following = tokio::spawn(follow(app));

    let mut random = Random(7);
    let mut process = Process::start(&world.config).await;
    while kills.fetch_add(1, Ordering::Relaxed) < kills_wanted() {
        tokio::time::sleep(Duration::from_millis(random.below(60) as u64)).await;
        process.kill();
        process = Process::start(&world.config).await;
    }
    let confirmed = sending.await.unwrap();
    let followed = following.await.unwrap();
    process.assert_calm();
    assert_eq!(confirmed, messages_wanted());
    let expected: Vec<Message> = (1..=messages_wanted()).map(line).collect();
    assert!(
        followed == expected,
        "{} messages, or not in order",
        followed.len()
    );
    println!(
        "{} kills over {confirmed} messages: each confirmed one once, in order",
        kills_wanted()
    );
}

/// Sends in batches, again until confirmed; each life of the service gets its share.
async fn send_all(config: Config, kills: Arc<AtomicU64>) -> u64 {
    let mut random = Random(11);
    let mut confirmed = 0;
    while confirmed < messages_wanted() {
        if confirmed > kills.load(Ordering::Relaxed) * messages_wanted() / kills_wanted() {
            tokio::time::sleep(Duration::from_millis(1)).await;
            continue;
        }
        let last = (confirmed + 1 + random.below(12) as u64).min(messages_wanted());
        // An answer that was lost leaves it open whether the batch is stored: it is simply sent again.
        match post(&config, (confirmed + 1..=last).map(line).collect()).await {
            Some(through) => confirmed = through,
            None => tokio::time::sleep(Duration::from_millis(3)).await,
        }
    }
    confirmed
}

async fn post(config: &Config, messages: Vec<Message>) -> Option<u64> {
    let inbox: Inbox = serde_json::from_slice(&std::fs::read(config.inbox_file()).ok()?).ok()?;
    let sender = Sender::new(&inbox, "queue-1");
    let mut stream = TcpStream::connect(sender.address).await.ok()?;
    let answer = exchange(&mut stream, &sender.request(messages)).await.ok()?;
    assert_eq!(answer.status, 200, "{answer:?}");
    Some(answer.json::<Accepted>().through)
}

/// Reads as the app does: what was read once is not asked for again.
async fn follow(app: App) -> Vec<Message> {
    let mut read: Vec<Message> = Vec::new();
    while (read.len() as u64) < messages_wanted() {
        let path = format!("/v1/messages?after={}&wait=1", read.len());
        match app.get(&path).await {
            Ok(answer) => read.extend(answer.json::<Page>().messages),
            Err(_) => tokio::time::sleep(Duration::from_millis(5)).await,
        }
    }
    read
}
