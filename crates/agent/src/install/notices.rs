//! Tells beforehand that the machine will stop itself.

use std::sync::Arc;
use std::time::Duration;

use slipway_protocol::message::Level;

use super::reporter::Reporter;
use crate::config::Config;
use crate::expiry;
use crate::expiry::notice::Notices;

const PAUSE: Duration = Duration::from_secs(5);

/// Looks at the clock for as long as the installer lives.
pub async fn tell(config: Arc<Config>, instance: String, reporter: Reporter) {
    let mut notices = Notices::default();
    loop {
        if let Some(text) = notices.next(expiry::ahead(&config, &instance)) {
            reporter.line(Level::Warn, &text).await;
        }
        tokio::time::sleep(PAUSE).await;
    }
}
