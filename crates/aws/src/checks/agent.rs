//! The program that every instance gets.

use slipway_core::cloud::Finding;

use super::{blocking, good};
use crate::options::AgentProgram;
use crate::staging::program;

const ABOUT: &str = "Windows installer";

/// Reads it as staging will. A released one is on the network, where the instance fetches it.
pub(super) async fn check(agent: &AgentProgram) -> Finding {
    let path = match agent {
        AgentProgram::Released { .. } => return good(ABOUT, "Published with this version of Slipway."),
        AgentProgram::Built(path) => path,
    };
    match program::read(path).await {
        Ok(_) => good(ABOUT, format!("{} is there.", path.display())),
        Err(error) => blocking(ABOUT, error.kind, error.sentence, error.hint),
    }
}
