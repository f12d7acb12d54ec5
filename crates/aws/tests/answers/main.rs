//! The adapter against answers that are written here: what AWS documents and no emulator gives.

#![allow(clippy::unwrap_used, reason = "all of this is tests")]

mod prices;
mod refusals;
mod requests;
mod server;
mod waits;
