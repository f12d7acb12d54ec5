//! Servers that were found in the cloud after the journal was lost. Their agent may have ended well and scrubbed itself
//! long ago: then nobody tells how the install ended, but the site itself shows it.

use slipway_protocol::Outcome;

use crate::error::Result;
use crate::launch::Launch;
use crate::launch::steps::World;
use crate::site;

/// Notes a good end where the site of such a server answers.
pub(crate) async fn ask_site(launch: &mut Launch, world: &World) -> Result<()> {
    if !launch.facts.adopted || launch.facts.identity.is_some() {
        return Ok(());
    }
    let Some(instance) = world.store.observed(&launch.id).await? else {
        return Ok(());
    };
    launch.facts.outcome = Some(Outcome::Succeeded {
        site: launch.spec.plan.site.clone(),
        admin: launch.spec.plan.admin.clone(),
    });
    let answered = match site::url(launch, Some(&instance)) {
        Some(url) => world
            .agent
            .visit(&url)
            .await
            .is_ok_and(|visit| visit.status < 400),
        None => false,
    };
    if !answered {
        launch.facts.outcome = None;
        return Ok(());
    }
    // Nobody is left to hear that the end was seen.
    launch.facts.end_acknowledged = true;
    world.save(launch).await
}
