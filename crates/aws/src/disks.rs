//! Deleting what a sweep found: disks and snapshots that nothing uses any more.

use slipway_core::cloud::{DeleteDisk, DeleteSnapshot};
use slipway_core::error::Result;

use crate::actions::Action;
use crate::session::Session;
use crate::settle::or_gone;

/// Deletes a volume that no instance uses.
pub(crate) async fn delete(session: &Session, request: &DeleteDisk) -> Result<()> {
    let sent = session.ask(Action::DeleteVolume, |aws| {
        aws.ec2.delete_volume().volume_id(&request.disk).send()
    });
    Ok(or_gone(&["InvalidVolume.NotFound"], sent.await)?)
}

/// Deletes a snapshot that no image uses.
pub(crate) async fn delete_snapshot(session: &Session, request: &DeleteSnapshot) -> Result<()> {
    let sent = session.ask(Action::DeleteSnapshot, |aws| {
        aws.ec2.delete_snapshot().snapshot_id(&request.snapshot).send()
    });
    Ok(or_gone(&["InvalidSnapshot.NotFound"], sent.await)?)
}
