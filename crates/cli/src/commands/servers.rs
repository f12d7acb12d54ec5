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
        let state = words::status(server.status);
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
        ]
    };
    context.output.list(
        "server",
        &servers,
        &["SERVER", "STATE", "SITE", "RECIPE", "AGE"],
        row,
    )?;
    if servers.is_empty() {
        let profile = &context.profile;
        context.output.line(format!(
            "No servers in the profile {profile} yet. See “slipway launch --help”."
        ))?;
    }
    Ok(End::Done)
}
