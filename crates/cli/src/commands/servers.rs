//! `slipway servers`.

use slipway_core::view::ServerView;

use crate::context::Context;
use crate::failure::{End, Result};
use crate::follow::now;
use crate::output::text::age;
use crate::output::words;

pub async fn run(context: &Context) -> Result<End> {
    let region = context.checked_region().await?;
    if let Err(error) = context.engine().refresh(&context.profile).await {
        context.output.note(format!(
            "This is how the servers were last seen. {}",
            error.sentence
        ));
    }
    let mut servers = context.engine().servers(&context.profile).await?;
    servers.retain(|server| region.is_none_or(|region| server.region == region));
    let now = now();
    let row = |server: &ServerView| {
        let state = server.status.words();
        let state = if server.doing.is_empty() {
            state.to_owned()
        } else {
            format!("{state}: {}", server.doing)
        };
        let site = server.site_url.clone().unwrap_or_default();
        vec![
            server.name.clone(),
            state,
            site,
            server.recipe.clone(),
            age(now - server.created),
            cost(server),
        ]
    };
    context.output.list(
        "server",
        &servers,
        &["SERVER", "STATE", "SITE", "RECIPE", "AGE", "COST"],
        row,
    )?;
    if let Some(total) = total(&servers) {
        context.output.line(total)?;
    }
    if servers.is_empty() {
        let profile = &context.profile;
        context.output.line(format!(
            "No servers in the profile {profile} yet. See “slipway launch --help”."
        ))?;
    }
    Ok(End::Done)
}

/// What it costs as it stands now.
fn cost(server: &ServerView) -> String {
    if server.practice {
        "nothing".to_owned()
    } else if server.instance.is_none() {
        "nothing yet".to_owned()
    } else if server.off {
        format!("its disk of {} GiB", server.disk_gib)
    } else {
        words::price(server.usd_per_hour, "an hour")
    }
}

/// What all that run cost together; `None` where there is nothing to add up.
fn total(servers: &[ServerView]) -> Option<String> {
    let paid = || servers.iter().filter(|server| !server.practice);
    let running: Vec<Option<f64>> = paid()
        .filter(|server| !server.off && server.instance.is_some())
        .map(|server| server.usd_per_hour)
        .collect();
    if paid().count() < 2 {
        return None;
    }
    let known: f64 = running.iter().flatten().sum();
    let unknown = running.iter().filter(|price| price.is_none()).count();
    let more = match unknown {
        0 => String::new(),
        1 => ", and one whose price is not known".to_owned(),
        more => format!(", and {more} whose prices are not known"),
    };
    let beside = if paid().any(|server| server.off) {
        "Traffic and the disks of what is off come on top."
    } else {
        "Traffic comes on top."
    };
    Some(format!("Together {known:.4} USD an hour{more}. {beside}"))
}

#[cfg(test)]
#[path = "servers_tests.rs"]
mod tests;
