//! A small cloud on this computer, whose state outlives the app. An instance is a detached process with a folder,
//! loopback ports and a metadata endpoint; an image is a copy of its disk folder.
//!
//! Several processes use one practice world at once. What they agree on is in one SQLite file, the [`ledger`]; what
//! is true of an instance is what its machine process shows, and [`reconcile`] brings the two together.

mod account;
mod checks;
mod cloud;
mod guests;
mod ids;
mod layout;
mod ledger;
pub mod machine;
mod pace;
mod process;
mod reconcile;
mod salted;
pub mod tool;
pub mod trouble;
mod world;

pub use account::FAMILY;
pub use guests::Guest;
pub use machine::password::PublicKey;
pub use process::OsProcess;
pub use slipway_core::notices::Notices;
pub use world::{PracticeCloud, PracticeOptions};

/// The archive with the theme of the practice site, served by every machine's metadata endpoint.
pub const THEME: &[u8] = include_bytes!("../assets/theme.zip");
