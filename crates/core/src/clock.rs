//! The wall clock, passed in so that tests can move it.

use std::fmt;
use std::sync::Arc;

use slipway_protocol::Time;

/// Tells the time. Nothing else in this crate may ask the computer for it.
#[derive(Clone)]
pub struct Clock(Arc<dyn Fn() -> Time + Send + Sync>);

impl Clock {
    /// The computer's own clock.
    pub fn system() -> Self {
        Clock(Arc::new(Time::now))
    }

    /// Any other clock.
    pub fn new(now: impl Fn() -> Time + Send + Sync + 'static) -> Self {
        Clock(Arc::new(now))
    }

    /// A clock that follows tokio's, so that paused time moves both.
    #[cfg(any(test, feature = "testing"))]
    pub fn virtual_time() -> Self {
        let start = tokio::time::Instant::now();
        let epoch = Time(1_790_000_000_000);
        Clock::new(move || epoch.plus(start.elapsed()))
    }

    /// The time now.
    pub fn now(&self) -> Time {
        (self.0)()
    }
}

impl fmt::Debug for Clock {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(out, "Clock({})", self.now().0)
    }
}
