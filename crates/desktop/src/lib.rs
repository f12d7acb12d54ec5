//! What both faces need of this computer: the keychain, folders, the agent's HTTP client, the opening of browser and
//! Remote Desktop.

pub mod agent_client;
pub mod folders;
pub mod keychain;
pub mod open;
pub mod practice_secrets;
