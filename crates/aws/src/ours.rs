//! Everything in the region that is tagged ours: for a sweep that leaves nothing unseen.

use std::collections::BTreeSet;

use aws_sdk_ec2::types::{Filter, Image, Instance, InstanceStateName, Snapshot, Volume};
use aws_smithy_types::DateTime;
use aws_smithy_types::date_time::Format;
use slipway_core::cloud::{Resource, ResourceKind, Tags, tag};
use slipway_core::error::Result;
use slipway_protocol::Time;

use crate::actions::Action;
use crate::session::{Session, Trouble};
use crate::tags::{filter, from_ec2};

/// Six requests at once, whatever there is.
pub(crate) async fn all(session: &Session) -> Result<Vec<Resource>> {
    let (servers, disks, images, snapshots, groups, key_pairs) = tokio::try_join!(
        servers(session),
        disks(session),
        images(session),
        snapshots(session),
        groups(session),
        key_pairs(session),
    )?;
    let used = used_by(&images);
    let free = snapshots
        .iter()
        .filter(|snapshot| !is_used(snapshot, &used))
        .map(snapshot);
    let images = images.iter().map(image);
    Ok(servers
        .into_iter()
        .chain(disks)
        .chain(images)
        .chain(free)
        .chain(groups)
        .chain(key_pairs)
        .collect())
}

/// By our own tag and not by the launch tag: images and their snapshots outlive the launch that they came from.
fn tagged() -> Filter {
    filter(format!("tag:{}", tag::CREATED_BY), [tag::US])
}

async fn servers(session: &Session) -> Result<Vec<Resource>, Trouble> {
    let found = crate::servers::read::describe(session, tagged()).await?;
    Ok(found
        .iter()
        .filter(|instance| !is_gone(instance))
        .map(server)
        .collect())
}

/// EC2 keeps showing a terminated instance for about an hour; it costs nothing and can't be removed.
fn is_gone(instance: &Instance) -> bool {
    let state = instance.state().and_then(|state| state.name());
    matches!(
        state,
        Some(InstanceStateName::Terminated | InstanceStateName::ShuttingDown)
    )
}

/// Only those that no instance holds: the others go with their server.
async fn disks(session: &Session) -> Result<Vec<Resource>, Trouble> {
    let unused = filter("status", ["available"]);
    let found = session.ask(Action::DescribeVolumes, |aws| {
        let call = aws.ec2.describe_volumes().filters(tagged()).filters(unused);
        call.into_paginator()
            .items()
            .send()
            .collect::<Result<Vec<_>, _>>()
    });
    Ok(found.await?.iter().map(disk).collect())
}

async fn images(session: &Session) -> Result<Vec<Image>, Trouble> {
    let found = session.ask(Action::DescribeImages, |aws| {
        let call = aws.ec2.describe_images().owners("self").filters(tagged());
        call.into_paginator()
            .items()
            .send()
            .collect::<Result<Vec<_>, _>>()
    });
    found.await
}

async fn snapshots(session: &Session) -> Result<Vec<Snapshot>, Trouble> {
    let found = session.ask(Action::DescribeSnapshots, |aws| {
        let call = aws.ec2.describe_snapshots().owner_ids("self").filters(tagged());
        call.into_paginator()
            .items()
            .send()
            .collect::<Result<Vec<_>, _>>()
    });
    found.await
}

async fn groups(session: &Session) -> Result<Vec<Resource>, Trouble> {
    let found = session.ask(Action::DescribeSecurityGroups, |aws| {
        let call = aws.ec2.describe_security_groups().filters(tagged());
        call.into_paginator()
            .items()
            .send()
            .collect::<Result<Vec<_>, _>>()
    });
    let groups = found.await?;
    let group = |group: &aws_sdk_ec2::types::SecurityGroup| Resource {
        name: group.group_name().unwrap_or_default().to_owned(),
        ..resource(
            ResourceKind::SecurityGroup,
            group.group_id(),
            from_ec2(group.tags()),
        )
    };
    Ok(groups.iter().map(group).collect())
}

/// This one call has no pages.
async fn key_pairs(session: &Session) -> Result<Vec<Resource>, Trouble> {
    let found = session.ask(Action::DescribeKeyPairs, |aws| {
        aws.ec2.describe_key_pairs().filters(tagged()).send()
    });
    let found = found.await?;
    let pair = |pair: &aws_sdk_ec2::types::KeyPairInfo| Resource {
        name: pair.key_name().unwrap_or_default().to_owned(),
        created: pair.create_time().and_then(time),
        ..resource(ResourceKind::KeyPair, pair.key_pair_id(), from_ec2(pair.tags()))
    };
    Ok(found.key_pairs().iter().map(pair).collect())
}

/// Snapshots that images name; one that is still being made names none, but is named by its snapshots.
fn used_by(images: &[Image]) -> BTreeSet<&str> {
    let disks = images.iter().flat_map(|image| image.block_device_mappings());
    let snapshots = disks.filter_map(|disk| disk.ebs()?.snapshot_id());
    snapshots
        .chain(images.iter().filter_map(|image| image.image_id()))
        .collect()
}

fn is_used(snapshot: &Snapshot, used: &BTreeSet<&str>) -> bool {
    let by_image = |word: &str| used.contains(word);
    snapshot.snapshot_id().is_some_and(by_image)
        || snapshot
            .description()
            .unwrap_or_default()
            .split_whitespace()
            .any(by_image)
}

fn resource(kind: ResourceKind, id: Option<&str>, tags: Tags) -> Resource {
    Resource {
        id: id.unwrap_or_default().to_owned(),
        kind,
        name: tags.get(tag::NAME).cloned().unwrap_or_default(),
        created: None,
        gib: None,
        size: None,
        tags,
    }
}

/// A size costs while it runs; of a stopped server only the disk does.
fn server(of: &Instance) -> Resource {
    let runs = of.state().and_then(|state| state.name()) != Some(&InstanceStateName::Stopped);
    let size = of.instance_type().map(|size| size.as_str().to_owned());
    Resource {
        created: of.launch_time().and_then(time),
        size: size.filter(|_| runs),
        ..resource(ResourceKind::Server, of.instance_id(), from_ec2(of.tags()))
    }
}

fn disk(of: &Volume) -> Resource {
    Resource {
        created: of.create_time().and_then(time),
        gib: of.size().map(f64::from),
        ..resource(ResourceKind::Disk, of.volume_id(), from_ec2(of.tags()))
    }
}

fn image(of: &Image) -> Resource {
    let disks = of
        .block_device_mappings()
        .iter()
        .filter_map(|disk| disk.ebs()?.volume_size());
    let created = of
        .creation_date()
        .and_then(|date| DateTime::from_str(date, Format::DateTime).ok());
    Resource {
        name: of.name().unwrap_or_default().to_owned(),
        created: created.as_ref().and_then(time),
        gib: Some(disks.map(f64::from).sum()),
        ..resource(ResourceKind::Image, of.image_id(), from_ec2(of.tags()))
    }
}

fn snapshot(of: &Snapshot) -> Resource {
    Resource {
        created: of.start_time().and_then(time),
        gib: of.volume_size().map(f64::from),
        ..resource(ResourceKind::Snapshot, of.snapshot_id(), from_ec2(of.tags()))
    }
}

fn time(of: &DateTime) -> Option<Time> {
    of.to_millis().ok().map(Time)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_snapshot_of_an_image_is_not_left_over_even_while_the_image_is_being_made() {
        let pending = Image::builder().image_id("ami-1").build();
        let snapshot = |description: &str| {
            Snapshot::builder()
                .snapshot_id("snap-1")
                .description(description)
                .build()
        };
        let images = [pending];
        let used = used_by(&images);
        assert!(is_used(
            &snapshot("Created by CreateImage(i-1) for ami-1 from vol-1"),
            &used
        ));
        assert!(!is_used(
            &snapshot("Created by CreateImage(i-1) for ami-12 from vol-1"),
            &used
        ));
    }
}
