//! On-demand prices with Windows: from AWS's price list, kept for a day with their date, and otherwise not known.
//! Never invented.

use std::collections::BTreeMap;
use std::path::PathBuf;
use std::time::Duration;

use aws_sdk_pricing::types::{Filter, FilterType};
use serde::{Deserialize, Serialize};
use serde_json::Value;
use slipway_protocol::Time;
use tokio::sync::Mutex;

use crate::actions::Action;
use crate::session::{Session, Trouble};

/// AWS changes prices seldom.
const KEPT: Duration = Duration::from_secs(24 * 3600);
/// The wizard should not wait for prices.
const LIMIT: Duration = Duration::from_secs(20);
const SERVICE: &str = "AmazonEC2";

/// The prices of one region.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub(crate) struct PriceList {
    region: String,
    /// When AWS was asked.
    pub as_of: Time,
    usd_per_hour: BTreeMap<String, f64>,
}

impl PriceList {
    /// US dollars an hour.
    pub fn of(&self, size: &str) -> Option<f64> {
        self.usd_per_hour.get(size).copied()
    }

    fn is_fresh(&self, region: &str, now: Time) -> bool {
        self.region == region && now.millis_since(self.as_of) < KEPT.as_millis() as u64
    }
}

/// Asks for prices, and keeps them.
#[derive(Default)]
pub(crate) struct Prices {
    file: Option<PathBuf>,
    kept: Mutex<Option<PriceList>>,
}

impl Prices {
    /// Keeps them in a file, too, for the next start.
    pub fn kept_in(file: PathBuf) -> Self {
        Prices {
            file: Some(file),
            kept: Mutex::default(),
        }
    }

    /// The prices of the session's region; `None` where they can't be had.
    pub async fn windows(&self, session: &Session) -> Option<PriceList> {
        let mut kept = self.kept.lock().await;
        if kept.is_none() {
            *kept = self.read();
        }
        if let Some(list) = kept
            .as_ref()
            .filter(|list| list.is_fresh(&session.region, Time::now()))
        {
            return Some(list.clone());
        }
        match tokio::time::timeout(LIMIT, fetch(session)).await {
            Ok(Ok(list)) => {
                self.write(&list);
                *kept = Some(list);
            }
            Ok(Err(trouble)) => tracing::info!(error = %trouble.error, "Prices are not known"),
            Err(_) => tracing::info!("The price list does not answer in time"),
        }
        // An older list still has its date.
        kept.clone().filter(|list| list.region == session.region)
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

async fn fetch(session: &Session) -> Result<PriceList, Trouble> {
    let filters = filters(&session.region);
    let products = session
        .ask(Action::GetProducts, |aws| {
            let call = aws
                .pricing
                .get_products()
                .service_code(SERVICE)
                .set_filters(filters);
            call.into_paginator()
                .items()
                .send()
                .collect::<Result<Vec<String>, _>>()
        })
        .await?;
    let parsed = products.iter().filter_map(|text| serde_json::from_str(text).ok());
    Ok(PriceList {
        region: session.region.clone(),
        as_of: Time::now(),
        usd_per_hour: parsed.filter_map(|product| price(&product)).collect(),
    })
}

/// Plain Windows on shared hardware, paid by the hour.
fn filters(region: &str) -> Option<Vec<Filter>> {
    let wanted = [
        ("regionCode", region),
        ("operatingSystem", "Windows"),
        ("preInstalledSw", "NA"),
        ("licenseModel", "No License required"),
        ("tenancy", "Shared"),
        ("capacitystatus", "Used"),
    ];
    let filter = |(field, value): (&str, &str)| {
        Filter::builder()
            .r#type(FilterType::TermMatch)
            .field(field)
            .value(value)
            .build()
            .ok()
    };
    wanted.into_iter().map(filter).collect()
}

/// Size and price of one product of the list (“Reading the service price list file”, AWS billing guide).
fn price(product: &Value) -> Option<(String, f64)> {
    let size = product["product"]["attributes"]["instanceType"].as_str()?;
    let terms = product["terms"]["OnDemand"].as_object()?;
    let dimensions = terms
        .values()
        .filter_map(|term| term["priceDimensions"].as_object());
    let hourly = dimensions
        .flat_map(|each| each.values())
        .find(|each| each["unit"] == "Hrs")?;
    let usd: f64 = hourly["pricePerUnit"]["USD"].as_str()?.parse().ok()?;
    (usd > 0.0).then(|| (size.to_owned(), usd))
}

#[cfg(test)]
#[path = "price_tests.rs"]
mod tests;
