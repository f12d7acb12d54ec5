//! EC2 is eventually consistent: what was just created may be unknown to the next request for a while.

use std::time::Duration;

use slipway_core::poll::{Pauses, Policy};
use tokio::time::Instant;

use crate::session::Trouble;

/// “Not found” within this time after a create means “not yet”. The API reference names no limit; two minutes is
/// twice what has been seen.
const SETTLING: Duration = Duration::from_secs(120);
/// Soon at first, because most resources are known within a second.
const LOOKS: Policy = Policy {
    first: Duration::from_millis(500),
    factor: 1.7,
    cap: Duration::from_secs(8),
    jitter: true,
};

/// Sends again while AWS does not know what was created just before: one of these codes.
pub(crate) async fn patiently<T, F>(not_yet: &[&str], mut send: impl FnMut() -> F) -> Result<T, Trouble>
where
    F: Future<Output = Result<T, Trouble>>,
{
    let started = Instant::now();
    let mut pauses = Pauses::new(LOOKS);
    loop {
        match send().await {
            Err(trouble) if not_yet.contains(&trouble.code.as_str()) && started.elapsed() < SETTLING => {
                pauses.wait().await;
            }
            answered => return answered,
        }
    }
}

/// Counts a refusal as success: what should go is gone.
pub(crate) fn or_gone<T>(gone: &[&str], sent: Result<T, Trouble>) -> Result<(), Trouble> {
    match sent {
        Err(trouble) if !gone.contains(&trouble.code.as_str()) => Err(trouble),
        _ => Ok(()),
    }
}
