//! What the installer has decided and done, on disk before anything depends on it. Replaying it gives the [`State`].

use std::io;
use std::path::Path;

use serde::{Deserialize, Serialize};
use slipway_protocol::message::{Outcome, StepResult};
use slipway_protocol::order::OrderResult;
use slipway_protocol::time::Time;

use super::append::AppendFile;
use super::ballast::Ballast;
use super::state::State;

/// One line of the journal.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Record {
    /// When, by the machine's clock.
    pub time: Time,
    /// What.
    #[serde(flatten)]
    pub entry: Entry,
}

/// What happened.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(tag = "entry", rename_all = "snake_case")]
pub enum Entry {
    /// An attempt begins: what failed or was not done goes on.
    AttemptStarted {
        /// From 1.
        attempt: u32,
    },
    /// A try of a step begins.
    StepStarted {
        /// The step's id.
        step: String,
        /// From 1, in this attempt.
        try_number: u32,
    },
    /// A step ended, after its last try.
    StepEnded {
        /// The step's id.
        step: String,
        /// How.
        result: StepResult,
        /// Why it failed, or empty.
        reason: String,
    },
    /// The machine is to restart as soon as nothing runs.
    RestartWanted {
        /// The step that is done once it has; none where an order asked for it.
        step: Option<String>,
    },
    /// The restart program is about to be started.
    RestartCalling,
    /// The restart program has been started.
    RestartCalled,
    /// The machine has restarted.
    Restarted,
    /// The machine could not be restarted.
    RestartFailed {
        /// Why, in a sentence.
        reason: String,
    },
    /// An order was carried out or refused. A retry is both in one line: its attempt has begun as well.
    OrderEnded {
        /// The order's number.
        order: u32,
        /// How it went.
        result: OrderResult,
        /// Why it was refused, or what was done.
        text: String,
        /// The attempt that it began.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        begins: Option<Begin>,
    },
    /// The attempt is over.
    Ended {
        /// How.
        outcome: Outcome,
    },
}

/// An attempt that an order began.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Begin {
    /// From 2.
    pub attempt: u32,
    /// The machine is to restart first.
    pub restart: bool,
}

/// The open journal.
pub struct Journal {
    file: AppendFile,
    ballast: Ballast,
    state: State,
}

impl Journal {
    /// Opens or makes the journal and replays it.
    pub fn open(path: &Path, ballast: Ballast) -> io::Result<Self> {
        let mut state = State::default();
        let opened = AppendFile::open(path, |record: Record| state.apply(&record))?;
        Ok(Journal {
            file: opened.file,
            ballast,
            state,
        })
    }

    /// Writes an entry; when this returns, it would survive a power cut.
    pub fn record(&mut self, entry: Entry) -> io::Result<()> {
        let record = Record {
            time: Time::now(),
            entry,
        };
        let file = &mut self.file;
        self.ballast
            .with_room(|| file.append_durably(std::slice::from_ref(&record)))?;
        self.state.apply(&record);
        Ok(())
    }

    /// What all entries together say.
    pub fn state(&self) -> &State {
        &self.state
    }
}
