//! No secret of a launch is readable anywhere but where it belongs.

#![cfg(target_os = "linux")]
#![allow(clippy::unwrap_used, reason = "all of this is tests")]

mod agent_keys;
mod canaries;
mod cloud;
mod file_keychain;
mod searched;
