//! What a part of the tests is: a name, what it needs from the machine, how to run it.

use crate::workspace::Workspace;

/// How far a run goes. Each includes the ones before it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Extent {
    /// `cargo xtask check`: under a minute on a warm machine.
    Quick,
    /// `cargo xtask test`: everything that a change has to pass.
    Full,
    /// `cargo xtask test --long`: what takes long or needs more than the package registries.
    Long,
}

/// One line of the report.
pub struct Part {
    /// As printed, and as `--only` finds it.
    pub name: &'static str,
    /// The smallest run that it belongs to.
    pub extent: Extent,
    /// Sets up what the part needs. An error says why this machine can't provide it: the part is skipped.
    pub set_up: fn(&Workspace) -> Result<(), String>,
    /// Runs it. An error says what failed.
    pub run: fn(&Workspace) -> Result<(), String>,
}

/// How a part ended.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Outcome {
    /// All good.
    Passed,
    /// Why it failed.
    Failed(String),
    /// Why it could not run on this machine.
    Skipped(String),
}

impl Part {
    /// Sets up and runs the part.
    pub fn outcome(&self, workspace: &Workspace) -> Outcome {
        if let Err(reason) = (self.set_up)(workspace) {
            return Outcome::Skipped(reason);
        }
        match (self.run)(workspace) {
            Ok(()) => Outcome::Passed,
            Err(reason) => Outcome::Failed(reason),
        }
    }
}
