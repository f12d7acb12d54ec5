//! Delivery over a network that loses requests, loses answers, delivers twice or late, and is cut off for a while: a
//! seeded network in memory, in paused time. (A simulator of sockets would add nothing here: the loop sees a network only
//! through `Transport`.)
// Clippy takes only the functions marked as tests for tests.
#![allow(clippy::unwrap_used, clippy::print_stdout)]

mod long;

use std::sync::{Arc, Mutex};
use std::time::Duration;

use slipway_agent::install::deliver::{Outbox, Transport, deliver};
use slipway_agent::install::draft::Draft;
use slipway_protocol::Message;
use slipway_protocol::message::{Kind, Level};
use slipway_protocol::routes::{Accepted, Batch};
use tokio::sync::watch;
use tokio::time::Instant;

const MESSAGES: u64 = 1_000;

fn message(number: u64) -> Message {
    Draft::of(1, Level::Info, &format!("line {number}"), Kind::Line).numbered(number)
}

struct Random(u64);

impl Random {
    fn below(&mut self, limit: u64) -> u64 {
        self.0 ^= self.0 >> 12;
        self.0 ^= self.0 << 25;
        self.0 ^= self.0 >> 27;
        (self.0.wrapping_mul(0x2545_F491_4F6C_DD1D) >> 33) % limit
    }
}

/// A queue in memory to which messages are still being written.
struct Memory {
    written: watch::Receiver<u64>,
    confirmed: watch::Sender<u64>,
}

impl Outbox for Memory {
    async fn batch(&mut self) -> Batch {
        let confirmed = *self.confirmed.borrow();
        let last = *self.written.wait_for(|last| *last > confirmed).await.unwrap();
        let through = last.min(confirmed + 500);
        let messages = (confirmed + 1..=through).map(message).collect();
        Batch {
            sender: "q".into(),
            messages,
        }
    }

    async fn confirm(&mut self, through: u64) {
        self.confirmed.send_replace(through);
    }
}

/// The status service's side: what is stored, by the rules of the protocol.
#[derive(Default)]
struct Store(Vec<Message>);

impl Store {
    fn take(&mut self, batch: &Batch) -> u64 {
        for message in &batch.messages {
            let next = self.0.len() as u64 + 1;
            assert!(message.number <= next, "a gap before {}", message.number);
            if message.number == next {
                self.0.push(message.clone());
            }
        }
        self.0.len() as u64
    }
}

struct LossyNetwork {
    random: Random,
    store: Arc<Mutex<Store>>,
    batches: Arc<Mutex<u32>>,
    /// Nothing comes through before then.
    cut_off: Instant,
    /// What was on its way before, and the answer to it.
    earlier: Option<(Batch, u64)>,
}

impl LossyNetwork {
    fn chance(&mut self, percent: u64) -> bool {
        self.random.below(100) < percent
    }

    /// A part of the network goes, and comes back within a minute.
    fn is_cut_off(&mut self) -> bool {
        if self.chance(1) {
            self.cut_off = Instant::now() + Duration::from_secs(self.random.below(60));
        }
        Instant::now() < self.cut_off
    }
}

impl Transport for LossyNetwork {
    async fn post(&mut self, batch: &Batch) -> Result<Accepted, String> {
        *self.batches.lock().unwrap() += 1;
        tokio::time::sleep(Duration::from_millis(self.random.below(50))).await;
        if self.is_cut_off() || self.chance(20) {
            return Err("the request was lost".into());
        }
        let mut through = self.store.lock().unwrap().take(batch);
        if self.chance(10) {
            through = self.store.lock().unwrap().take(batch);
        }
        let earlier = self.earlier.replace((batch.clone(), through));
        if let Some((late, its_answer)) = earlier.filter(|_| self.chance(10)) {
            self.store.lock().unwrap().take(&late);
            through = its_answer;
        }
        tokio::time::sleep(Duration::from_millis(self.random.below(50))).await;
        if self.chance(20) {
            return Err("the answer was lost".into());
        }
        Ok(Accepted { through })
    }
}

/// Returns how many batches it took.
async fn delivers_everything(seed: u64) -> u32 {
    let (store, batches) = (Arc::new(Mutex::new(Store::default())), Arc::new(Mutex::new(0)));
    let (writing, written) = watch::channel(0);
    let (confirmed, mut delivered) = watch::channel(0);
    let network = LossyNetwork {
        random: Random(seed.wrapping_mul(0x9E37_79B9_7F4A_7C15) | 1),
        store: store.clone(),
        batches: batches.clone(),
        cut_off: Instant::now(),
        earlier: None,
    };
    let loop_ = tokio::spawn(deliver(Memory { written, confirmed }, network, |_| {}));
    let mut random = Random(seed | 1);
    while *writing.borrow() < MESSAGES {
        writing.send_modify(|last| *last = MESSAGES.min(*last + 1 + random.below(40)));
        tokio::time::sleep(Duration::from_millis(random.below(200))).await;
    }
    let all = delivered.wait_for(|through| *through == MESSAGES);
    tokio::time::timeout(Duration::from_secs(3600), all)
        .await
        .expect("an hour is enough")
        .unwrap();
    loop_.abort();
    let stored = store.lock().unwrap();
    let texts: Vec<&str> = stored.0.iter().map(|message| message.text.as_str()).collect();
    let expected: Vec<String> = (1..=MESSAGES).map(|number| format!("line {number}")).collect();
    assert_eq!(texts, expected, "seed {seed}");
    *batches.lock().unwrap()
}

#[tokio::test(start_paused = true)]
async fn through_a_lossy_network_everything_arrives_once_and_in_order() {
    let (mut batches, seeds) = (0_u64, long::cases(200, 10_000));
    for seed in 1..=seeds {
        batches += u64::from(delivers_everything(seed).await);
    }
    println!(
        "{seeds} seeds x {MESSAGES} messages: delivered == logged, in order, once; {batches} batches sent"
    );
}
