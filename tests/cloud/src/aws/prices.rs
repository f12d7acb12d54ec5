//! The Pricing API. The figures are invented and say so: they show that a price is read, not what anything costs.

use serde_json::{Map, Value, json};

use crate::answer::{self, Answer};
use crate::call::Call;

/// What everything costs here, in US dollars a unit.
pub const TEST_PRICE: &str = "0.1234000000";
/// Sizes that have a price; others are answered with nothing, as AWS does where it does not sell them.
const SIZES: [&str; 8] = [
    "t3.small",
    "t3.medium",
    "t3.large",
    "t3.xlarge",
    "t3a.small",
    "t3a.large",
    "m7i.large",
    "m7i.xlarge",
];

/// GetProducts: one product for each thing that the filters may mean.
pub fn products(call: &Call) -> Answer {
    let filters = call.json["Filters"].as_array().cloned().unwrap_or_default();
    let mut attributes = Map::new();
    for filter in &filters {
        if let Some(field) = filter["Field"].as_str() {
            attributes.insert(field.to_owned(), filter["Value"].clone());
        }
    }
    let list: Vec<String> = meant(&attributes)
        .into_iter()
        .map(|(more, unit)| product(&attributes, more, unit).to_string())
        .collect();
    answer::json_result(&json!({"FormatVersion": "aws_v1", "PriceList": list}))
}

/// What further attributes the products have, and what they are counted in.
fn meant(asked: &Map<String, Value>) -> Vec<(Vec<(&'static str, String)>, &'static str)> {
    let usage = |usage: &str| vec![("usagetype", format!("EUC1-{usage}"))];
    if asked.contains_key("instanceType") {
        return vec![(Vec::new(), "Hrs")];
    }
    if asked.contains_key("operatingSystem") {
        let size = |size: &&str| (vec![("instanceType", (*size).to_owned())], "Hrs");
        return SIZES.iter().map(size).collect();
    }
    if asked.contains_key("group") {
        return vec![(usage("PublicIPv4:InUseAddress"), "Hrs")];
    }
    match asked.get("productFamily").and_then(Value::as_str) {
        Some("Storage") => vec![(usage("EBS:VolumeUsage.gp3"), "GB-Mo")],
        Some("Storage Snapshot") => vec![(usage("EBS:SnapshotUsage"), "GB-Mo")],
        _ => Vec::new(),
    }
}

fn product(asked: &Map<String, Value>, more: Vec<(&str, String)>, unit: &str) -> Value {
    let mut attributes = asked.clone();
    attributes.extend(
        more.into_iter()
            .map(|(name, value)| (name.to_owned(), json!(value))),
    );
    json!({
        "product": {"productFamily": "Compute Instance", "sku": "TEST", "attributes": attributes},
        "serviceCode": "AmazonEC2",
        "terms": {"OnDemand": {"TEST.JRTCKXETXF": terms(unit)}},
        "version": "test answer, not AWS's",
        "publicationDate": "2026-11-22T00:00:00Z",
    })
}

fn terms(unit: &str) -> Value {
    let dimension = json!({
        "unit": unit,
        "endRange": "Inf",
        "beginRange": "0",
        "description": "TEST PRICE, not AWS's",
        "appliesTo": [],
        "rateCode": "TEST.JRTCKXETXF.6YS6EN2CT7",
        "pricePerUnit": {"USD": TEST_PRICE},
    });
    json!({
        "offerTermCode": "JRTCKXETXF",
        "sku": "TEST",
        "effectiveDate": "2026-11-01T00:00:00Z",
        "termAttributes": {},
        "priceDimensions": {"TEST.JRTCKXETXF.6YS6EN2CT7": dimension},
    })
}
