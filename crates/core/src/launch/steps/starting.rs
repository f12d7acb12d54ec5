//! Asks for the instance: exactly one, whatever happens on the way.

use async_trait::async_trait;
use slipway_protocol::{Brief, VERSION};

use super::{Step, World, preflight, staging};
use crate::cloud::{InstanceState, RunInstance, StartedInstance, TerminateInstance};
use crate::error::{Error, ErrorKind, Result};
use crate::launch::Launch;
use crate::poll::{self, Look, Policy};
use crate::token::sha256_hex;
use crate::{secret, user_data};

pub(crate) struct Starting;

#[async_trait]
impl Step for Starting {
    async fn ensure(&self, launch: &mut Launch, world: &World) -> Result<()> {
        if launch.facts.instance.is_some() {
            return Ok(());
        }
        let started = match expired_intent(world).await? {
            false => run(launch, world).await?,
            true => match world.ledger.abandon::<RunInstance>().await? {
                Some(started) => started,
                None => run_anew(launch, world).await?,
            },
        };
        launch.facts.instance = Some(started.id);
        staging::forget(launch, world).await
    }

    async fn undo(&self, launch: &mut Launch, world: &World) -> Result<()> {
        if launch.facts.instance.is_none() {
            launch.facts.instance = world
                .ledger
                .abandon::<RunInstance>()
                .await?
                .map(|started| started.id);
            world.save(launch).await?;
        }
        let mut ours = world.tagged(launch).await?;
        ours.retain(|instance| instance.state != InstanceState::Terminated);
        let known = launch.facts.instance.iter().cloned();
        let mut ids: Vec<String> = ours
            .into_iter()
            .map(|instance| instance.id)
            .chain(known)
            .collect();
        ids.sort();
        ids.dedup();
        for instance in ids {
            terminate(&instance, world).await?;
        }
        launch.facts.instance = None;
        world.save(launch).await
    }
}

/// A request that was never answered can't be sent again once the signed URL in it has expired.
async fn expired_intent(world: &World) -> Result<bool> {
    let open = world.ledger.open::<RunInstance>().await?;
    Ok(open.is_some_and(|open| {
        open.request
            .good_until
            .is_some_and(|until| until <= world.clock.now())
    }))
}

async fn run_anew(launch: &mut Launch, world: &World) -> Result<StartedInstance> {
    launch.facts.starts += 1;
    launch.facts.staged = None;
    run(launch, world).await
}

async fn run(launch: &mut Launch, world: &World) -> Result<StartedInstance> {
    let unanswered = world.ledger.open::<RunInstance>().await?.is_some();
    if !unanswered && !staging::is_fresh(launch, world) {
        staging::stage(launch, world).await?;
    }
    let request = request(launch, world).await?;
    world.ledger.ensure(request).await
}

async fn request(launch: &Launch, world: &World) -> Result<RunInstance> {
    let missing = |what: &str| Error::new(ErrorKind::Internal, format!("The launch has no {what}."));
    let staged = launch.facts.staged.clone();
    Ok(RunInstance {
        token: token(launch),
        image: preflight::image_choice(launch),
        size: launch.spec.size.clone(),
        disk_gib: launch.spec.disk_gib,
        network: launch.spec.network.clone(),
        group: launch
            .facts
            .group
            .clone()
            .ok_or_else(|| missing("security group"))?,
        key_name: launch.facts.key_name.clone().ok_or_else(|| missing("key pair"))?,
        user_data: user_data::render(&brief(launch, world).await?)?,
        good_until: staged.and_then(|staged| staged.expires),
        tags: launch.tags(),
    })
}

/// The launch's id, and for a second request its number: EC2 takes at most 64 characters.
fn token(launch: &Launch) -> String {
    match launch.facts.starts {
        0 => launch.id.clone(),
        number => format!("{}-{number}", launch.id),
    }
}

async fn brief(launch: &Launch, world: &World) -> Result<Brief> {
    let token = world.secret(launch, secret::TOKEN).await?;
    let staged = launch.facts.staged.as_ref();
    Ok(Brief {
        version: VERSION,
        launch: launch.id.clone(),
        agent: staged.and_then(|staged| staged.source.clone()),
        token_sha256: sha256_hex(token.expose()),
        app_key: world.box_key(launch).await?.public().to_text(),
        plan: launch.spec.plan.clone(),
        limits: launch.spec.limits,
    })
}

async fn terminate(instance: &str, world: &World) -> Result<()> {
    world
        .ledger
        .perform(TerminateInstance {
            instance: instance.to_owned(),
        })
        .await?;
    let filter = crate::cloud::InstanceFilter::Ids(vec![instance.to_owned()]);
    let gone = || async {
        let found = world.cloud.instances(&filter).await?;
        let alive = found
            .iter()
            .any(|instance| instance.state != InstanceState::Terminated);
        Ok(if alive { Look::NotYet } else { Look::Done(()) })
    };
    poll::until_noted(Policy::every(world.cloud.pace().pending), &world.retries, gone).await
}
