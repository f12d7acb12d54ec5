//! What the account can launch, and where.

use std::collections::BTreeMap;

use aws_sdk_ec2::types::{InstanceTypeInfo, LocationType};
use slipway_core::cloud::{Catalog, Region, Size};
use slipway_core::error::Result;

use crate::actions::Action;
use crate::price::PriceBook;
use crate::session::{Session, Trouble};
use crate::tags::filter;
use crate::{ami, networks, regions};

/// Families for general use. All are Nitro: only there tags reach metadata and the console is live.
const FAMILIES: &[&str] = &[
    "t3", "t3a", "m6i", "m6a", "m7i", "m7i-flex", "m7a", "m8i", "m8i-flex", "m8a", "c6i", "c7i", "c7i-flex",
    "c8i", "r6i", "r7i", "r8i",
];
/// Beyond this, a web server is no longer a web server.
const MOST_VCPUS: i32 = 32;
/// Windows does not run well with less.
const LEAST_MIB: i64 = 2048;

/// Everything that can be chosen.
pub(crate) async fn catalog(session: &Session, prices: &PriceBook) -> Result<Catalog> {
    let (regions, types, offers, networks, prices) = tokio::join!(
        regions(session),
        instance_types(session),
        offers(session),
        networks::list(session),
        prices.list(session),
    );
    let price_of = |id: &str| prices.as_ref().and_then(|prices| prices.size(id));
    let mut sizes: Vec<Size> = types?.iter().filter_map(|each| size(each, price_of)).collect();
    for size in &mut sizes {
        size.zones = offers.get(&size.id).cloned().unwrap_or_default();
    }
    sizes.sort_by(|a, b| (a.memory_mib, a.vcpus, &a.id).cmp(&(b.memory_mib, b.vcpus, &b.id)));
    Ok(Catalog {
        regions: regions?,
        sizes,
        networks: networks?,
        families: ami::families(),
    })
}

/// With `AllRegions`, because a region that the account has not enabled answers as if the keys were wrong: it must be
/// shown as what it is before anybody chooses it.
async fn regions(session: &Session) -> Result<Vec<Region>, Trouble> {
    let found = session
        .ask(Action::DescribeRegions, |aws| {
            aws.ec2.describe_regions().all_regions(true).send()
        })
        .await?;
    let mut regions: Vec<Region> = found
        .regions()
        .iter()
        .filter_map(|region| {
            let id = region.region_name()?;
            Some(Region {
                id: id.to_owned(),
                title: regions::title(id),
                enabled: region.opt_in_status() != Some("not-opted-in"),
            })
        })
        .collect();
    regions.sort_by(|a, b| a.title.cmp(&b.title));
    Ok(regions)
}

/// By family, because the whole list of a region is some 800 sizes in eight pages.
async fn instance_types(session: &Session) -> Result<Vec<InstanceTypeInfo>, Trouble> {
    let filters = vec![
        filter("instance-type", patterns()),
        filter("processor-info.supported-architecture", ["x86_64"]),
        filter("bare-metal", ["false"]),
    ];
    session
        .ask(Action::DescribeInstanceTypes, |aws| {
            let call = aws.ec2.describe_instance_types().set_filters(Some(filters));
            call.into_paginator()
                .items()
                .send()
                .collect::<Result<Vec<_>, _>>()
        })
        .await
}

/// Zones by size. Not knowing them stops nobody, so a refusal is an empty answer.
async fn offers(session: &Session) -> BTreeMap<String, Vec<String>> {
    let patterns = filter("instance-type", patterns());
    let offers = session.ask(Action::DescribeInstanceTypeOfferings, |aws| {
        let call = aws.ec2.describe_instance_type_offerings().filters(patterns);
        let call = call.location_type(LocationType::AvailabilityZone);
        call.into_paginator()
            .items()
            .send()
            .collect::<Result<Vec<_>, _>>()
    });
    let mut zones: BTreeMap<String, Vec<String>> = BTreeMap::new();
    for offer in offers.await.unwrap_or_default() {
        if let (Some(size), Some(zone)) = (offer.instance_type(), offer.location()) {
            zones
                .entry(size.as_str().to_owned())
                .or_default()
                .push(zone.to_owned());
        }
    }
    zones.values_mut().for_each(|zones| zones.sort());
    zones
}

fn patterns() -> impl Iterator<Item = String> {
    FAMILIES.iter().map(|family| format!("{family}.*"))
}

fn size(of: &InstanceTypeInfo, price_of: impl Fn(&str) -> Option<f64>) -> Option<Size> {
    let vcpus = of.v_cpu_info()?.default_v_cpus()?;
    let memory = of.memory_info()?.size_in_mib()?;
    if vcpus > MOST_VCPUS || memory < LEAST_MIB {
        return None;
    }
    let id = of.instance_type()?.as_str().to_owned();
    Some(Size {
        vcpus: u32::try_from(vcpus).ok()?,
        memory_mib: u32::try_from(memory).ok()?,
        usd_per_hour: price_of(&id),
        zones: Vec::new(),
        id,
    })
}

#[cfg(test)]
mod tests {
    use aws_sdk_ec2::types::{InstanceType, MemoryInfo, VCpuInfo};

    use super::*;

    fn info(id: &str, vcpus: i32, mib: i64) -> InstanceTypeInfo {
        InstanceTypeInfo::builder()
            .instance_type(InstanceType::from(id))
            .v_cpu_info(VCpuInfo::builder().default_v_cpus(vcpus).build())
            .memory_info(MemoryInfo::builder().size_in_mib(mib).build())
            .build()
    }

    #[test]
    fn sizes_too_small_for_windows_or_far_too_large_are_not_offered() {
        let none = |_: &str| None;
        assert!(size(&info("t3.nano", 2, 512), none).is_none());
        assert!(size(&info("m7i.48xlarge", 192, 786_432), none).is_none());
        assert!(size(&info("t3.large", 2, 8192), none).is_some());
    }

    #[test]
    fn a_price_that_is_not_known_is_not_invented() {
        assert_eq!(
            size(&info("t3.large", 2, 8192), |_| None).unwrap().usd_per_hour,
            None
        );
        let known = |id: &str| (id == "t3.large").then_some(0.1108);
        assert_eq!(
            size(&info("t3.large", 2, 8192), known).unwrap().usd_per_hour,
            Some(0.1108)
        );
    }
}
