//! Asks the site from this computer: the address is shown only after it answered.

use std::time::Duration;

use async_trait::async_trait;

use super::{Step, World};
use crate::error::{Error, ErrorKind, Result, Unreached};
use crate::launch::{Launch, Phase, runner};
use crate::poll::{self, Look, Policy};
use crate::wait::WaitReason;
use crate::{password_data, site};

/// A site that was just installed may need a moment for its first page.
const ASKING: Policy = Policy {
    first: Duration::from_millis(200),
    factor: 1.5,
    cap: Duration::from_secs(5),
    jitter: false,
};

pub(crate) struct Verifying;

#[async_trait]
impl Step for Verifying {
    async fn ensure(&self, launch: &mut Launch, world: &World) -> Result<()> {
        let limit = Phase::Verifying.silence().unwrap_or(Duration::MAX);
        let asked: &Launch = launch;
        let ask = || ask(asked, world);
        let Some(visit) = poll::within_noted(limit, ASKING, &world.retries, ask).await? else {
            return Err(silent(launch));
        };
        launch.facts.visit = Some((visit.status, visit.millis));
        world.save(launch).await?;
        // Whoever opens its access later fetches it then.
        match password_data::fetch(launch, world).await {
            Err(error) if !runner::is_about_keys(error.kind) => Err(error),
            _ => Ok(()),
        }
    }
}

async fn ask(launch: &Launch, world: &World) -> Result<Look<crate::ports::Visit>> {
    if let Err(error) = world.look(launch).await
        && !runner::is_about_keys(error.kind)
    {
        return Err(error);
    }
    let Some(url) = site::url(launch, world.store.observed(&launch.id).await?.as_ref()) else {
        return Ok(Look::NotYet);
    };
    match world.agent.visit(&url).await {
        Ok(visit) if visit.status < 500 => Ok(Look::Done(visit)),
        Ok(_) => Ok(Look::NotYet),
        Err(error) if error.kind == ErrorKind::Unreachable => {
            let sentence = format!("The site of “{}” does not answer yet.", launch.spec.name);
            let error = Error::new(ErrorKind::Unreachable, sentence)
                .hint("The install ended well. Slipway asks until the site answers.")
                .because(&error)
                .unreached(Unreached::Server);
            world
                .retries
                .failed_for(WaitReason::SiteSilent, &error, ASKING.cap);
            Ok(Look::NotYet)
        }
        Err(error) => Err(error),
    }
}

fn silent(launch: &Launch) -> Error {
    let sentence = format!(
        "The install of “{}” ended well, but its site does not answer from this computer.",
        launch.spec.name
    );
    Error::new(ErrorKind::SiteSilent, sentence).hint(
        "Check that this computer's address may reach ports 80 and 443, or look at it with Remote Desktop.",
    )
}
