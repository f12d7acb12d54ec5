//! The status service over real sockets.

// Clippy takes only the functions marked as tests for tests.
#![allow(clippy::unwrap_used)]

mod client;
mod metadata;
mod world;

mod identity;
mod posting;
mod reading;
mod trust;
