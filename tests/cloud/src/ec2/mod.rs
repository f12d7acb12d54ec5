//! What EC2 does and moto does not, or does otherwise.

pub mod describe;
pub mod disk_key;
pub mod groups;
pub mod images;
pub mod networks;
pub mod newness;
pub mod power;
pub mod run;
pub mod screen;
pub mod tags;
