//! Asking AWS's price list (“GetProducts”, AWS billing guide).

use aws_sdk_pricing::types::{Filter, FilterType};
use serde_json::Value;
use slipway_protocol::Time;

use super::PriceList;
use super::read::{by_size, usd};
use crate::actions::Action;
use crate::session::{Session, Trouble};

/// What a kind of product is found by.
struct Products {
    service: &'static str,
    fields: &'static [(&'static str, &'static str)],
}

/// Plain Windows on shared hardware, paid by the hour.
const WINDOWS: Products = Products {
    service: "AmazonEC2",
    fields: &[
        ("operatingSystem", "Windows"),
        ("preInstalledSw", "NA"),
        ("licenseModel", "No License required"),
        ("tenancy", "Shared"),
        ("capacitystatus", "Used"),
    ],
};
const DISKS: Products = Products {
    service: "AmazonEC2",
    fields: &[("productFamily", "Storage"), ("volumeApiName", "gp3")],
};
const SNAPSHOTS: Products = Products {
    service: "AmazonEC2",
    fields: &[("productFamily", "Storage Snapshot")],
};
const ADDRESSES: Products = Products {
    service: "AmazonVPC",
    fields: &[("group", "VPCPublicIPv4Address")],
};

/// Everything that a server costs in the session's region.
pub(super) async fn all(session: &Session) -> Result<PriceList, Trouble> {
    let (sizes, disks, snapshots, addresses) = tokio::try_join!(
        products(session, &WINDOWS),
        products(session, &DISKS),
        products(session, &SNAPSHOTS),
        products(session, &ADDRESSES),
    )?;
    Ok(PriceList {
        region: session.region.clone(),
        asked: Time::now(),
        sizes: by_size(&sizes),
        disk_gib_month: usd(&disks, "EBS:VolumeUsage.gp3", "GB-Mo"),
        image_gib_month: usd(&snapshots, "EBS:SnapshotUsage", "GB-Mo"),
        address_hour: usd(&addresses, "PublicIPv4:InUseAddress", "Hrs"),
    })
}

/// The list gives each product as a text of JSON.
async fn products(session: &Session, wanted: &Products) -> Result<Vec<Value>, Trouble> {
    let filters = filters(wanted, &session.region);
    let answered = session
        .ask(Action::GetProducts, |aws| {
            let call = aws.pricing.get_products().service_code(wanted.service);
            let pages = call.set_filters(filters).into_paginator();
            pages.items().send().collect::<Result<Vec<String>, _>>()
        })
        .await?;
    Ok(answered
        .iter()
        .filter_map(|text| serde_json::from_str(text).ok())
        .collect())
}

fn filters(wanted: &Products, region: &str) -> Option<Vec<Filter>> {
    let fields = wanted.fields.iter().copied().chain([("regionCode", region)]);
    let filter = |(field, value): (&str, &str)| {
        let filter = Filter::builder().r#type(FilterType::TermMatch);
        filter.field(field).value(value).build().ok()
    };
    fields.map(filter).collect()
}
