//! The status service over real sockets.

// Clippy takes only the functions marked as tests for tests.
#![allow(clippy::unwrap_used, clippy::print_stdout)]

mod client;
#[path = "../long/mod.rs"]
mod long;
mod metadata;
mod process;
mod random;
mod world;

mod elsewhere;
mod hostile;
mod identity;
mod kill;
mod posting;
mod reading;
mod trust;
#[cfg(target_os = "linux")]
mod watch;

/// Tests that measure, or that load the machine, take turns.
static ALONE: tokio::sync::Mutex<()> = tokio::sync::Mutex::const_new(());
