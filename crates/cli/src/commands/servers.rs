//! `slipway servers`.

use slipway_core::view::{ServerView, Status};

use crate::args::Servers;
use crate::context::Context;
use crate::failure::{End, Result};
use crate::follow::now;
use crate::output::table::{Column, text, whole};
use crate::output::text::age;
use crate::output::{clean, words};

pub async fn run(context: &Context, asked: &Servers) -> Result<End> {
    let region = context.checked_region().await?;
    if let Err(error) = context.engine().refresh(&context.profile).await {
        context.output.note(format!(
            "This is how the servers were last seen. {}",
            error.sentence
        ));
    }
    let mut servers = context.engine().servers(&context.profile).await?;
    if asked.all {
        servers.extend(context.engine().gone_servers(&context.profile).await?);
        servers.sort_by_key(|server| server.created);
    }
    servers.retain(|server| region.is_none_or(|region| server.region == region));
    let (now, all) = (now(), asked.all);
    let head = HEAD.into_iter().chain(all.then_some(whole("ID")));
    context
        .output
        .list("server", &servers, &head.collect::<Vec<_>>(), |server| {
            let mut row = row(server, now);
            row.extend(all.then(|| server.id.clone()));
            row
        })?;
    if let Some(total) = total(&servers) {
        context.output.line(total)?;
    }
    if servers.is_empty() {
        let profile = clean::line(&context.profile);
        context.output.line(format!(
            "No servers in the profile {profile} yet. See “slipway launch --help”."
        ))?;
    }
    Ok(End::Done)
}

const HEAD: [Column; 9] = [
    whole("SERVER"),
    text("STATE"),
    whole("SITE"),
    text("RECIPE"),
    whole("REGION"),
    whole("SIZE"),
    whole("AGE"),
    whole("STOPS"),
    whole("COST"),
];

fn row(server: &ServerView, now: i64) -> Vec<String> {
    let state = server.status.words();
    let state = if server.doing.is_empty() {
        state.to_owned()
    } else {
        format!("{state}: {}", server.doing)
    };
    vec![
        server.name.clone(),
        state,
        server.site_url.clone().unwrap_or_default(),
        server.recipe.clone(),
        server.region.clone(),
        server.size.clone(),
        age(now - server.created),
        server.stops_at.map(|at| until(at - now)).unwrap_or_default(),
        cost(server),
    ]
}

/// How long from now.
fn until(millis: i64) -> String {
    match millis / 60_000 {
        ..1 => "any moment".to_owned(),
        minutes @ 1..120 => format!("in {minutes} min"),
        minutes => format!("in {} h", minutes / 60),
    }
}

/// What it costs as it stands now.
fn cost(server: &ServerView) -> String {
    if server.practice || server.status == Status::Terminated {
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
    let live = || {
        servers
            .iter()
            .filter(|server| server.status != Status::Terminated)
    };
    let paid = || live().filter(|server| !server.practice);
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
