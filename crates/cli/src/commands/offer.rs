//! `slipway offer`: what a profile offers in a region, and the network that it may lack.

use serde::Serialize;
use slipway_core::view::choice::{FamilyView, NetworkView, RegionView, SizeView};

use crate::args::Offer;
use crate::context::Context;
use crate::failure::{End, Result};
use crate::output::words;
use crate::output::{Output, clean};

pub async fn run(context: &Context, asked: &Offer) -> Result<End> {
    let region = context.checked_region().await?;
    if asked.create_network {
        context
            .engine()
            .create_default_network(&context.profile, region)
            .await?;
    }
    let offer = context.engine().catalog_in(&context.profile, region).await?;
    let output = context.output;
    let free = context.free().await?;
    let sizes = |size: &SizeView| {
        let memory = f64::from(size.memory_mib) / 1024.0;
        vec![
            size.id.clone(),
            size.vcpus.to_string(),
            format!("{memory} GiB"),
            words::price(size.usd_per_hour.or(free), "an hour"),
        ]
    };
    let head = ["SIZE", "vCPU", "MEMORY", "PRICE WITH WINDOWS"];
    output.list("size", &offer.sizes, &head, sizes)?;
    let families = |family: &FamilyView| vec![family.id.clone(), family.title.clone()];
    section(output, "family", &offer.families, &["WINDOWS", ""], families)?;
    let networks = |network: &NetworkView| vec![network.id.clone(), network.title.clone()];
    section(output, "network", &offer.networks, &["NETWORK", ""], networks)?;
    if offer.networks.is_empty() && offer.regions.len() > 1 {
        output.line("\nThere is no network here. “slipway offer --create-network” makes the default one.")?;
    }
    section(output, "region", &offer.regions, &["REGION", "", ""], region_row)?;
    if let Some(address) = &offer.my_address {
        output.line(format!("\nThis computer's address is {}.", clean::line(address)))?;
    }
    Ok(End::Done)
}

/// A table with room above it; nothing where there is nothing in it.
fn section<T: Serialize>(
    output: Output,
    kind: &str,
    items: &[T],
    head: &[&str],
    row: impl Fn(&T) -> Vec<String>,
) -> Result<()> {
    if !items.is_empty() {
        output.line("")?;
    }
    output.list(kind, items, head, row)
}

fn region_row(region: &RegionView) -> Vec<String> {
    let state = if region.enabled {
        ""
    } else {
        "not switched on in this account"
    };
    vec![region.id.clone(), region.title.clone(), state.to_owned()]
}
