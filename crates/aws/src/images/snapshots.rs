//! The snapshots behind an image: how far they are, and which are left when it goes.

use aws_sdk_ec2::types::Snapshot;

use crate::actions::Action;
use crate::session::{Session, Trouble};
use crate::settle::or_gone;
use crate::tags::filter;

/// The snapshots of these images. While an image is being made it does not name them itself; what EC2 writes into
/// their description does.
pub(super) async fn of_images(session: &Session, images: &[&str]) -> Result<Vec<Snapshot>, Trouble> {
    if images.is_empty() {
        return Ok(Vec::new());
    }
    let descriptions = images
        .iter()
        .map(|image| format!("Created by CreateImage(*) for {image}*"));
    let filter = filter("description", descriptions);
    session
        .ask(Action::DescribeSnapshots, |aws| {
            let call = aws.ec2.describe_snapshots().owner_ids("self").filters(filter);
            call.into_paginator()
                .items()
                .send()
                .collect::<Result<Vec<_>, _>>()
        })
        .await
}

/// How far the snapshots of one image are: weighed by size, from 0 to 99 while they are being taken.
pub(super) fn percent(image: &str, snapshots: &[Snapshot]) -> u8 {
    let own = || snapshots.iter().filter(|snapshot| is_of(snapshot, image));
    let size = |snapshot: &Snapshot| f64::from(snapshot.volume_size().unwrap_or(1).max(1));
    let all: f64 = own().map(size).sum();
    let done: f64 = own().map(|snapshot| size(snapshot) * progress(snapshot)).sum();
    if all == 0.0 {
        0
    } else {
        (done / all).min(99.0) as u8
    }
}

/// The whole id: `ami-1` is not `ami-12`.
fn is_of(snapshot: &Snapshot, image: &str) -> bool {
    let description = snapshot.description().unwrap_or_default();
    description
        .split(|c: char| !c.is_alphanumeric() && c != '-')
        .any(|word| word == image)
}

/// `42%` as EC2 says it.
fn progress(snapshot: &Snapshot) -> f64 {
    let text = snapshot.progress().unwrap_or_default();
    text.trim_end_matches('%').parse().unwrap_or(0.0)
}

/// Deletes what is left of a deleted image: EC2 does not delete snapshots of an image that was still pending, and reports
/// single failures beside a good answer.
pub(super) async fn sweep(session: &Session, image: &str) -> Result<(), Trouble> {
    let left = of_images(session, &[image]).await?;
    for snapshot in left.iter().filter(|snapshot| is_of(snapshot, image)) {
        let sent = session.ask(Action::DeleteSnapshot, |aws| {
            let call = aws.ec2.delete_snapshot();
            call.set_snapshot_id(snapshot.snapshot_id().map(str::to_owned))
                .send()
        });
        // One that another image uses, too, stays with that image.
        or_gone(&["InvalidSnapshot.NotFound", "InvalidSnapshot.InUse"], sent.await)?;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn snapshot(image: &str, progress: &str, gib: i32) -> Snapshot {
        Snapshot::builder()
            .description(format!("Created by CreateImage(i-1) for {image} from vol-1"))
            .progress(progress)
            .volume_size(gib)
            .build()
    }

    #[test]
    fn progress_is_weighed_by_size() {
        let snapshots = [snapshot("ami-1", "100%", 10), snapshot("ami-1", "0%", 30)];
        assert_eq!(percent("ami-1", &snapshots), 25);
    }

    #[test]
    fn an_image_that_is_not_there_yet_is_never_at_a_hundred() {
        assert_eq!(percent("ami-1", &[snapshot("ami-1", "100%", 10)]), 99);
        assert_eq!(percent("ami-1", &[]), 0);
    }

    #[test]
    fn snapshots_of_another_image_do_not_count() {
        assert_eq!(percent("ami-1", &[snapshot("ami-12", "50%", 10)]), 0);
    }
}
