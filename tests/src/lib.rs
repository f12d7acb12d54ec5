//! What the tests of the whole share: the real programs, a data folder of their own, and no process left behind.

pub mod chatter;
pub mod follower;
pub mod journal;
pub mod kill_points;
pub mod lacking;
pub mod leftovers;
pub mod long;
pub mod room;
pub mod search;
pub mod side_by_side;
#[cfg(target_os = "linux")]
pub mod window;
