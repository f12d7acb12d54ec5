//! Amazon EC2 behind the Cloud port: the one crate that knows the AWS SDK. `cloud` is the port, `session` asks AWS,
//! `error` tells what went wrong, and each other module knows one kind of thing.

mod account;
mod actions;
mod ami;
mod catalog;
mod checks;
mod clients;
mod cloud;
mod disks;
mod error;
mod groups;
mod images;
mod key_pairs;
mod networks;
mod options;
mod ours;
mod own_address;
mod policy;
mod price;
mod profiles;
mod reach;
mod regions;
mod rules;
mod servers;
mod session;
mod settle;
mod sign_in;
mod skew;
mod staging;
mod tags;

pub use ami::{FAMILIES, Family};
pub use cloud::AwsCloud;
pub use options::{Access, AgentProgram, AwsOptions, Surroundings};
pub use policy::policy_json;
pub use profiles::{FileProfile, Files, Kind as ProfileKind, file_profiles};
pub use regions::title as region_title;

#[cfg(test)]
#[path = "../tests/windows_program/mod.rs"]
mod windows_program;
