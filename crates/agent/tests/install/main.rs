//! The installer as a process of its own, on a machine of its own: restarts, failures, orders, secrets, steps.
#![cfg(unix)]

mod inbox;


mod outcomes;


mod world;

#[path = "../serve/metadata.rs"]
mod metadata;
