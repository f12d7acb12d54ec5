//! What both faces need of this computer: the keychain, folders, the agent's HTTP client, the opening of browser and
//! Remote Desktop, and the one place where all is wired together.

pub mod agent_client;
pub mod folders;
pub mod keychain;
pub mod open;
mod pinning;
pub mod profiles;
pub mod programs;
pub mod rdp_certificate;
mod remote_desktop;
pub mod saving;
pub mod secret_files;
pub mod settings;
pub mod site;
pub mod trace;
pub mod wiring;
