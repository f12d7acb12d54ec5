//! Whole launches on the cloud of the tests, by the terminal, with the agent brought there through S3 and the bootstrap.
//! What is left over is asked of moto, past our own proxy.

#![allow(clippy::unwrap_used, reason = "all of this is tests")]

mod killed;
mod policy;
mod story;
mod trouble;
