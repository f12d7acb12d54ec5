//! Delivery of the queue to the status service: in order, in batches, again and again until confirmed.

use std::time::Duration;

use slipway_protocol::routes::{Accepted, Batch};

use super::backoff::Backoff;

/// Where batches come from.
pub trait Outbox: Send {
    /// The next messages to send; waits until there are any.
    fn batch(&mut self) -> impl Future<Output = Batch> + Send;
    /// Everything up to this number need not be sent again.
    fn confirm(&mut self, through: u64) -> impl Future<Output = ()> + Send;
}

/// How batches travel.
pub trait Transport: Send {
    /// Sends a batch and waits for the answer; an error says in a sentence what went wrong.
    fn post(&mut self, batch: &Batch) -> impl Future<Output = Result<Accepted, String>> + Send;
}

/// Delivers for ever. `trouble` hears of the first failure after a success, so that the log isn't flooded.
pub async fn deliver(mut outbox: impl Outbox, mut transport: impl Transport, trouble: impl Fn(&str) + Send) {
    let mut backoff = Backoff::new(Duration::from_millis(200), Duration::from_secs(10));
    loop {
        let batch = outbox.batch().await;
        match transport.post(&batch).await {
            Ok(accepted) => {
                outbox.confirm(accepted.through).await;
                backoff.reset();
            }
            Err(error) => {
                if backoff.is_fresh() {
                    trouble(&error);
                }
                backoff.wait().await;
            }
        }
    }
}
