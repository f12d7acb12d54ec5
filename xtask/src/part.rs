//! What a part of the tests is: a name, what it needs from the machine, how to run it.

use crate::workspace::Workspace;

/// Which runs a part belongs to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum When {
    /// Every run.
    Always,
    /// `cargo xtask check` only: a quick taste of what a later part does in full.
    Check,
    /// `cargo xtask test`: what a change has to pass.
    Test,
    /// `cargo xtask test --long`: what takes long, or needs more than the package registries.
    Long,
}

/// One line of the report.
pub struct Part {
    /// As printed, and as `--only` finds it.
    pub name: &'static str,
    /// The runs that it belongs to.
    pub when: When,
    /// Whether it may run while those before it do: it uses nothing that they make, and minds no load.
    pub beside: bool,
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
