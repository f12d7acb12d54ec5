//! Practice launches from end to end, with the real programs, as a user types them.

#![allow(clippy::unwrap_used, reason = "all of this is tests")]

mod ends;
mod failure;
#[cfg(target_os = "linux")]
mod full_disk;
mod held;
mod input;
mod json_forms;
#[cfg(target_os = "linux")]
mod odd_files;
mod odd_use;
mod own_recipe;
mod removal;
mod stop_timer;
mod stray_tags;
mod terminal;
mod trust;
mod whole_story;
