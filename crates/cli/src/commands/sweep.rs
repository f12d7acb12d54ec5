//! `slipway sweep`: what is tagged ours in the account and belongs to nothing that this computer knows.

use serde::Serialize;
use slipway_core::engine::Engine;
use slipway_core::view::{LeftoverKind, LeftoverView};

use crate::args::Sweep;
use crate::ask;
use crate::context::{Context, Whose};
use crate::failure::{End, Result};
use crate::follow::now;
use crate::output::table::whole;
use crate::output::text::age;
use crate::output::{clean, shell, words};

/// What was deleted, and in whose account, as a JSON line.
#[derive(Serialize)]
struct Deleted<'a> {
    #[serde(flatten)]
    gone: LeftoverView,
    #[serde(flatten)]
    whose: &'a Whose,
}

pub async fn run(context: &Context, asked: &Sweep) -> Result<End> {
    let (engine, region) = (context.engine(), context.checked_region().await?);
    let found = engine.sweep(&context.profile, region).await?;
    if asked.delete.is_empty() {
        return list(context, &found);
    }
    let whose = context.whose(&context.profile).await?;
    let mut end = End::Done;
    for wanted in &asked.delete {
        let left = Engine::leftover(&found, wanted)?;
        let what = format!("{} {}", kind(left.kind), clean::line(&left.id));
        if !ask::confirm(context.yes, &format!("delete the {what} for good ({whose})"))? {
            context.output.line("Nothing was done.")?;
            end = End::Failed;
            continue;
        }
        let gone = engine.delete_leftover(&context.profile, region, &left.id).await?;
        context.output.json("deleted", &Deleted { gone, whose: &whose })?;
        let mark = context.output.style.good("✓");
        context
            .output
            .line(format!("{mark} The {what} is deleted ({whose})."))?;
    }
    Ok(end)
}

fn list(context: &Context, found: &[LeftoverView]) -> Result<End> {
    let now = now();
    let row = |left: &LeftoverView| {
        vec![
            left.id.clone(),
            kind(left.kind).to_owned(),
            left.name.clone(),
            left.created.map(|created| age(now - created)).unwrap_or_default(),
            words::price(left.usd_per_month, "a month"),
        ]
    };
    let output = context.output;
    let head = ["ID", "KIND", "NAME", "AGE", "COST"].map(whole);
    output.list("leftover", found, &head, row)?;
    if found.is_empty() {
        return output.line("Nothing was left behind.").map(|()| End::Done);
    }
    output.line("")?;
    output.line(
        "This computer knows nothing of these. Another computer may: delete only what nobody uses, with",
    )?;
    let delete = shell::option("--delete", &found[0].id);
    output.line(format!("  slipway sweep {delete}"))?;
    Ok(End::Done)
}

fn kind(kind: LeftoverKind) -> &'static str {
    match kind {
        LeftoverKind::Server => "server",
        LeftoverKind::Disk => "disk",
        LeftoverKind::Image => "image",
        LeftoverKind::Snapshot => "snapshot",
        LeftoverKind::FirewallGroup => "firewall group",
        LeftoverKind::KeyPair => "key pair",
    }
}
