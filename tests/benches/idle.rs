//! What an open face costs while nothing happens: processor time of a process that holds the engine and attends, with
//! ready servers in its list. Linux only, by its own account in `/proc`.

#![allow(clippy::unwrap_used, clippy::print_stdout)] // a bench stops where it can't go on, and prints its figures

use std::path::Path;
use std::time::Duration;

use slipway_core::engine::{LaunchRequest, Source};
use slipway_core::view::Status;
use slipway_desktop::wiring::{Desk, Options, PRACTICE};

/// Long enough that what happens every few seconds counts.
const WATCHED: Duration = Duration::from_secs(20);
/// Ready servers in the list.
const SERVERS: usize = 10;
/// Clock ticks of `/proc` in a second (`getconf CLK_TCK`), the same on every Linux of today.
const TICKS: f64 = 100.0;

fn main() {
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .enable_all()
        .build()
        .unwrap();
    runtime.block_on(async {
        let folder = tempfile::tempdir().unwrap();
        figure("no server", idle(folder.path()).await, 0.3);
        let ids = launched(folder.path()).await;
        figure(
            &format!("{SERVERS} ready servers"),
            idle(folder.path()).await,
            1.0,
        );
        let desk = desk(folder.path(), 100.0).await;
        for id in ids {
            desk.engine.terminate(&id).await.unwrap();
            desk.engine.settled(&id).await.unwrap();
        }
    });
}

async fn desk(folder: &Path, speed: f64) -> Desk {
    let options = Options {
        data_dir: Some(folder.to_owned()),
        speed: Some(speed),
    };
    Desk::open(options).await.unwrap()
}

async fn launched(folder: &Path) -> Vec<String> {
    let desk = desk(folder, 100.0).await;
    let mut ids = Vec::new();
    for number in 0..SERVERS {
        let source = Source::Recipe("practice-site".into());
        let request = LaunchRequest::new(&format!("demo-{number}"), PRACTICE, source);
        ids.push(desk.engine.launch(request).await.unwrap());
    }
    for id in &ids {
        let view = desk.engine.settled(id).await.unwrap();
        assert_eq!(view.server.status, Status::Ready, "{:?}", view.failure);
    }
    desk.engine.close().await;
    ids
}

/// Percent of one core, as the window holds the engine: attending, and waiting for news, at the speed of life.
async fn idle(folder: &Path) -> f64 {
    let desk = desk(folder, 1.0).await;
    let _attendance = desk.engine.attend();
    let mut news = desk.engine.news();
    let listening = tokio::spawn(async move {
        loop {
            news.next().await;
        }
    });
    tokio::time::sleep(Duration::from_secs(5)).await;
    let before = ticks();
    tokio::time::sleep(WATCHED).await;
    let used = ticks() - before;
    listening.abort();
    used / TICKS / WATCHED.as_secs_f64() * 100.0
}

/// Processor time of this process so far, its own and the system's for it (proc(5), fields 14 and 15).
fn ticks() -> f64 {
    let stat = std::fs::read_to_string("/proc/self/stat").unwrap();
    let after_name = stat.rsplit_once(')').unwrap().1;
    let fields = after_name.split_whitespace().skip(11).take(2);
    fields.map(|field| field.parse::<f64>().unwrap()).sum()
}

fn figure(what: &str, percent: f64, bar: f64) {
    let line = serde_json::json!({
        "figure": format!("idle processor time with {what}"), "value": percent, "unit": "% of a core",
        "compared_with": "bar", "other": bar,
    });
    println!("{line}");
}
