//! What happens, as one list of events for every face: the window's events and the lines of `--json`.

use serde::{Deserialize, Serialize};
use ts_rs::TS;

use crate::act_waits::ActWait;
use crate::view::{ImageJobView, LaunchView, LogLine};

/// One event. A snapshot replaces the one before it when its revision is greater.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, TS)]
#[serde(tag = "type", rename_all = "snake_case")]
pub enum Event {
    /// A launch changed.
    Launch {
        /// All of it but the log.
        launch: Box<LaunchView>,
    },
    /// New log lines of a launch, in order, none twice.
    Lines {
        /// The launch's id.
        id: String,
        /// Oldest first.
        lines: Vec<LogLine>,
        /// How many lines before these were left out, because too many came at once: they are in the log.
        #[serde(default, skip_serializing_if = "is_none_left_out")]
        #[ts(optional, as = "Option<u32>")]
        left_out: u32,
    },
    /// The making of an image moved on.
    Image {
        /// The launch's id.
        id: String,
        /// Where it stands.
        image: Box<ImageJobView>,
    },
    /// There is something to tell the user, to be asked for as `notices`.
    Notice,
    /// What the window's commands wait for; `None` once they go on. No line of `--json` is made of it.
    Waits {
        /// The wait that tells most.
        wait: Option<ActWait>,
    },
    /// Something in the list of servers or images changed.
    List {
        /// Grows with every change.
        #[ts(type = "number")]
        revision: i64,
    },
}

fn is_none_left_out(count: &u32) -> bool {
    *count == 0
}
