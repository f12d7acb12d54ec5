//! How fast the status service takes and gives messages, beside what the disk alone can do in the same minute.
//! Run with `cargo bench -p slipway-agent --bench serve`.

#![allow(clippy::unwrap_used, clippy::print_stdout)]

#[path = "../tests/serve/client.rs"]
#[allow(dead_code)]
mod client;
#[path = "../tests/serve/metadata.rs"]
#[allow(dead_code)]
mod metadata;
#[path = "../tests/serve/world.rs"]
#[allow(dead_code)]
mod world;

use std::io::Write as _;
use std::time::{Duration, Instant};

use slipway_agent::serve::limits::Limits;
use tokio::net::TcpStream;

use client::{App, Sender, exchange};
use world::{World, line};

const SERIAL: u64 = 300;
const SENDERS: u64 = 32;
const BATCHES: u64 = 10;
const BATCH: u64 = 20;
const PAGES: usize = 300;

fn main() {
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .enable_all()
        .build()
        .unwrap();
    runtime.block_on(async {
        let world = World::new().await;
        let running = world.serve(Limits::public()).await;
        serial(&world, &running.sender).await;
        parallel(&running.sender).await;
        pages(&running.app).await;
    });
}

async fn serial(world: &World, sender: &Sender) {
    let mut stream = TcpStream::connect(sender.address).await.unwrap();
    let mut posting = Vec::new();
    let mut raw = Vec::new();
    let mut file = std::fs::File::create(world.config.data_dir.join("raw")).unwrap();
    for number in 1..=SERIAL {
        // By turns, so that both meet the same disk.
        let started = Instant::now();
        let answer = exchange(&mut stream, &sender.request(vec![line(number)]))
            .await
            .unwrap();
        assert_eq!(answer.status, 200);
        posting.push(started.elapsed());
        let started = Instant::now();
        file.write_all(&[b'x'; 200]).unwrap();
        file.sync_data().unwrap();
        raw.push(started.elapsed());
    }
    let (posts, appends) = (rate(SERIAL, posting.iter().sum()), rate(SERIAL, raw.iter().sum()));
    figure(
        "serial POSTs of one message",
        posts,
        "a second",
        "raw append + fdatasync",
        appends,
    );
    let (post, append) = (median(&mut posting), median(&mut raw));
    figure(
        "one POST, median",
        millis(post),
        "ms",
        "raw append + fdatasync",
        millis(append),
    );
}

/// One line for `cargo xtask bench`.
fn figure(name: &str, value: f64, unit: &str, compared_with: &str, other: f64) {
    let rounded = |value: f64| (value * 100.0).round() / 100.0;
    let line = serde_json::json!({
        "figure": name,
        "value": rounded(value),
        "unit": unit,
        "compared_with": compared_with,
        "other": rounded(other),
    });
    println!("{line}");
}

fn millis(time: Duration) -> f64 {
    time.as_secs_f64() * 1000.0
}

async fn parallel(sender: &Sender) {
    let started = Instant::now();
    let senders = (0..SENDERS).map(|name| Sender {
        name: format!("parallel-{name}"),
        ..sender.clone()
    });
    let posting: Vec<_> = senders.map(|sender| tokio::spawn(post_all(sender))).collect();
    for posted in posting {
        posted.await.unwrap();
    }
    let messages = SENDERS * BATCHES * BATCH;
    let rate = rate(messages, started.elapsed());
    let name = format!("{SENDERS} senders, batches of {BATCH}");
    figure(&name, rate, "messages a second", "bar", 5_000.0);
}

async fn post_all(sender: Sender) {
    let mut stream = TcpStream::connect(sender.address).await.unwrap();
    for batch in 0..BATCHES {
        let messages = (batch * BATCH + 1..=(batch + 1) * BATCH).map(line).collect();
        let answer = exchange(&mut stream, &sender.request(messages)).await.unwrap();
        assert_eq!(answer.status, 200);
    }
}

async fn pages(app: &App) {
    let mut stream = app.connect().await.unwrap();
    let mut times = Vec::new();
    let started = Instant::now();
    for page in 0..PAGES {
        let after = page % 20 * 500;
        let asked = Instant::now();
        let answer = app
            .get_on(&mut stream, &format!("/v1/messages?after={after}"))
            .await
            .unwrap();
        times.push(asked.elapsed());
        assert_eq!(answer.status, 200);
    }
    let rate = rate(PAGES as u64 * 500, started.elapsed());
    times.sort();
    let p99 = times[PAGES * 99 / 100];
    figure(
        "GET pages of 500 over TLS",
        rate,
        "messages a second",
        "bar",
        50_000.0,
    );
    figure(
        "GET one page of 500 over TLS, p99",
        millis(p99),
        "ms",
        "bar",
        10.0,
    );
}

fn rate(count: u64, time: Duration) -> f64 {
    count as f64 / time.as_secs_f64()
}

fn median(times: &mut [Duration]) -> Duration {
    times.sort();
    times[times.len() / 2]
}
