//! The app's own client, led to every agent by a line that breaks off.

use std::collections::HashMap;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use async_trait::async_trait;
use slipway_core::error::Result;
use slipway_core::ports::{Agent, AgentAddress, Answered, Visit};
use slipway_desktop::agent_client::AgentClient;
use slipway_protocol::routes::{Hello, Page};
use tokio::sync::Mutex;

use crate::line;

/// The client, and the port of the line to each agent.
#[derive(Default)]
pub struct Detour {
    client: AgentClient,
    lines: Mutex<HashMap<u16, u16>>,
    cut: Arc<AtomicUsize>,
}

impl Detour {
    /// How many connections broke off.
    pub fn cut(&self) -> usize {
        self.cut.load(Ordering::Relaxed)
    }

    async fn led(&self, at: &AgentAddress) -> AgentAddress {
        let mut lines = self.lines.lock().await;
        let port = match lines.get(&at.port) {
            Some(port) => *port,
            None => line::to(at.port, self.cut.clone()).await,
        };
        lines.insert(at.port, port);
        AgentAddress { port, ..at.clone() }
    }
}

#[async_trait]
impl Agent for Detour {
    async fn hello(&self, at: &AgentAddress) -> Result<Answered<Hello>> {
        self.client.hello(&self.led(at).await).await
    }

    async fn messages(&self, at: &AgentAddress, after: u64, wait_seconds: u32) -> Result<Answered<Page>> {
        self.client
            .messages(&self.led(at).await, after, wait_seconds)
            .await
    }

    async fn finish(&self, at: &AgentAddress, after: u64, order: &str) -> Result<()> {
        self.client.finish(&self.led(at).await, after, order).await
    }

    async fn log(&self, at: &AgentAddress) -> Result<Answered<String>> {
        self.client.log(&self.led(at).await).await
    }

    async fn visit(&self, url: &str) -> Result<Visit> {
        self.client.visit(url).await
    }

    fn forget_connections(&self) {
        self.client.forget_connections();
    }
}
