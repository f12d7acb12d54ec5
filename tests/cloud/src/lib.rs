//! AWS for tests. moto keeps the books; a proxy in front of it adds what moto lacks or gets wrong, boots the instances
//! with the real agent in them, injects faults, and keeps a list of all requests.
//!
//! What the proxy adds is our own word and no independent witness: [`words`] says which answers are whose, and awscli,
//! boto3 and packer are run against it as well.

pub mod answer;
mod aws;
pub mod call;
pub mod client;
pub mod clock;
mod cloud;
pub mod control;
mod ec2;
pub mod faults;
pub mod leftovers;
pub mod moto;
pub mod params;
pub mod rack;
pub mod racks;
pub mod requests;
mod route;
pub mod rules;
mod server;
pub mod sign_in;
pub mod validate;
pub mod words;
pub mod world;
mod xml;

pub use cloud::Cloud;
pub use server::{Instances, Options, TestCloud};
