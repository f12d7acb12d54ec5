//! A day without the status service, in paused time: what was queued meanwhile arrives, and costs no memory.
//! In a process of its own, because its memory is measured.
#![cfg(target_os = "linux")]
// Clippy takes only the functions marked as tests for tests.
#![allow(clippy::unwrap_used, clippy::print_stdout)]

use std::path::Path;
use std::time::Duration;

use slipway_agent::install::ballast::Ballast;
use slipway_agent::install::deliver::{Outbox, Transport, deliver};
use slipway_agent::install::draft::Draft;
use slipway_agent::install::queue::{Queue, Written};
use slipway_agent::install::window::Window;
use slipway_protocol::message::{Kind, Level};
use slipway_protocol::routes::{Accepted, Batch, MAX_MESSAGES};
use tokio::sync::watch;
use tokio::time::Instant;

const MESSAGES: u64 = 50_000;
const OUTAGE: Duration = Duration::from_secs(24 * 3600);
/// Far less than the messages, which take more than 20 MB, and more than a few batches do.
const MOST_MEMORY_KIB: u64 = 8 * 1024;

/// The queue's file as the delivery reads it.
struct OnDisk {
    window: Window,
    written: Written,
    confirmed: watch::Sender<u64>,
}

impl Outbox for OnDisk {
    async fn batch(&mut self) -> Batch {
        let messages = self.window.batch(self.written).unwrap();
        if messages.is_empty() {
            return std::future::pending().await;
        }
        Batch {
            sender: "q".into(),
            messages,
        }
    }

    async fn confirm(&mut self, through: u64) {
        self.window.confirm(through, self.written).unwrap();
        self.confirmed.send_replace(self.window.confirmed());
    }
}

/// A service that is down at first, and then checks that nothing is missing or there twice.
struct Down {
    until: Instant,
    last: u64,
    asked: watch::Sender<u64>,
}

impl Transport for Down {
    async fn post(&mut self, batch: &Batch) -> Result<Accepted, String> {
        self.asked.send_modify(|asked| *asked += 1);
        assert!(batch.messages.len() <= MAX_MESSAGES);
        if Instant::now() < self.until {
            return Err("nobody answers".into());
        }
        for message in &batch.messages {
            self.last += 1;
            assert_eq!(message.number, self.last);
        }
        Ok(Accepted { through: self.last })
    }
}

fn queued(path: &Path) -> Written {
    let ballast = Ballast::reserve(path.with_extension("ballast"), 1024);
    let mut queue = Queue::open(path, ballast).unwrap().queue;
    let text = "a line as long as programs like to print them, ".repeat(8);
    for batch in 0..MESSAGES / 500 {
        let drafts = (0..500).map(|at| format!("{} {text}", batch * 500 + at));
        let drafts: Vec<Draft> = drafts
            .map(|text| Draft::of(1, Level::Info, &text, Kind::Line))
            .collect();
        queue.append(&drafts).unwrap();
    }
    queue.written()
}

/// The most memory that this process had since it was last asked to forget it, in KiB.
fn peak_memory_kib() -> u64 {
    let status = std::fs::read_to_string("/proc/self/status").unwrap();
    let line = status
        .lines()
        .find_map(|line| line.strip_prefix("VmHWM:"))
        .unwrap();
    line.trim().trim_end_matches(" kB").parse().unwrap()
}

#[tokio::test(start_paused = true)]
async fn what_was_queued_in_a_day_without_the_service_arrives_and_costs_no_memory() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("queue.jsonl");
    let written = queued(&path);
    assert!(written.bytes > 20_000_000, "{} bytes", written.bytes);
    // So that the peak of writing the queue does not hide that of reading it (proc(5), clear_refs).
    std::fs::write("/proc/self/clear_refs", "5").unwrap();
    let before = peak_memory_kib();
    let (confirmed, mut delivered) = watch::channel(0);
    let (asked, asks) = watch::channel(0);
    let window = Window::open(&path, 0).unwrap();
    let queue = OnDisk {
        window,
        written,
        confirmed,
    };
    let service = Down {
        until: Instant::now() + OUTAGE,
        last: 0,
        asked,
    };
    tokio::spawn(deliver(queue, service, |_| {}));
    delivered.wait_for(|through| *through == MESSAGES).await.unwrap();
    let grown = peak_memory_kib() - before;
    println!(
        "{MESSAGES} messages after {OUTAGE:?} and {} tries: each once, in order; {grown} KiB of memory",
        *asks.borrow()
    );
    assert!(grown <= MOST_MEMORY_KIB, "{grown} KiB");
}
