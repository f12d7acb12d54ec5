//! Rules that the whole code keeps: which way dependencies point, how long things get, what is left out.

#![allow(
    clippy::unwrap_used,
    clippy::print_stdout,
    reason = "all of this is tests, and the sizes are worth printing"
)]

mod architecture;
mod commands;
mod duplicates;
mod hygiene;
mod messages;
mod sizes;
mod sources;
