//! What other services answer and moto does not.

pub mod access;
pub mod prices;
pub mod quotas;
pub mod windows_images;
