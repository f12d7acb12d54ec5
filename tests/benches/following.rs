//! How fast the app follows: from a line written on the machine to an event in the core, and catching up with 100,000
//! messages that were queued while nobody looked. Beside each, what the disk and SQLite alone do in the same run.
//! `cargo xtask bench following` builds the programs that it starts.

#![allow(clippy::unwrap_used, clippy::print_stdout)] // a bench stops where it can't go on, and prints its figures

use std::io::Write as _;
use std::path::Path;
use std::time::{Duration, Instant};

use slipway_core::engine::{LaunchRequest, Source};
use slipway_core::event::Event;
use slipway_core::view::Status;
use slipway_desktop::wiring::{Desk, Options, PRACTICE};
use slipway_tests::chatter;

/// Lines that are queued while nobody follows.
const QUEUED: u64 = 100_000;

fn main() {
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .enable_all()
        .build()
        .unwrap();
    runtime.block_on(async {
        latency().await;
        catch_up().await;
    });
}

async fn desk(folder: &Path, script: &str) -> Desk {
    chatter::write(folder, script);
    Desk::open(Options {
        data_dir: Some(folder.to_owned()),
        speed: Some(100.0),
    })
    .await
    .unwrap()
}

fn request() -> LaunchRequest {
    LaunchRequest {
        run_own_recipe: true,
        ..LaunchRequest::new("chatter", PRACTICE, Source::Recipe("chatter".into()))
    }
}

/// Both ends are on this computer, so a line's time and its arrival are on the same clock.
async fn latency() {
    let folder = tempfile::tempdir().unwrap();
    let desk = desk(
        folder.path(),
        "sleep 2; for i in $(seq 200); do echo line $i; sleep 0.1; done",
    )
    .await;
    let id = desk.engine.launch(request()).await.unwrap();
    let mut watch = desk.engine.watch(&id, Some(0)).await.unwrap();
    let mut took = Vec::new();
    loop {
        match watch.next().await.unwrap() {
            Event::Lines { lines, .. } => {
                let now = slipway_protocol::Time::now().0;
                let said = lines.iter().filter(|line| line.text.starts_with("line "));
                took.extend(said.map(|line| (now - line.time) as f64));
            }
            Event::Launch { launch } if launch.server.status == Status::Ready => break,
            Event::Launch { launch } => assert_ne!(launch.server.status, Status::Failed),
            Event::Image { .. } | Event::Notice | Event::List { .. } | Event::Waits { .. } => {}
        }
    }
    let disk = fdatasync_millis(folder.path());
    figure(
        "line on the machine to event in core, p50",
        percentile(&mut took, 50),
        "ms",
        "one fdatasync, p50",
        disk,
    );
    figure(
        "line on the machine to event in core, p99",
        percentile(&mut took, 99),
        "ms",
        "bar",
        120.0,
    );
    end(&desk, &id).await;
}

async fn catch_up() {
    let folder = tempfile::tempdir().unwrap();
    let desk = desk(folder.path(), &format!("sleep 3; seq {QUEUED}")).await;
    let id = desk.engine.launch(request()).await.unwrap();
    until_installing(&desk, &id).await;
    desk.engine.close().await;
    until_queued(folder.path()).await;
    let begun = Instant::now();
    desk.engine.resume(&id).await.unwrap();
    let mut changes = desk.engine.store().changes();
    while desk.engine.view(&id).await.unwrap().log_lines < QUEUED as i64 {
        changes.changed().await.unwrap();
    }
    let took = begun.elapsed().as_secs_f64();
    let alone = inserts_alone(folder.path());
    figure("catch-up of 100,000 queued messages", took, "s", "bar", 6.0);
    figure(
        "catch-up of 100,000 queued messages",
        took,
        "s",
        "the same rows into SQLite alone",
        alone,
    );
    end(&desk, &id).await;
}

async fn until_installing(desk: &Desk, id: &str) {
    let mut watch = desk.engine.watch(id, None).await.unwrap();
    loop {
        if let Event::Launch { launch } = watch.next().await.unwrap()
            && launch
                .steps
                .iter()
                .any(|step| step.id == "chatter" && step.started.is_some())
        {
            return;
        }
    }
}

/// Waits until the status service holds them all.
async fn until_queued(folder: &Path) {
    let machines = folder.join("practice/machines");
    loop {
        let machine = std::fs::read_dir(&machines)
            .unwrap()
            .next()
            .unwrap()
            .unwrap()
            .path();
        let held = walk(&machine)
            .into_iter()
            .find(|path| path.ends_with("messages.jsonl"));
        let count = held.map_or(0, |file| {
            std::fs::read(file)
                .unwrap()
                .iter()
                .filter(|byte| **byte == b'\n')
                .count()
        });
        if count as u64 > QUEUED {
            return;
        }
        tokio::time::sleep(Duration::from_millis(500)).await;
    }
}

fn walk(folder: &Path) -> Vec<std::path::PathBuf> {
    let entries = std::fs::read_dir(folder)
        .into_iter()
        .flatten()
        .filter_map(Result::ok);
    entries
        .flat_map(|entry| {
            if entry.path().is_dir() {
                walk(&entry.path())
            } else {
                vec![entry.path()]
            }
        })
        .collect()
}

async fn end(desk: &Desk, id: &str) {
    desk.engine.terminate(id).await.unwrap();
    desk.engine.settled(id).await.unwrap();
}

fn fdatasync_millis(folder: &Path) -> f64 {
    let mut file = std::fs::File::create(folder.join("raw")).unwrap();
    let mut took: Vec<f64> = Vec::new();
    for _ in 0..200 {
        let begun = Instant::now();
        file.write_all(&[b'x'; 120]).unwrap();
        file.sync_data().unwrap();
        took.push(begun.elapsed().as_secs_f64() * 1000.0);
    }
    percentile(&mut took, 50)
}

/// As durable and in batches as large as the journal's.
fn inserts_alone(folder: &Path) -> f64 {
    let mut db = rusqlite::Connection::open(folder.join("alone.db")).unwrap();
    db.pragma_update(None, "journal_mode", "WAL").unwrap();
    db.pragma_update(None, "synchronous", "FULL").unwrap();
    db.execute_batch(
        "CREATE TABLE messages (number INTEGER PRIMARY KEY, time INTEGER, step TEXT, text TEXT)",
    )
    .unwrap();
    let begun = Instant::now();
    for batch in 0..QUEUED / 500 {
        let all = db.transaction().unwrap();
        for number in batch * 500..batch * 500 + 500 {
            let row = (number as i64, 0_i64, "chatter", number.to_string());
            all.execute("INSERT INTO messages VALUES (?1, ?2, ?3, ?4)", row)
                .unwrap();
        }
        all.commit().unwrap();
    }
    begun.elapsed().as_secs_f64()
}

fn percentile(values: &mut [f64], percent: usize) -> f64 {
    values.sort_by(f64::total_cmp);
    values[(values.len() - 1) * percent / 100]
}

fn figure(name: &str, value: f64, unit: &str, compared_with: &str, other: f64) {
    let round = |number: f64| (number * 100.0).round() / 100.0;
    let line = serde_json::json!({
        "figure": name, "value": round(value), "unit": unit, "compared_with": compared_with, "other": round(other),
    });
    println!("{line}");
}
