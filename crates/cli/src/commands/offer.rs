//! `slipway offer`: what a profile offers in a region, three proposed sizes first, and the network that it may lack.

use serde::Serialize;
use slipway_core::cloud::Prices;
use slipway_core::names;
use slipway_core::view::choice::{CatalogView, FamilyView, NetworkView, Proposals, RegionView, SizeView};

use crate::args::Offer;
use crate::context::Context;
use crate::failure::{End, Result, wrong_use};
use crate::output::table::{Column, text, whole};
use crate::output::{Mode, Output, clean, words};

/// A size and what it is proposed as, as a JSON line.
#[derive(Serialize)]
struct Proposed<'a> {
    #[serde(flatten)]
    size: &'a SizeView,
    proposed: Option<&'static str>,
}

pub async fn run(context: &Context, asked: &Offer) -> Result<End> {
    let region = context.checked_region().await?;
    if asked.create_network {
        context
            .engine()
            .create_default_network(&context.profile, region)
            .await?;
    }
    let offer = context.engine().catalog_in(&context.profile, region).await?;
    let proposals = proposals(&offer, asked.recipe.as_deref())?;
    let output = context.output;
    // A program reads everything, and finds the proposals by their mark.
    let all = asked.all || output.mode == Mode::Json;
    sizes(output, &offer, &proposals, all, context.free().await?)?;
    let families = |family: &FamilyView| vec![family.id.clone(), family.title.clone()];
    section(
        output,
        "family",
        &offer.families,
        &[whole("WINDOWS"), text("TITLE")],
        families,
    )?;
    let networks = |network: &NetworkView| vec![network.id.clone(), network.title.clone()];
    section(
        output,
        "network",
        &offer.networks,
        &[whole("NETWORK"), text("TITLE")],
        networks,
    )?;
    if offer.networks.is_empty() && offer.regions.len() > 1 {
        output.line("\nThere is no network here. “slipway offer --create-network” makes the default one.")?;
    }
    if all {
        let head = [whole("REGION"), text("TITLE"), text("STATE")];
        section(output, "region", &offer.regions, &head, region_row)?;
    } else {
        output.line(more(&offer))?;
    }
    if let Some(address) = &offer.my_address {
        output.line(format!("\nThis computer's address is {}.", clean::line(address)))?;
    }
    Ok(End::Done)
}

fn proposals(offer: &CatalogView, recipe: Option<&str>) -> Result<Proposals> {
    let Some(wanted) = recipe else {
        return Ok(offer.proposals.get("").cloned().unwrap_or_default());
    };
    if let Some(found) = offer.proposals.get(wanted).filter(|_| !wanted.is_empty()) {
        return Ok(found.clone());
    }
    let known = offer.proposals.keys().filter(|id| !id.is_empty());
    Err(wrong_use(
        format!("There is no recipe “{}”.", names::shown(wanted)),
        names::suggest_hint(wanted, known.map(String::as_str)),
    ))
}

/// The three that are proposed come first; all others behind them where they are wanted.
fn sizes(
    output: Output,
    offer: &CatalogView,
    proposals: &Proposals,
    all: bool,
    free: Option<f64>,
) -> Result<()> {
    let named = [
        (&proposals.smallest, "smallest"),
        (&proposals.recommended, "recommended"),
        (&proposals.larger, "larger"),
    ];
    let mark = |size: &SizeView| {
        let found = named.iter().find(|(id, _)| id.as_ref() == Some(&size.id));
        found.map(|(_, proposed)| *proposed)
    };
    let row = |one: &Proposed<'_>| {
        let memory = f64::from(one.size.memory_mib) / 1024.0;
        vec![
            one.size.id.clone(),
            one.size.vcpus.to_string(),
            format!("{memory} GiB"),
            words::price(one.size.usd_per_hour.or(free), "an hour"),
            words::price(monthly(one.size).or(free), "a month"),
            one.proposed.unwrap_or_default().to_owned(),
        ]
    };
    let sizes = offer.sizes.iter().map(|size| Proposed {
        size,
        proposed: mark(size),
    });
    let (first, rest): (Vec<_>, Vec<_>) = sizes.partition(|one| one.proposed.is_some());
    let shown: Vec<Proposed<'_>> = if all {
        first.into_iter().chain(rest).collect()
    } else {
        first
    };
    let head = ["SIZE", "vCPU", "MEMORY", "PRICE WITH WINDOWS", "", "PROPOSED"].map(whole);
    output.list("size", &shown, &head, row)
}

fn monthly(size: &SizeView) -> Option<f64> {
    size.usd_per_hour.map(|price| price * Prices::HOURS_A_MONTH)
}

fn more(offer: &CatalogView) -> String {
    let (sizes, regions) = (offer.sizes.len(), offer.regions.len());
    format!(
        "\n“slipway offer --all” lists all {sizes} sizes and {regions} region{}.",
        if regions == 1 { "" } else { "s" }
    )
}

/// A table with room above it; nothing where there is nothing in it.
fn section<T: Serialize>(
    output: Output,
    kind: &str,
    items: &[T],
    head: &[Column],
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
