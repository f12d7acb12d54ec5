//! The agent as a Windows service, which starts with the machine and outlives every step.
//!
//! What the bootstrap has to call, as Administrator or SYSTEM, in this order; `agent.exe` may lie anywhere, such as
//! in a temporary folder:
//!
//! ```text
//! agent.exe install-service          copies itself to "%ProgramFiles%\Slipway\slipway-agent.exe", makes or updates
//!                                    the service SlipwayAgent (LocalSystem, automatic, restarted when it fails),
//!                                    makes the firewall rule SlipwayAgent for inbound TCP 8080, starts the service
//! ```
//!
//! That is all: it returns within a minute, may be repeated, and ends with 0, or with 1 and the reason as the last
//! line of its standard error. No other argument is needed; the files lie in `%ProgramData%\Slipway`, closed to all but
//! SYSTEM and Administrators. The bootstrap has no timer to set: the service reads the brief's limits from user data
//! and stops the machine itself ([`crate::expiry`]). RunInstances must leave `InstanceInitiatedShutdownBehavior` at
//! `stop`. On an instance that was launched from an image of ours the service is there already, and needs nobody.
//!
//! ```text
//! slipway-agent.exe remove-service   stops and removes the service and the firewall rule; the files stay
//! slipway-agent.exe service          what Windows calls; by hand it ends at once
//! ```
//!
//! A service whose work has ended well stops, and starts again with the machine: on the same instance it sees that
//! and stops again, on a new one it takes a new identity and begins anew.

#[cfg(windows)]
pub mod install;
#[cfg(windows)]
pub mod work;

/// The service's name, and that of its firewall rule.
pub const NAME: &str = "SlipwayAgent";
/// The subcommand that Windows calls.
pub const SUBCOMMAND: &str = "service";
