//! `slipway offer`: what a profile offers in a region, and the network that it may lack.

use slipway_core::view::choice::{NetworkView, RegionView, SizeView};

use crate::args::Offer;
use crate::context::Context;
use crate::failure::{End, Result};
use crate::output::clean;
use crate::output::words;

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
    output.list(
        "size",
        &offer.sizes,
        &["SIZE", "vCPU", "MEMORY", "PRICE WITH WINDOWS"],
        sizes,
    )?;
    output.line("")?;
    let networks = |network: &NetworkView| vec![network.id.clone(), network.title.clone()];
    output.list("network", &offer.networks, &["NETWORK", ""], networks)?;
    if offer.networks.is_empty() && offer.regions.len() > 1 {
        output.line("There is no network here. “slipway offer --create-network” makes the default one.")?;
    }
    output.line("")?;
    let regions = |region: &RegionView| {
        let state = if region.enabled {
            ""
        } else {
            "not switched on in this account"
        };
        vec![region.id.clone(), region.title.clone(), state.to_owned()]
    };
    output.list("region", &offer.regions, &["REGION", "", ""], regions)?;
    if let Some(address) = &offer.my_address {
        output.line(format!("\nThis computer's address is {}.", clean::line(address)))?;
    }
    Ok(End::Done)
}
