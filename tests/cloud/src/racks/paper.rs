//! Instances by the clock alone: for thousands of launches at once, and for clients that only watch states.

use std::collections::HashMap;
use std::net::Ipv4Addr;
use std::sync::{Mutex, MutexGuard, PoisonError};

use async_trait::async_trait;
use slipway_core::cloud::{ImageState, InstanceState};
use slipway_practice::PublicKey;
use tokio::time::Instant;

use crate::rack::{Guest, Rack, Seen, Times};

/// What the instances' administrators are called by.
pub const PASSWORD: &str = "Paper-password-1!";

/// Entries in a list.
pub struct Paper {
    times: Times,
    kept: Mutex<Kept>,
}

#[derive(Default)]
struct Kept {
    instances: HashMap<String, Sheet>,
    images: HashMap<String, Instant>,
}

struct Sheet {
    guest: Guest,
    // What was last asked of it, and when.
    wanted: InstanceState,
    since: Instant,
    first_on: Instant,
}

impl Paper {
    /// An empty list.
    pub fn new(times: Times) -> Self {
        Paper {
            times,
            kept: Mutex::default(),
        }
    }

    fn kept(&self) -> MutexGuard<'_, Kept> {
        self.kept.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn state(&self, sheet: &Sheet) -> InstanceState {
        let passed = sheet.since.elapsed();
        match sheet.wanted {
            InstanceState::Running if passed < self.times.running => InstanceState::Pending,
            InstanceState::Stopped if passed < self.times.off => InstanceState::Stopping,
            InstanceState::Terminated if passed < self.times.off => InstanceState::ShuttingDown,
            wanted => wanted,
        }
    }

    fn want(&self, id: &str, wanted: InstanceState) -> Result<(), String> {
        let mut kept = self.kept();
        let sheet = kept.instances.get_mut(id).ok_or("there is no such instance")?;
        let ended = sheet.wanted == InstanceState::Terminated;
        if sheet.wanted != wanted && !ended {
            (sheet.wanted, sheet.since) = (wanted, Instant::now());
        }
        Ok(())
    }

    fn is_ready(&self, sheet: &Sheet) -> bool {
        sheet.first_on.elapsed() >= self.times.running + self.times.ready
    }
}

#[async_trait]
impl Rack for Paper {
    async fn board(&self, guest: Guest) -> Result<(), String> {
        let now = Instant::now();
        let sheet = Sheet {
            wanted: InstanceState::Running,
            since: now,
            first_on: now,
            guest,
        };
        self.kept().instances.insert(sheet.guest.id.clone(), sheet);
        Ok(())
    }

    async fn look(&self, id: &str) -> Option<Seen> {
        let kept = self.kept();
        let sheet = kept.instances.get(id)?;
        Some(Seen {
            state: self.state(sheet),
            reason: None,
        })
    }

    async fn start(&self, id: &str, _: Ipv4Addr) -> Result<(), String> {
        self.want(id, InstanceState::Running)
    }

    async fn stop(&self, id: &str) -> Result<(), String> {
        self.want(id, InstanceState::Stopped)
    }

    async fn restart(&self, _: &str) -> Result<(), String> {
        Ok(())
    }

    async fn terminate(&self, id: &str) -> Result<(), String> {
        self.want(id, InstanceState::Terminated)
    }

    async fn console(&self, id: &str) -> String {
        let kept = self.kept();
        let ready = kept.instances.get(id).is_some_and(|sheet| self.is_ready(sheet));
        if ready {
            "2026/11/22 12:00:00Z: Message: Windows is Ready to use\n".into()
        } else {
            String::new()
        }
    }

    async fn password_data(&self, id: &str) -> Option<String> {
        let kept = self.kept();
        let sheet = kept.instances.get(id).filter(|sheet| self.is_ready(sheet))?;
        PublicKey::from_openssh(&sheet.guest.public_key)?.encrypt(PASSWORD.as_bytes())
    }

    async fn image(&self, image: &str, _: &str, _: &str) -> Result<(), String> {
        self.kept().images.insert(image.to_owned(), Instant::now());
        Ok(())
    }

    async fn image_seen(&self, image: &str) -> Option<(ImageState, u8)> {
        let since = *self.kept().images.get(image)?;
        let share = since.elapsed().as_secs_f64() / self.times.image.as_secs_f64().max(f64::MIN_POSITIVE);
        Some(if share >= 1.0 {
            (ImageState::Available, 100)
        } else {
            (ImageState::Pending, (share * 100.0) as u8)
        })
    }

    async fn delete_image(&self, image: &str) {
        self.kept().images.remove(image);
    }

    async fn tag(&self, _: &str, _: &[(String, String)]) {}

    async fn untag(&self, _: &str, _: &[String]) {}

    async fn clear(&self) {
        *self.kept() = Kept::default();
    }
}
