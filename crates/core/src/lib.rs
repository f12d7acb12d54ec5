//! The product: launches, images, following, recipes. It knows neither Tauri nor the AWS SDK nor the keychain; the
//! world is behind the three [`ports`].

pub mod choice;
pub mod cloud;
pub mod error;
pub mod event;
pub mod ports;
pub mod secret;
pub mod view;
