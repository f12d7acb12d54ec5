//! The installer as a process of its own, on a machine of its own: restarts, failures, orders, secrets, steps.
#![cfg(target_os = "linux")]
// Clippy takes only the functions marked as tests for tests.
#![allow(clippy::unwrap_used, clippy::print_stdout)]

mod inbox;
mod kills;
mod orders;
mod outcomes;
mod restarts;
mod secrets;
mod steps;
mod world;

#[path = "../serve/metadata.rs"]
mod metadata;
