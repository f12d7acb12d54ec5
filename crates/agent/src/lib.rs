//! The agent: on the instance it installs a site (`install`) and tells the app how it goes (`serve`).
//!
//! Two processes, as in the system that Slipway re-creates: the installer works through the plan and queues what
//! happens; the status service keeps the messages and answers the app on port 8080. `run` starts and watches both.

#[cfg(windows)]
mod acl;
#[cfg(windows)]
pub mod administrator;
pub mod arrive;
pub mod config;
pub mod console;
pub mod ec2launch;
pub mod expiry;
pub mod firewall;
pub mod http;
pub mod identity;
pub mod imds;
pub mod install;
#[cfg(windows)]
pub mod known_folder;
pub mod logging;
pub mod private;
pub mod run;
pub mod scrub;
#[cfg(windows)]
pub mod serial;
pub mod serve;
pub mod service;
pub mod stop;
pub mod system;
