//! The product: launches, images, following, recipes. It knows neither Tauri nor the AWS SDK nor the keychain; the
//! world is behind the three [`ports`]. Faces talk to the [`engine`].

pub mod act_waits;
pub mod addresses;
mod admission;
pub mod clock;
pub mod cloud;
pub mod engine;
pub mod error;
pub mod event;
mod failpoint;
pub mod files;
mod follow;
mod found_again;
mod identity;
pub mod image;
pub mod input_text;
pub mod key_pair;
pub mod launch;
pub mod lazy_cloud;
mod ledger;
pub mod names;
mod noted;
pub mod notices;
pub mod password;
mod password_data;
mod password_turns;
pub mod poll;
pub mod ports;
pub mod rdp;
mod rdp_certificate;
mod reads;
pub mod recipe;
mod retries;
pub mod secret;
pub mod shared;
mod silence;
mod site;
pub mod store;
#[cfg(feature = "testing")]
pub mod testing;
pub mod timestamp;
pub mod token;
pub mod user_data;
pub mod view;
pub mod wait;
