use serde_json::json;

use super::*;

fn product(unit: &str, usd: &str) -> Value {
    json!({
        "product": { "attributes": { "instanceType": "t3.large", "operatingSystem": "Windows" } },
        "terms": { "OnDemand": { "X.Y": { "priceDimensions": { "X.Y.Z": {
            "unit": unit, "pricePerUnit": { "USD": usd }
        } } } } }
    })
}

#[test]
fn a_price_by_the_hour_is_read() {
    assert_eq!(
        price(&product("Hrs", "0.1108000000")),
        Some(("t3.large".to_owned(), 0.1108))
    );
}

#[test]
fn nothing_is_made_of_what_is_not_an_hourly_price() {
    assert_eq!(price(&product("Quantity", "1")), None);
    assert_eq!(price(&product("Hrs", "0.0000000000")), None);
    assert_eq!(price(&json!({})), None);
}

#[test]
fn prices_are_kept_for_a_day_and_for_their_region_only() {
    let list = PriceList {
        region: "eu-central-1".into(),
        as_of: Time(0),
        usd_per_hour: BTreeMap::new(),
    };
    let hours = |hours: i64| Time(hours * 3_600_000);
    assert!(list.is_fresh("eu-central-1", hours(23)));
    assert!(!list.is_fresh("eu-central-1", hours(25)));
    assert!(!list.is_fresh("us-east-1", hours(1)));
}

#[test]
fn what_was_kept_in_a_file_is_read_again() {
    let folder = tempfile::tempdir().unwrap();
    let prices = Prices::kept_in(folder.path().join("prices.json"));
    let list = PriceList {
        region: "eu-central-1".into(),
        as_of: Time(7),
        usd_per_hour: BTreeMap::from([("t3.large".to_owned(), 0.1108)]),
    };
    prices.write(&list);
    assert_eq!(prices.read(), Some(list));
}
