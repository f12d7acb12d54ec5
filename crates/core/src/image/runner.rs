//! The loop of an image job. It can be dropped at any await; the next driver goes on from the journal.

use std::time::Duration;

use slipway_protocol::Time;

use super::ImageJob;
use crate::cloud::{CreateImage, Image, ImageFilter, ImageState, InstanceState, tag};
use crate::error::{Error, ErrorKind, Result, Retry};
use crate::launch::Launch;
use crate::launch::steps::World;
use crate::poll::{Pauses, Policy, pause};
use crate::retries::Side;
use crate::site;
use crate::view::ImageJobPhase;
use crate::wait::Waiting;

/// The site of a server that came back from an image is asked for this long; then the image is done all the same.
const RETURN: Duration = Duration::from_secs(10 * 60);

/// Drives an image job to its end.
pub(crate) async fn drive(world: &World, id: &str) -> Result<()> {
    let shown = world.retries.told();
    let write = |waiting: Option<Waiting>| world.store.note_image_waiting(id, waiting);
    tokio::select! {
        ended = drive_on(world, id) => ended,
        () = world.retries.tell(shown, write) => Ok(()),
    }
}

async fn drive_on(world: &World, id: &str) -> Result<()> {
    let mut trouble = Pauses::new(Policy::TROUBLE);
    while let Some(mut job) = world.store.image_job(id).await? {
        if job.phase.is_over() {
            return Ok(());
        }
        let Some((launch, _)) = world.store.launch(&job.launch).await? else {
            return Ok(());
        };
        match perform(&mut job, &launch, world).await {
            Ok(()) => {
                trouble.reset();
                world.retries.forget();
                job.phase = job.phase.next().unwrap_or(job.phase);
                job.waiting = None;
                world.store.save_image_job(&job).await?;
            }
            Err(error) if error.kind.retry() != Retry::No => {
                let next = world.crowd.pause_after(&error, &mut trouble);
                world.retries.failed(&error, next);
                pause(next).await;
            }
            Err(error) => fail(&mut job, world, error).await?,
        }
    }
    Ok(())
}

async fn perform(job: &mut ImageJob, launch: &Launch, world: &World) -> Result<()> {
    match job.phase {
        ImageJobPhase::Requested => request(job, launch, world).await,
        ImageJobPhase::Snapshot => snapshot(job, world).await,
        ImageJobPhase::Returning => come_back(job, launch, world).await,
        ImageJobPhase::Done | ImageJobPhase::Failed => Ok(()),
    }
}

async fn request(job: &mut ImageJob, launch: &Launch, world: &World) -> Result<()> {
    let instance = launch.facts.instance.clone().ok_or_else(|| {
        Error::new(
            ErrorKind::WrongState,
            format!("“{}” has no instance to make an image of.", launch.spec.name),
        )
    })?;
    let mut tags = launch.tags();
    tags.insert(tag::NAME.into(), job.name.clone());
    tags.insert(tag::SERVER.into(), launch.spec.name.clone());
    let request = CreateImage {
        instance,
        name: job.name.clone(),
        description: job.description.clone(),
        tags,
    };
    job.image = Some(world.ledger.ensure(request).await?.id);
    Ok(())
}

/// Waits for the snapshots. While AWS says pending it is pending, however long: “up to 24 hours” (EC2 user guide).
async fn snapshot(job: &mut ImageJob, world: &World) -> Result<()> {
    let begun = world.clock.now();
    while !is_made(job, begun, world).await? {
        pause(world.cloud.pace().pending).await;
    }
    Ok(())
}

/// One look at the snapshots. An image that the cloud does not know some time after `since` is gone.
async fn is_made(job: &mut ImageJob, since: Time, world: &World) -> Result<bool> {
    let Some(id) = job.image.clone() else {
        return Ok(true);
    };
    let found = world.cloud.images(&ImageFilter::Id(id)).await?.into_iter().next();
    world.retries.answered(Side::Cloud);
    match found {
        Some(image) if image.state == ImageState::Available => {
            job.percent = 100;
            return Ok(true);
        }
        Some(image) if image.state == ImageState::Pending => note_percent(job, &image, world).await?,
        None if !settled(since, world) => {}
        other => return Err(not_made(job, other.as_ref())),
    }
    Ok(false)
}

/// Takes a job that nobody drove as far as it has come by itself: each phase is looked at once, and nothing waited for.
/// What was never asked of the cloud stays so.
pub(crate) async fn catch_up(world: &World, id: &str) -> Result<()> {
    while let Some(mut job) = world.store.image_job(id).await? {
        let Some((launch, _)) = world.store.launch(&job.launch).await? else {
            return Ok(());
        };
        let since = job.started;
        let passed = match job.phase {
            ImageJobPhase::Snapshot => is_made(&mut job, since, world).await,
            ImageJobPhase::Returning => is_back(&launch, world).await,
            ImageJobPhase::Requested | ImageJobPhase::Done | ImageJobPhase::Failed => Ok(false),
        };
        match passed {
            Ok(true) => {
                job.phase = job.phase.next().unwrap_or(job.phase);
                world.store.save_image_job(&job).await?;
            }
            Ok(false) => return Ok(()),
            Err(error) if error.kind == ErrorKind::ImageFailed => fail(&mut job, world, error).await?,
            Err(error) => return Err(error),
        }
    }
    Ok(())
}

fn settled(begun: Time, world: &World) -> bool {
    Duration::from_millis(world.clock.now().millis_since(begun)) > world.cloud.pace().settling
}

async fn note_percent(job: &mut ImageJob, image: &Image, world: &World) -> Result<()> {
    if image.percent > job.percent {
        job.percent = image.percent;
        job.waiting = None;
        world.store.save_image_job(job).await?;
    }
    Ok(())
}

fn not_made(job: &ImageJob, image: Option<&Image>) -> Error {
    let reason = image
        .and_then(|image| image.state_reason.clone())
        .unwrap_or_else(|| "it is gone".into());
    Error::new(
        ErrorKind::ImageFailed,
        format!("The image “{}” could not be made: {reason}", job.name),
    )
    .hint(
        "The server is not affected. Delete the failed image, then try again under the same or another name.",
    )
}

/// Waits until the server is back where it was before.
async fn come_back(job: &ImageJob, launch: &Launch, world: &World) -> Result<()> {
    let limit = tokio::time::timeout(RETURN, async {
        loop {
            if is_back(launch, world).await? {
                return Ok(());
            }
        }
    });
    limit.await.unwrap_or_else(|_| {
        tracing::warn!(
            image = job.name,
            "The image is made, but the server's site does not answer"
        );
        Ok(())
    })
}

async fn is_back(launch: &Launch, world: &World) -> Result<bool> {
    let Some(instance) = world.look(launch).await? else {
        return Ok(true);
    };
    match instance.state {
        InstanceState::Running => {}
        // It was stopped when the image was asked for; EC2 leaves it so.
        InstanceState::Stopped | InstanceState::Terminated | InstanceState::ShuttingDown => return Ok(true),
        InstanceState::Pending | InstanceState::Stopping => return Ok(false),
    }
    let Some(url) = site::url(launch, Some(&instance)) else {
        return Ok(true);
    };
    Ok(world
        .agent
        .visit(&url)
        .await
        .is_ok_and(|visit| visit.status < 500))
}

async fn fail(job: &mut ImageJob, world: &World, error: Error) -> Result<()> {
    job.error = Some(error);
    job.waiting = None;
    job.phase = ImageJobPhase::Failed;
    world.store.save_image_job(job).await
}
