//! Images of servers: making, reading and deleting them.

pub(crate) mod change;
pub(crate) mod read;
mod snapshots;
