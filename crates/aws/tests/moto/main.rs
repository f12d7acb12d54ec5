//! The adapter against moto alone: what moto witnesses, without anything of ours in between. Run with the feature
//! `moto` and `SLIPWAY_MOTO_SERVER` pointing at its program.

#![allow(clippy::unwrap_used, reason = "all of this is tests")]

mod access;
mod checks;
mod images;
mod instances;
mod odd_files;
mod places;
mod profiles;
mod server;
mod staging;
#[path = "../windows_program/mod.rs"]
mod windows_program;

use slipway_core::cloud::{Tags, tag};

/// The tags of one launch.
pub fn tags(launch: &str) -> Tags {
    Tags::from([
        (tag::LAUNCH.to_owned(), launch.to_owned()),
        (tag::CREATED_BY.to_owned(), tag::US.to_owned()),
    ])
}
