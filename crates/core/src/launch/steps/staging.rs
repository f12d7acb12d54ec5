//! Puts the agent where the instance can fetch it.

use async_trait::async_trait;

use super::{Step, World};
use crate::cloud::StageAgent;
use crate::error::Result;
use crate::launch::Launch;

pub(crate) struct Staging;

#[async_trait]
impl Step for Staging {
    async fn ensure(&self, launch: &mut Launch, world: &World) -> Result<()> {
        if is_fresh(launch, world) {
            return Ok(());
        }
        stage(launch, world).await
    }

    async fn undo(&self, launch: &mut Launch, world: &World) -> Result<()> {
        forget(launch, world).await
    }
}

/// Where the program comes from is of no use any more, and a signed URL may carry a session's token.
pub(super) async fn forget(launch: &mut Launch, world: &World) -> Result<()> {
    let staged = launch.facts.staged.take();
    world.save(launch).await?;
    if staged.is_some_and(|staged| staged.expires.is_some()) {
        world.store.wipe_log().await;
    }
    Ok(())
}

/// Stages it anew; a URL that was signed before is no longer needed. The object is one a program version, shared by launches, so nothing piles up.
pub(super) async fn stage(launch: &mut Launch, world: &World) -> Result<()> {
    let staged = world
        .ledger
        .perform(StageAgent {
            launch: launch.id.clone(),
        })
        .await?;
    launch.facts.staged = Some(staged);
    world.save(launch).await
}

/// True when a signed URL is still good, or none is needed.
pub(super) fn is_fresh(launch: &Launch, world: &World) -> bool {
    let staged = launch.facts.staged.as_ref();
    staged.is_some_and(|staged| staged.expires.is_none_or(|expires| expires > world.clock.now()))
}
