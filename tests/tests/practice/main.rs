//! Practice launches from end to end, with the real programs, as a user types them.

#![allow(clippy::unwrap_used, reason = "all of this is tests")]

mod ends;
mod failure;
#[cfg(target_os = "linux")]
mod full_disk;
mod input;
mod whole_story;
