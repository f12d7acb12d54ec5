//! Where instances run: as processes with a real agent in them, or on paper, by the clock alone.

use std::net::Ipv4Addr;
use std::time::Duration;

use async_trait::async_trait;
use slipway_core::cloud::{ImageState, InstanceState};

/// An instance that was accepted.
#[derive(Debug, Clone)]
pub struct Guest {
    /// `i-…`.
    pub id: String,
    /// The loopback address that stands for its public one.
    pub address: Ipv4Addr,
    /// OpenSSH; empty where it was launched without a key pair.
    pub public_key: String,
    /// `ami-…`.
    pub image: String,
    /// Instance type.
    pub size: String,
    /// Size of its disk.
    pub disk_gib: u32,
    /// Decoded.
    pub user_data: String,
    /// At creation.
    pub tags: Vec<(String, String)>,
}

/// How an instance stands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Seen {
    /// Its state.
    pub state: InstanceState,
    /// Why.
    pub reason: Option<String>,
}

/// A place for instances. Ids are those that moto gave.
#[async_trait]
pub trait Rack: Send + Sync {
    /// Takes one in and powers it on.
    async fn board(&self, guest: Guest) -> Result<(), String>;
    /// How one stands; `None` where it is not here.
    async fn look(&self, id: &str) -> Option<Seen>;
    /// Powers a stopped one on, at another address.
    async fn start(&self, id: &str, address: Ipv4Addr) -> Result<(), String>;
    /// Powers one off.
    async fn stop(&self, id: &str) -> Result<(), String>;
    /// Restarts one.
    async fn restart(&self, id: &str) -> Result<(), String>;
    /// Removes one for good.
    async fn terminate(&self, id: &str) -> Result<(), String>;
    /// Its serial console.
    async fn console(&self, id: &str) -> String;
    /// Its Administrator password, encrypted; `None` until there is one.
    async fn password_data(&self, id: &str) -> Option<String>;
    /// Begins an image of one.
    async fn image(&self, image: &str, name: &str, instance: &str) -> Result<(), String>;
    /// How far an image is, in percent; `None` where it is not here.
    async fn image_seen(&self, image: &str) -> Option<(ImageState, u8)>;
    /// Forgets an image.
    async fn delete_image(&self, image: &str);
    /// Shows tags to a running instance.
    async fn tag(&self, id: &str, tags: &[(String, String)]);
    /// Takes tags away again.
    async fn untag(&self, id: &str, keys: &[String]);
    /// Removes everything, and waits until it is gone.
    async fn clear(&self);
}

/// How long things take in life, as Windows on EC2 was seen to (`kitchen-ec2` issue 582 and the like).
#[derive(Debug, Clone, Copy)]
pub struct Times {
    /// From RunInstances to running.
    pub running: Duration,
    /// From running to “Windows is Ready to use”; the password is there by then.
    pub ready: Duration,
    /// For an image.
    pub image: Duration,
    /// For stopping and terminating.
    pub off: Duration,
}

impl Default for Times {
    fn default() -> Self {
        let seconds = Duration::from_secs;
        Times {
            running: seconds(20),
            ready: seconds(20),
            image: seconds(20),
            off: seconds(10),
        }
    }
}

impl Times {
    /// All of them that many times quicker.
    pub fn at_speed(speed: f64) -> Self {
        let times = Times::default();
        Times {
            running: times.running.div_f64(speed),
            ready: times.ready.div_f64(speed),
            image: times.image.div_f64(speed),
            off: times.off.div_f64(speed),
        }
    }
}
