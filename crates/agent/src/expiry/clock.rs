//! How long this instance has run, and when it stops itself: a value on disk, so that no restart prolongs it.
//!
//! It counts running time. The system's clock alone would not do: Windows may set it right after the boot, and the
//! time for which an instance was stopped is not to count. Across a restart the system's clock fills the gap.

use std::io;
use std::path::Path;
use std::time::Duration;

use serde::{Deserialize, Serialize};
use slipway_protocol::{Limits, Time};

use super::wish::{Extension, Wish};
use crate::private;

/// A longer gap was a stop, not a restart.
const LONGEST_RESTART: Duration = Duration::from_secs(10 * 60);

/// What stops the machine.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Due {
    /// The stop timer.
    Timer,
    /// An attempt has failed.
    Failed,
}

/// The clock. All times in it are milliseconds of running time.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Clock {
    /// The instance that it counts for.
    pub instance: String,
    /// When the instance stops itself.
    pub limits: Limits,
    /// How long the instance has run.
    ran: u64,
    /// When that was written down, by the system's clock.
    pub saved: Time,
    /// The stop timer has stopped the instance once.
    timer_done: bool,
    /// The attempt that has failed, and since when.
    failed: Option<(u32, u64)>,
    /// The last order that put the stop off, and until when.
    extended: Option<(u32, u64)>,
    /// What stops the machine right now, and how often the program for it was about to be started.
    stopping: Option<(Due, u32)>,
}

impl Clock {
    /// A clock that begins now.
    pub fn begin(instance: &str, limits: Limits) -> Self {
        Clock {
            instance: instance.to_owned(),
            limits,
            ran: 0,
            saved: Time::now(),
            timer_done: false,
            failed: None,
            extended: None,
            stopping: None,
        }
    }

    /// The clock on disk goes on; another instance's is replaced. A damaged one begins anew: better late than never.
    pub fn open(path: &Path, instance: &str, limits: Option<Limits>) -> io::Result<Self> {
        let kept = Self::read(path)?.filter(|clock| clock.instance == instance);
        let mut clock = kept.unwrap_or_else(|| Clock::begin(instance, limits.unwrap_or_default()));
        clock.limits = limits.unwrap_or(clock.limits);
        clock.wake(Time::now());
        Ok(clock)
    }

    /// What is on disk; none where nothing is, or nothing that can be read.
    pub fn read(path: &Path) -> io::Result<Option<Self>> {
        match private::read(path) {
            Ok(json) => Ok(serde_json::from_slice(&json).ok()),
            Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
            Err(error) => Err(error),
        }
    }

    /// Writes the clock down.
    pub fn save(&mut self, path: &Path) -> io::Result<()> {
        self.saved = Time::now();
        private::write(path, &serde_json::to_vec(self)?)
    }

    /// This process has just started. A second start within a stop means that the machine was down in between, see
    /// [`crate::install`]'s restarts: the program may take it down faster than its success can be written.
    pub fn wake(&mut self, now: Time) {
        let gap = Duration::from_millis(now.millis_since(self.saved));
        if gap <= LONGEST_RESTART {
            self.pass(gap);
        }
        if self.stopping.is_some_and(|(_, callings)| callings >= 2) {
            self.stop_called();
        }
    }

    /// So much time has passed.
    pub fn pass(&mut self, time: Duration) {
        self.ran = self.ran.saturating_add(time.as_millis() as u64);
    }

    /// Takes the installer's word into account; true where it is news.
    pub fn hear(&mut self, wish: &Wish) -> bool {
        let before = (self.failed, self.extended);
        let failed = |attempt| match self.failed {
            Some((known, since)) if known == attempt => (attempt, since),
            _ => (attempt, self.ran),
        };
        self.failed = wish.failed_attempt.map(failed);
        if let Some(Extension { order, minutes }) = wish.extension
            && self.extended.is_none_or(|(known, _)| known < order)
        {
            self.extended = Some((order, self.ran.saturating_add(millis(minutes))));
        }
        before != (self.failed, self.extended)
    }

    /// How long until the machine stops itself, and why; none where it does not.
    pub fn ahead(&self) -> Option<(Duration, Due)> {
        let timer = self.limits.stop_after_minutes.filter(|_| !self.timer_done);
        let failed = self.limits.stop_failed_after_minutes.zip(self.failed);
        let stops = [
            timer.map(|minutes| (millis(minutes), Due::Timer)),
            failed.map(|(minutes, (_, since))| (since.saturating_add(millis(minutes)), Due::Failed)),
        ];
        let not_before = self.extended.map_or(0, |(_, until)| until);
        let stops = stops.into_iter().flatten();
        let (at, due) = stops
            .map(|(at, due)| (at.max(not_before), due))
            .min_by_key(|(at, _)| *at)?;
        Some((Duration::from_millis(at.saturating_sub(self.ran)), due))
    }

    /// What the machine has to stop for now.
    pub fn due(&self) -> Option<Due> {
        self.ahead()
            .filter(|(left, _)| left.is_zero())
            .map(|(_, due)| due)
    }

    /// True where nothing will ever be due unless the installer speaks again.
    pub fn is_over(&self) -> bool {
        self.limits.stop_after_minutes.is_none() || self.timer_done
    }

    /// The program that stops the machine is about to be started.
    pub fn stop_calling(&mut self) {
        let callings = self.stopping.map_or(0, |(_, callings)| callings);
        self.stopping = self.due().map(|due| (due, callings + 1));
    }

    /// The program that stops the machine has been started: whoever starts the machine again finds it with new time.
    pub fn stop_called(&mut self) {
        match self.stopping.take() {
            Some((Due::Timer, _)) => self.timer_done = true,
            Some((Due::Failed, _)) => self.failed = self.failed.map(|(attempt, _)| (attempt, self.ran)),
            None => {}
        }
    }
}

fn millis(minutes: u32) -> u64 {
    u64::from(minutes) * 60_000
}

#[cfg(test)]
#[path = "clock_tests.rs"]
mod tests;
