//! Prices: from AWS's price list, kept for a day with their date, and otherwise not known. Never invented.

mod ask;
mod read;

use std::collections::BTreeMap;
use std::path::PathBuf;
use std::time::Duration;

use serde::{Deserialize, Serialize};
use slipway_core::cloud::Prices;
use slipway_protocol::Time;
use tokio::sync::Mutex;

use crate::session::Session;

/// AWS changes prices seldom.
const KEPT: Duration = Duration::from_secs(24 * 3600);
/// After a refusal: it seldom goes away sooner.
const AFTER_REFUSAL: Duration = Duration::from_secs(10 * 60);
/// The wizard should not wait for prices.
const LIMIT: Duration = Duration::from_secs(20);

/// The prices of one region, in US dollars.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub(crate) struct PriceList {
    region: String,
    asked: Time,
    /// By instance type, for an hour with Windows.
    sizes: BTreeMap<String, f64>,
    disk_gib_month: Option<f64>,
    address_hour: Option<f64>,
    image_gib_month: Option<f64>,
}

impl PriceList {
    /// A size for an hour.
    pub fn size(&self, id: &str) -> Option<f64> {
        self.sizes.get(id).copied()
    }

    /// Everything beside the sizes.
    pub fn others(&self) -> Prices {
        Prices {
            disk_gib_month: self.disk_gib_month,
            address_hour: self.address_hour,
            image_gib_month: self.image_gib_month,
            asked: Some(self.asked),
        }
    }

    fn is_fresh(&self, region: &str, now: Time) -> bool {
        self.region == region && now.millis_since(self.asked) < KEPT.as_millis() as u64
    }
}

/// Asks for prices, and keeps them.
#[derive(Default)]
pub(crate) struct PriceBook {
    file: Option<PathBuf>,
    kept: Mutex<Kept>,
}

#[derive(Default)]
struct Kept {
    list: Option<PriceList>,
    refused: Option<Time>,
}

impl Kept {
    fn is_due(&self, region: &str, now: Time) -> bool {
        let fresh = self.list.as_ref().is_some_and(|list| list.is_fresh(region, now));
        let pause = AFTER_REFUSAL.as_millis() as u64;
        let refused = self
            .refused
            .is_some_and(|refused| now.millis_since(refused) < pause);
        !fresh && !refused
    }
}

impl PriceBook {
    /// Keeps them in a file, too, for the next start.
    pub fn kept_in(file: PathBuf) -> Self {
        PriceBook {
            file: Some(file),
            kept: Mutex::default(),
        }
    }

    /// The prices of the session's region; `None` where they can't be had.
    pub async fn list(&self, session: &Session) -> Option<PriceList> {
        let mut kept = self.kept.lock().await;
        if kept.list.is_none() {
            kept.list = self.read();
        }
        let now = Time::now();
        if kept.is_due(&session.region, now) {
            let asked = ask_in_time(session).await;
            kept.refused = asked.is_none().then_some(now);
            if let Some(list) = asked {
                self.write(&list);
                kept.list = Some(list);
            }
        }
        // Where AWS does not answer, an older list still has its date.
        kept.list.clone().filter(|list| list.region == session.region)
    }

    fn read(&self) -> Option<PriceList> {
        serde_json::from_slice(&std::fs::read(self.file.as_ref()?).ok()?).ok()
    }

    fn write(&self, list: &PriceList) {
        let Some(file) = &self.file else { return };
        let written = serde_json::to_vec(list).map_err(std::io::Error::other);
        if let Err(error) = written.and_then(|bytes| std::fs::write(file, bytes)) {
            tracing::info!(%error, "Prices could not be kept");
        }
    }
}

/// Whatever goes wrong, a launch goes on without prices.
async fn ask_in_time(session: &Session) -> Option<PriceList> {
    match tokio::time::timeout(LIMIT, Box::pin(ask::all(session))).await {
        // Without a single size it is no list: it would stand for a day where the next question may be answered.
        Ok(Ok(list)) if list.sizes.is_empty() => None,
        Ok(Ok(list)) => Some(list),
        Ok(Err(trouble)) => {
            tracing::info!(error = %trouble.error, "Prices are not known");
            None
        }
        Err(_) => {
            tracing::info!("The price list does not answer in time");
            None
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn list() -> PriceList {
        PriceList {
            region: "eu-central-1".into(),
            asked: Time(0),
            sizes: BTreeMap::from([("t3.large".to_owned(), 0.1108)]),
            disk_gib_month: Some(0.0952),
            address_hour: None,
            image_gib_month: None,
        }
    }

    #[test]
    fn prices_are_kept_for_a_day_and_for_their_region_only() {
        let hours = |hours: i64| Time(hours * 3_600_000);
        assert!(list().is_fresh("eu-central-1", hours(23)));
        assert!(!list().is_fresh("eu-central-1", hours(25)));
        assert!(!list().is_fresh("us-east-1", hours(1)));
    }

    #[test]
    fn what_was_kept_in_a_file_is_read_again() {
        let folder = tempfile::tempdir().unwrap();
        let book = PriceBook::kept_in(folder.path().join("prices.json"));
        assert_eq!(book.read(), None);
        book.write(&list());
        assert_eq!(book.read(), Some(list()));
    }

    #[test]
    fn a_price_comes_with_its_date() {
        assert_eq!(list().others().asked, Some(Time(0)));
        assert_eq!(list().size("t3.large"), Some(0.1108));
        assert_eq!(list().size("t3.small"), None);
    }
}
