//! Waiting between tries, ever longer and never in step with others ("full jitter").

use std::time::Duration;

/// Doubles from a first to a longest delay; the wait itself is a random part of it.
pub struct Backoff {
    first: Duration,
    longest: Duration,
    failures: u32,
}

impl Backoff {
    /// Starts at `first`, ends at `longest`.
    pub fn new(first: Duration, longest: Duration) -> Self {
        Backoff {
            first,
            longest,
            failures: 0,
        }
    }

    /// True before the first wait since the last success.
    pub fn is_fresh(&self) -> bool {
        self.failures == 0
    }

    /// After a success.
    pub fn reset(&mut self) {
        self.failures = 0;
    }

    /// Waits for a random part of the current delay.
    pub async fn wait(&mut self) {
        let delay = self.longest_now().mul_f64(random_part());
        self.failures = self.failures.saturating_add(1);
        tokio::time::sleep(delay).await;
    }

    fn longest_now(&self) -> Duration {
        let doubled = self.first.saturating_mul(1 << self.failures.min(16));
        doubled.min(self.longest)
    }
}

fn random_part() -> f64 {
    // Without random numbers the whole delay is a safe answer.
    getrandom::u32().map_or(1.0, |number| f64::from(number) / f64::from(u32::MAX))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test(start_paused = true)]
    async fn delays_double_up_to_the_longest_and_start_again_after_a_success() {
        let mut backoff = Backoff::new(Duration::from_millis(200), Duration::from_secs(10));
        let mut longest = Vec::new();
        for _ in 0..8 {
            longest.push(backoff.longest_now().as_millis());
            backoff.wait().await;
        }
        assert_eq!(longest, [200, 400, 800, 1600, 3200, 6400, 10_000, 10_000]);
        backoff.reset();
        assert_eq!(backoff.longest_now().as_millis(), 200);
    }
}
