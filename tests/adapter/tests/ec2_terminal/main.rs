//! Whole launches on the cloud of the tests, by the terminal, with the agent brought there through S3 and the bootstrap.
//! What is left over is asked of moto, past our own proxy.

#![allow(
    clippy::unwrap_used,
    clippy::print_stdout,
    reason = "all of this is tests, and they tell figures"
)]

mod agent;
mod expired;
mod killed;
mod launch_waits;
mod policy;
mod profiles;
#[cfg(target_os = "linux")]
mod secrets;
mod sign_in;
mod story;
mod trouble;
mod trust;
mod waits;

/// The server of the stories that need but one.
const NAME: &str = "demo";
/// Its launch; what else a story wants of it comes after.
const LAUNCH: [&str; 8] = [
    "launch", "--recipe", "ec2-site", "--name", NAME, "--size", "t3.large", "--yes",
];
