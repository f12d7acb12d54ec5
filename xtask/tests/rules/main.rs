//! Rules that the whole code keeps: which way dependencies point, how long things get, what is left out.

mod architecture;
mod duplicates;
mod hygiene;
mod messages;
mod sizes;
mod sources;
