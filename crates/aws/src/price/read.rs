//! Reading products of AWS's price list (“Reading the service price list file”, AWS billing guide).

use std::collections::BTreeMap;

use serde_json::Value;

/// US dollars an hour by instance type.
pub(super) fn by_size(products: &[Value]) -> BTreeMap<String, f64> {
    let price = |product: &Value| {
        let size = product["product"]["attributes"]["instanceType"].as_str()?;
        Some((size.to_owned(), price(product, "Hrs")?))
    };
    products.iter().filter_map(price).collect()
}

/// The price of the product whose usage type ends like this: before it stands a code of the region.
pub(super) fn usd(products: &[Value], usage: &str, unit: &str) -> Option<f64> {
    let is_meant = |product: &&Value| {
        let of = product["product"]["attributes"]["usagetype"]
            .as_str()
            .unwrap_or_default();
        of == usage || of.ends_with(&format!("-{usage}"))
    };
    products
        .iter()
        .filter(is_meant)
        .find_map(|product| price(product, unit))
}

/// The first tier that costs something.
fn price(product: &Value, unit: &str) -> Option<f64> {
    let terms = product["terms"]["OnDemand"].as_object()?;
    let dimensions = terms
        .values()
        .filter_map(|term| term["priceDimensions"].as_object());
    let mut tiers = dimensions
        .flat_map(|each| each.values())
        .filter(|each| each["unit"] == unit);
    tiers.find_map(|tier| {
        let usd: f64 = tier["pricePerUnit"]["USD"].as_str()?.parse().ok()?;
        (usd > 0.0).then_some(usd)
    })
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn product(usage: &str, unit: &str, usd: &str) -> Value {
        json!({
            "product": { "attributes": { "instanceType": "t3.large", "usagetype": usage } },
            "terms": { "OnDemand": { "X.Y": { "priceDimensions": { "X.Y.Z": {
                "unit": unit, "pricePerUnit": { "USD": usd }
            } } } } }
        })
    }

    #[test]
    fn a_size_is_priced_by_the_hour() {
        let products = [product("EUC1-BoxUsage:t3.large", "Hrs", "0.1108000000")];
        assert_eq!(
            by_size(&products),
            BTreeMap::from([("t3.large".to_owned(), 0.1108)])
        );
    }

    #[test]
    fn nothing_is_made_of_what_is_not_a_price() {
        let products = [
            product("x", "Quantity", "1"),
            product("x", "Hrs", "0.0000000000"),
            json!({}),
        ];
        assert_eq!(by_size(&products), BTreeMap::new());
    }

    #[test]
    fn a_usage_type_is_found_behind_the_code_of_its_region_only() {
        let gp3 = |usage: &str| {
            usd(
                &[product(usage, "GB-Mo", "0.0952")],
                "EBS:VolumeUsage.gp3",
                "GB-Mo",
            )
        };
        assert_eq!(gp3("EUC1-EBS:VolumeUsage.gp3"), Some(0.0952));
        assert_eq!(gp3("EBS:VolumeUsage.gp3"), Some(0.0952));
        assert_eq!(gp3("EUC1-EBS:VolumeUsage.gp3X"), None);
        assert_eq!(gp3("EUC1-OtherEBS:VolumeUsage.gp3"), None);
    }
}
