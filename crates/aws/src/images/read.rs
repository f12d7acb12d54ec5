//! Reading images, with the progress of their snapshots.

use aws_sdk_ec2::types::{Filter, Image as Ec2Image, ImageState as Ec2State, Snapshot};
use aws_smithy_types::DateTime;
use aws_smithy_types::date_time::Format;
use slipway_core::cloud::{Image, ImageFilter, ImageState, tag};
use slipway_core::error::Result;
use slipway_protocol::Time;

use super::snapshots;
use crate::actions::Action;
use crate::session::Session;
use crate::tags::{filter, from_ec2};

/// Own images only; by filter, because asking by id fails where AWS does not know one yet.
pub(crate) async fn find(session: &Session, wanted: &ImageFilter) -> Result<Vec<Image>> {
    let filter = to_filter(wanted);
    let found = session
        .ask(Action::DescribeImages, |aws| {
            let call = aws.ec2.describe_images().owners("self").filters(filter);
            call.into_paginator()
                .items()
                .send()
                .collect::<Result<Vec<_>, _>>()
        })
        .await?;
    let pending: Vec<&str> = found
        .iter()
        .filter(|image| is_pending(image))
        .filter_map(|image| image.image_id())
        .collect();
    let snapshots = snapshots::of_images(session, &pending).await?;
    Ok(found.iter().map(|found| image(found, &snapshots)).collect())
}

/// Names are unique in account and region, so a name gives one image at most.
fn to_filter(wanted: &ImageFilter) -> Filter {
    match wanted {
        ImageFilter::Id(id) => filter("image-id", [id]),
        ImageFilter::Name(name) => filter("name", [escaped(name)]),
        ImageFilter::Ours => filter(format!("tag:{}", tag::CREATED_BY), [tag::US]),
    }
}

/// Filters take `*` and `?` for wildcards; brackets are allowed in names and are literal.
fn escaped(name: &str) -> String {
    name.replace('\\', "\\\\").replace('*', "\\*").replace('?', "\\?")
}

fn is_pending(image: &Ec2Image) -> bool {
    state(image) == ImageState::Pending
}

/// While an image is pending EC2 says nothing of how far it is; its snapshots do.
fn image(of: &Ec2Image, snapshots: &[Snapshot]) -> Image {
    let id = of.image_id().unwrap_or_default();
    let state = state(of);
    let disks = of.block_device_mappings().iter().filter_map(|disk| disk.ebs());
    let created = of
        .creation_date()
        .and_then(|date| DateTime::from_str(date, Format::DateTime).ok());
    Image {
        id: id.to_owned(),
        name: of.name().unwrap_or_default().to_owned(),
        description: of.description().unwrap_or_default().to_owned(),
        state,
        state_reason: of
            .state_reason()
            .and_then(|reason| reason.message())
            .map(str::to_owned),
        percent: if state == ImageState::Available {
            100
        } else {
            snapshots::percent(id, snapshots)
        },
        size_gib: disks.filter_map(|disk| disk.volume_size()).map(f64::from).sum(),
        created: created
            .and_then(|date| date.to_millis().ok())
            .map_or(Time::default(), Time),
        tags: from_ec2(of.tags()),
    }
}

/// Failed only where AWS says so for good: “transient” and states that this version does not know are still on their
/// way.
fn state(of: &Ec2Image) -> ImageState {
    match of.state() {
        Some(Ec2State::Available) => ImageState::Available,
        Some(Ec2State::Failed | Ec2State::Error | Ec2State::Invalid) => ImageState::Failed,
        Some(Ec2State::Deregistered | Ec2State::Disabled) => ImageState::Gone,
        _ => ImageState::Pending,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn state_of(word: &str) -> ImageState {
        state(&Ec2Image::builder().state(Ec2State::from(word)).build())
    }

    #[test]
    fn an_image_is_failed_only_when_aws_says_so() {
        for word in ["pending", "transient", "a-new-state"] {
            assert_eq!(state_of(word), ImageState::Pending, "{word}");
        }
        for word in ["failed", "error", "invalid"] {
            assert_eq!(state_of(word), ImageState::Failed, "{word}");
        }
        assert_eq!(state_of("available"), ImageState::Available);
        assert_eq!(state_of("deregistered"), ImageState::Gone);
    }

    #[test]
    fn a_name_with_wildcards_means_itself() {
        assert_eq!(escaped("a*b?c [1]"), "a\\*b\\?c [1]");
    }
}
