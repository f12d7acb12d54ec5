//! What differs between the keychains: how to open one, whether it can be used now, what an error means, and which bytes
//! it takes.

#[cfg(target_os = "linux")]
#[path = "secret_service.rs"]
mod platform;

#[cfg(not(target_os = "linux"))]
#[path = "native.rs"]
mod platform;

pub(super) use platform::{Opened, decode, encode, trouble};
