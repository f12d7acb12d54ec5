//! Programs that are killed at the worst moment: nothing is lost, doubled or left behind.

#![cfg(unix)]
#![allow(clippy::unwrap_used, reason = "all of this is tests")]

mod agent_killed;
mod kill_points;
mod nested_kills;
mod random_kills;
mod stopped;
mod survivor;
