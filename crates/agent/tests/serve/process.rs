//! The status service as a process of its own, which can be killed.

use std::fs::File;
use std::net::{SocketAddr, TcpListener};
use std::path::PathBuf;
use std::process::{Child, Command, Stdio};
use std::sync::atomic::{AtomicU16, Ordering};
use std::time::{Duration, Instant};

use slipway_agent::config::Config;
use slipway_protocol::routes::Inbox;

use crate::client::{App, Sender};
use crate::world::{TOKEN, World};

pub const AGENT: &str = env!("CARGO_BIN_EXE_slipway-agent");

pub struct Process {
    pub child: Child,
    pub inbox: Inbox,
    errors: PathBuf,
}

/// A world whose service has the same port in every life.
pub async fn world_with_port() -> World {
    let mut world = World::new().await;
    world.config.listen = free_address();
    world
}

/// An address that nobody takes meanwhile: its port lies below those that systems give to outgoing connections.
pub fn free_address() -> SocketAddr {
    static NEXT: AtomicU16 = AtomicU16::new(0);
    let start = (std::process::id() % 900) as u16 * 10;
    let mut tried = (0..10_000).map(|_| (start + NEXT.fetch_add(1, Ordering::Relaxed)) % 10_000 + 20_000);
    let free = tried.find(|port| TcpListener::bind(("127.0.0.1", *port)).is_ok());
    ([127, 0, 0, 1], free.unwrap()).into()
}

pub async fn app(world: &World) -> App {
    App::new(world.config.listen, &world.identity().await.certificate, TOKEN)
}

impl Process {
    /// Starts `serve` and waits until it takes messages.
    pub async fn start(config: &Config) -> Self {
        let before = std::fs::read(config.inbox_file()).unwrap_or_default();
        let errors = config.data_dir.with_extension("stderr");
        let append = File::options().append(true).create(true).open(&errors).unwrap();
        let child = Command::new(AGENT)
            .arg("serve")
            .args(config.to_arguments())
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(append)
            .spawn()
            .unwrap();
        let inbox = new_inbox(config, &before).await;
        Process { child, inbox, errors }
    }

    pub fn sender(&self) -> Sender {
        Sender::new(&self.inbox, "queue-1")
    }

    pub fn kill(&mut self) {
        self.child.kill().unwrap();
        self.child.wait().unwrap();
    }

    /// Everything that was said on standard error holds no panic.
    pub fn assert_calm(&mut self) {
        assert!(self.child.try_wait().unwrap().is_none(), "the service has died");
        let said = std::fs::read_to_string(&self.errors).unwrap();
        assert!(!said.contains("panicked"), "{said}");
    }
}

impl Drop for Process {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

async fn new_inbox(config: &Config, before: &[u8]) -> Inbox {
    let started = Instant::now();
    loop {
        let now = std::fs::read(config.inbox_file()).unwrap_or_default();
        if now != before && !now.is_empty() {
            return serde_json::from_slice(&now).unwrap();
        }
        assert!(
            started.elapsed() < Duration::from_secs(20),
            "the service does not start"
        );
        tokio::time::sleep(Duration::from_millis(2)).await;
    }
}
