//! Secrets: the type that can't leak by accident, and the names under which the [`crate::ports::Secrets`] port keeps them.

pub use slipway_protocol::Secret;

/// Name of one secret of one launch, such as `launch/01J…/key_pair`.
pub fn of_launch(launch: &str, what: &str) -> String {
    format!("launch/{launch}/{what}")
}

/// The RSA private key of the launch, PKCS#8 DER.
pub const KEY_PAIR: &str = "key_pair";
/// The app's X25519 key towards this launch's agent, 32 bytes.
pub const BOX_KEY: &str = "box_key";
/// The bearer token for the status service, 64 hex characters.
pub const TOKEN: &str = "token";
/// The token that takes the place of [`TOKEN`] once the agent has confirmed it.
pub const NEXT_TOKEN: &str = "next_token";
/// The Administrator password, UTF-8.
pub const ADMINISTRATOR: &str = slipway_protocol::message::ADMINISTRATOR_PASSWORD;
