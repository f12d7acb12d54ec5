//! Tags, in both directions.

use aws_sdk_ec2::types::{Filter, ResourceType, Tag, TagSpecification};
use slipway_core::cloud::{PutTags, RemoveTags, Tags};
use slipway_core::error::Result;

use crate::actions::Action;
use crate::session::Session;
use crate::settle::patiently;

/// Ours, of EC2's.
pub(crate) fn from_ec2(tags: &[Tag]) -> Tags {
    tags.iter()
        .filter_map(|tag| Some((tag.key()?.to_owned(), tag.value().unwrap_or_default().to_owned())))
        .collect()
}

fn to_ec2(tags: &Tags) -> Vec<Tag> {
    tags.iter()
        .map(|(key, value)| Tag::builder().key(key).value(value).build())
        .collect()
}

/// Tags for a resource at its creation.
pub(crate) fn at_creation(kind: ResourceType, tags: &Tags) -> TagSpecification {
    TagSpecification::builder()
        .resource_type(kind)
        .set_tags(Some(to_ec2(tags)))
        .build()
}

/// A filter of a describe call. At most 200 values.
pub(crate) fn filter<V: Into<String>>(
    name: impl Into<String>,
    values: impl IntoIterator<Item = V>,
) -> Filter {
    let values = values.into_iter().map(Into::into).collect();
    Filter::builder().name(name).set_values(Some(values)).build()
}

/// Replaces the values of these tags. The resource may be so new that AWS does not know it yet.
pub(crate) async fn put(session: &Session, request: &PutTags) -> Result<()> {
    let not_yet = ["InvalidInstanceID.NotFound", "InvalidID"];
    let send = || {
        session.ask(Action::CreateTags, |aws| {
            let call = aws.ec2.create_tags().resources(&request.resource);
            call.set_tags(Some(to_ec2(&request.tags))).send()
        })
    };
    patiently(&not_yet, send).await?;
    Ok(())
}

/// Removes tags, whatever their value.
pub(crate) async fn remove(session: &Session, request: &RemoveTags) -> Result<()> {
    let keys = request.keys.iter().map(|key| Tag::builder().key(key).build());
    let keys: Vec<_> = keys.collect();
    session
        .ask(Action::DeleteTags, |aws| {
            let call = aws.ec2.delete_tags().resources(&request.resource);
            call.set_tags(Some(keys)).send()
        })
        .await?;
    Ok(())
}
