//! Other people's programs, with this cloud in their environment.

use std::ffi::OsStr;
use std::process::Command;

/// The access key of everybody in the tests.
pub const KEY: &str = "AKIATESTTESTTESTTEST";
/// Where they work.
pub const REGION: &str = "eu-central-1";

/// A program with the cloud at `url` in its environment, and nothing of this computer's own settings.
pub fn client(program: impl AsRef<OsStr>, url: &str) -> Command {
    let mut command = Command::new(program);
    command
        .env("AWS_ENDPOINT_URL", url)
        .env("AWS_ACCESS_KEY_ID", KEY)
        .env("AWS_SECRET_ACCESS_KEY", "test")
        .env("AWS_REGION", REGION)
        .env("AWS_DEFAULT_REGION", REGION)
        .env("AWS_CONFIG_FILE", "none")
        .env("AWS_SHARED_CREDENTIALS_FILE", "none")
        .env("AWS_EC2_METADATA_DISABLED", "true");
    command
}
