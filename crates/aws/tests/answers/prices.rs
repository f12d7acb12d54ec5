//! Prices: read, dated, and never invented.

use slipway_core::ports::Cloud;

use crate::server::{Asked, Reply, World, ok, refuse};

fn product(usage: &str, unit: &str, usd: &str) -> String {
    serde_json::json!({
        "product": { "attributes": { "instanceType": "t3.large", "usagetype": usage } },
        "terms": { "OnDemand": { "a": { "priceDimensions": { "b": {
            "unit": unit, "pricePerUnit": { "USD": usd } } } } } }
    })
    .to_string()
}

fn list(asked: &Asked) -> Reply {
    let product = if asked.body.contains("gp3") {
        product("EUC1-EBS:VolumeUsage.gp3", "GB-Mo", "0.0952")
    } else if asked.body.contains("Snapshot") {
        product("EUC1-EBS:SnapshotUsage", "GB-Mo", "0.054")
    } else if asked.body.contains("AmazonVPC") {
        product("EUC1-PublicIPv4:InUseAddress", "Hrs", "0.005")
    } else {
        product("EUC1-BoxUsage:t3.large", "Hrs", "0.1108")
    };
    ok(serde_json::json!({ "PriceList": [product] }).to_string())
}

#[tokio::test]
async fn sizes_disks_addresses_and_images_have_a_price_with_a_date_and_are_asked_for_once() {
    let world = World::start(|asked| match asked.action.as_str() {
        "GetProducts" => list(asked),
        _ => ok("<Empty/>"),
    })
    .await;
    let cloud = world.cloud();
    let prices = cloud.prices().await.unwrap();
    assert_eq!(prices.disk_gib_month, Some(0.0952));
    assert_eq!(prices.image_gib_month, Some(0.054));
    assert_eq!(prices.address_hour, Some(0.005));
    assert!(prices.asked.is_some());
    let asked = world.asked("GetProducts");
    assert!(asked.len() == 4 && asked[0].region == "us-east-1");
    cloud.prices().await.unwrap();
    assert_eq!(world.asked("GetProducts").len(), 4);
}

#[tokio::test]
async fn a_price_list_that_may_not_be_read_is_not_known_and_not_asked_for_again_at_once() {
    let world = World::start(|_| refuse(400, "AccessDeniedException", "no")).await;
    let cloud = world.cloud();
    let prices = cloud.prices().await.unwrap();
    assert_eq!((prices.disk_gib_month, prices.asked), (None, None));
    let asked = world.asked("GetProducts").len();
    cloud.prices().await.unwrap();
    assert_eq!(world.asked("GetProducts").len(), asked);
}
