//! The launch state machine: which phase follows, how long it usually takes, and what an error means.
//!
//! ```text
//! Preflight → Access → Staging → Starting → Booting → Configuring → Installing → Verifying → Ready
//!     |          |         |         |          |           |          ↑    |         |        |
//!     └──────────┴─────────┴─────────┴──────────┴───────────┴──────────┼────┴→ Failed ┘        |
//!                                                                      └──retry──┘             |
//!  any phase ── cancel, terminate ──→ unwinding in reverse order ──→ Terminated ←──────────────┘
//! ```
//!
//! Pure: no await, no clock, no global. The loop that acts on it is in `runner.rs`, what each phase does is in `steps/`.

use std::time::Duration;

use serde::{Deserialize, Serialize};

use crate::error::{Error, ErrorKind, Retry};
use crate::view::RailPhase;

/// Where a launch stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Phase {
    /// Looks at everything that would stop it, before money is spent.
    Preflight,
    /// Key pair and security group.
    Access,
    /// The agent's program and the plan.
    Staging,
    /// The instance is asked for.
    Starting,
    /// Until EC2 says “running”.
    Booting,
    /// Until Windows is ready: by its console, by its password, or because the agent answers.
    Configuring,
    /// The agent works through the steps.
    Installing,
    /// The site is asked from this computer.
    Verifying,
    /// The site answered.
    Ready,
    /// A phase or step failed; the server, if there is one, is kept.
    Failed,
    /// Everything the launch created was removed.
    Terminated,
}

/// What an error means for the launch.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Verdict {
    /// Try the phase again after a pause.
    Again,
    /// Wait for the user, and look again from time to time whether the cause went away.
    Park,
    /// The launch has failed.
    Fail,
}

/// Why somebody wants the launch gone.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Ending {
    /// Before it was ready.
    Cancel,
    /// A finished one.
    Terminate,
}

impl Phase {
    /// All phases in which the runner has something to do, in order.
    pub const AT_WORK: [Phase; 8] = [
        Phase::Preflight,
        Phase::Access,
        Phase::Staging,
        Phase::Starting,
        Phase::Booting,
        Phase::Configuring,
        Phase::Installing,
        Phase::Verifying,
    ];

    /// The phase after this one has succeeded; `None` at an end.
    pub fn next(self) -> Option<Phase> {
        match self {
            Phase::Preflight => Some(Phase::Access),
            Phase::Access => Some(Phase::Staging),
            Phase::Staging => Some(Phase::Starting),
            Phase::Starting => Some(Phase::Booting),
            Phase::Booting => Some(Phase::Configuring),
            Phase::Configuring => Some(Phase::Installing),
            Phase::Installing => Some(Phase::Verifying),
            Phase::Verifying => Some(Phase::Ready),
            Phase::Ready | Phase::Failed | Phase::Terminated => None,
        }
    }

    /// What the user sees of it. `None` for the ends.
    pub fn rail(self) -> Option<RailPhase> {
        match self {
            Phase::Preflight | Phase::Access | Phase::Staging | Phase::Starting => Some(RailPhase::Requested),
            Phase::Booting => Some(RailPhase::Booting),
            Phase::Configuring => Some(RailPhase::WindowsReady),
            Phase::Installing => Some(RailPhase::Installing),
            Phase::Verifying => Some(RailPhase::SiteUp),
            Phase::Ready | Phase::Failed | Phase::Terminated => None,
        }
    }

    /// How long the installer may say nothing in this phase before the silence is told. It is never a failure.
    pub fn silence(self) -> Option<Duration> {
        match self {
            // Windows' first boot “often takes 15 minutes or longer” (EC2 user guide, Fast Launch).
            Phase::Configuring => Some(Duration::from_secs(20 * 60)),
            Phase::Installing => Some(Duration::from_secs(10 * 60)),
            Phase::Verifying => Some(Duration::from_secs(5 * 60)),
            Phase::Preflight | Phase::Access | Phase::Staging | Phase::Starting | Phase::Booting => None,
            Phase::Ready | Phase::Failed | Phase::Terminated => None,
        }
    }

    /// True while the runner has something to do.
    pub fn is_at_work(self) -> bool {
        self.next().is_some()
    }

    /// True when nothing of it is left.
    pub fn is_gone(self) -> bool {
        self == Phase::Terminated
    }

    /// A failed install can go on with the failed step; where no instance was made there is nothing to go on with.
    pub fn may_retry(self, has_instance: bool) -> bool {
        self == Phase::Failed && has_instance
    }
}

/// What an error means in a phase.
pub fn judge(phase: Phase, error: &Error) -> Verdict {
    match (error.kind.retry(), error.kind) {
        (Retry::Later, _) => Verdict::Again,
        // Before anything was made it is kinder to say at once what is missing than to wait for it.
        (Retry::AfterUser, ErrorKind::DiskFull | ErrorKind::Keychain) if phase == Phase::Preflight => {
            Verdict::Fail
        }
        (Retry::AfterUser, _) => Verdict::Park,
        // Another key than the one on the console: stop everything, keep the evidence, let a person look.
        (Retry::No, ErrorKind::IdentityMismatch) => Verdict::Park,
        (Retry::No, _) => Verdict::Fail,
    }
}
