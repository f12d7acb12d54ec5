//! The Pricing API. The figures are invented and say so: they show that a price is read, not what anything costs.

use serde_json::{Value, json};

use crate::answer::{self, Answer};
use crate::call::Call;

/// What every instance costs an hour here.
pub const TEST_PRICE: &str = "0.1234000000";

/// GetProducts.
pub fn products(call: &Call) -> Answer {
    let filters = call.json["Filters"].as_array().cloned().unwrap_or_default();
    let mut attributes = serde_json::Map::new();
    for filter in &filters {
        if let Some(field) = filter["Field"].as_str() {
            attributes.insert(field.to_owned(), filter["Value"].clone());
        }
    }
    let product = json!({
        "product": {"productFamily": "Compute Instance", "sku": "TEST", "attributes": attributes},
        "serviceCode": "AmazonEC2",
        "terms": {"OnDemand": {"TEST.JRTCKXETXF": terms()}},
        "version": "test answer, not AWS's",
        "publicationDate": "2026-11-22T00:00:00Z",
    });
    answer::json_result(&json!({"FormatVersion": "aws_v1", "PriceList": [product.to_string()]}))
}

fn terms() -> Value {
    let dimension = json!({
        "unit": "Hrs",
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
