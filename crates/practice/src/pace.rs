//! The one place where the practice world waits.

use std::time::Duration;

/// How often a machine looks for what is asked of it.
pub const LOOK: Duration = Duration::from_millis(100);

/// How much faster than life a machine runs.
#[derive(Debug, Clone, Copy)]
pub struct Pace(f64);

impl Pace {
    /// A speed of 1 is life; nonsense counts as 1.
    pub fn new(speed: f64) -> Self {
        Pace(if speed.is_finite() && speed > 0.0 {
            speed
        } else {
            1.0
        })
    }

    /// The speed, for the environment of programs on the machine.
    pub fn speed(self) -> f64 {
        self.0
    }

    /// What is left of a duration at this speed.
    pub fn of(self, seconds: f64) -> Duration {
        Duration::from_secs_f64(seconds / self.0)
    }

    /// Waits.
    pub async fn pass(self, seconds: f64) {
        tokio::time::sleep(self.of(seconds)).await;
    }
}

/// Waits until the next look.
pub async fn look_again() {
    tokio::time::sleep(LOOK).await;
}

/// Waits on a thread that may block.
#[expect(
    clippy::disallowed_methods,
    reason = "called from blocking threads only, where nobody else waits"
)]
pub fn block(time: Duration) {
    std::thread::sleep(time);
}
