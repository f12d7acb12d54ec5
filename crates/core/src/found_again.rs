//! Servers that were found in the cloud after the journal was lost. Their agent may have ended well and scrubbed itself
//! long ago: then nobody tells how the install ended, but the site itself shows it.

use slipway_protocol::Outcome;
use slipway_protocol::message::Site;

use crate::cloud::Instance;
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
    let Some(outcome) = supposed(launch, &instance) else {
        return Ok(());
    };
    launch.facts.outcome = Some(outcome);
    let url = site::url(launch, Some(&instance)).unwrap_or_default();
    let answered = world
        .agent
        .visit(&url)
        .await
        .is_ok_and(|visit| visit.status < 400);
    if !answered {
        launch.facts.outcome = None;
        return Ok(());
    }
    // Nobody is left to hear that the end was seen.
    launch.facts.end_acknowledged = true;
    world.save(launch).await
}

/// How the install would have ended: the recipe says where its site answers, the cloud at which port.
fn supposed(launch: &Launch, instance: &Instance) -> Option<Outcome> {
    let port = instance.endpoints.as_ref()?.site;
    let plan = &launch.spec.plan;
    Some(Outcome::Succeeded {
        site: Site {
            port,
            ..plan.site.clone()
        },
        admin: plan.admin.clone(),
    })
}
