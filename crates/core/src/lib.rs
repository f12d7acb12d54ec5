//! The product: launches, images, following, recipes. It knows neither Tauri nor the AWS SDK nor the keychain; the
//! world is behind the three [`ports`].

pub mod cloud;
pub mod error;
pub mod event;
pub mod key_pair;
pub mod names;
pub mod password;
pub mod ports;
pub mod rdp;
pub mod recipe;
pub mod secret;
pub mod token;
pub mod view;
