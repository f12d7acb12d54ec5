//! What a part of the tests is: a name, what it needs from the machine, how to build it, how to run it.

use std::time::{Duration, Instant};

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

/// Beside which others a part runs. In each lane, one follows the other.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Lane {
    /// Builds the workspace, alone with what is [`Lane::Beside`].
    Builds,
    /// Beside everything, from the beginning: it uses nothing that other parts make.
    Beside,
    /// After all that builds: it works most of the time.
    Works,
    /// After all that builds, beside what works: it waits most of the time.
    Waits,
}

/// One line of the report.
pub struct Part {
    /// As printed, and as `--only` and `--may-skip` find it.
    pub name: &'static str,
    /// The runs that it belongs to.
    pub when: When,
    /// Beside which others it runs.
    pub lane: Lane,
    /// Sets up what the part needs. An error says why this machine can't provide it: the part is skipped.
    pub set_up: fn(&Workspace) -> Result<(), String>,
    /// Builds what it runs. An error says what failed.
    pub build: fn(&Workspace) -> Result<(), String>,
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

/// Where the time of a part went.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Times {
    /// Providing what the machine lacked.
    pub set_up: Duration,
    /// Building.
    pub build: Duration,
    /// The tests themselves.
    pub run: Duration,
}

impl Times {
    /// All of it.
    pub fn total(self) -> Duration {
        self.set_up + self.build + self.run
    }
}

impl Part {
    /// Sets up, builds and runs the part.
    pub fn outcome(&self, workspace: &Workspace) -> (Outcome, Times) {
        outcome_of([&|| (self.set_up)(workspace), &|| (self.build)(workspace), &|| {
            (self.run)(workspace)
        }])
    }
}

/// Sets up, builds and runs something; how that ended, and how long each of it took.
pub fn outcome_of([set_up, build, run]: [&dyn Fn() -> Result<(), String>; 3]) -> (Outcome, Times) {
    let mut times = Times::default();
    if let Err(reason) = timed(&mut times.set_up, set_up) {
        return (Outcome::Skipped(reason), times);
    }
    let ended = timed(&mut times.build, build).and_then(|()| timed(&mut times.run, run));
    match ended {
        Ok(()) => (Outcome::Passed, times),
        Err(reason) => (Outcome::Failed(reason), times),
    }
}

fn timed<T>(took: &mut Duration, work: impl FnOnce() -> T) -> T {
    let begun = Instant::now();
    let done = work();
    *took = begun.elapsed();
    done
}
