//! The agent: on the instance it installs a site (`install`) and tells the app how it goes (`serve`).
//!
//! Two processes, as in the system that Slipway re-creates: the installer works through the plan and queues what
//! happens; the status service keeps the messages and answers the app on port 8080. `run` starts and watches both.

pub mod arrive;
pub mod config;
pub mod console;
pub mod http;
pub mod identity;
pub mod imds;
pub mod install;
pub mod private;
pub mod run;
pub mod scrub;
pub mod serve;
pub mod stop;
