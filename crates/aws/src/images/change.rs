//! Making and deleting images.

use aws_sdk_ec2::types::ResourceType;
use slipway_core::cloud::{CreateImage, CreatedImage, DeleteImage, ImageFilter, tag};
use slipway_core::error::Result;

use super::{read, snapshots};
use crate::actions::Action;
use crate::session::Session;
use crate::settle::or_gone;
use crate::tags::at_creation;

const GONE: [&str; 2] = ["InvalidAMIID.NotFound", "InvalidAMIID.Unavailable"];

/// Makes one, with the restart that makes its disk consistent. CreateImage has no client token, but names are unique:
/// where a lost answer left the image behind, that one is taken.
pub(crate) async fn create(session: &Session, request: &CreateImage) -> Result<CreatedImage> {
    let kinds = [ResourceType::Image, ResourceType::Snapshot];
    let tags = kinds.map(|kind| at_creation(kind, &request.tags)).to_vec();
    // EC2 refuses an empty list of tags.
    let tags = Some(tags).filter(|_| !request.tags.is_empty());
    let sent = session.ask(Action::CreateImage, |aws| {
        aws.ec2
            .create_image()
            .instance_id(&request.instance)
            .name(&request.name)
            .description(&request.description)
            .no_reboot(false)
            .set_tag_specifications(tags)
            .send()
    });
    match sent.await {
        Ok(made) => Ok(CreatedImage {
            id: made.image_id().unwrap_or_default().to_owned(),
        }),
        Err(trouble) if trouble.code == "InvalidAMIName.Duplicate" => {
            let found = read::find(session, &ImageFilter::Name(request.name.clone())).await?;
            let ours = |tags: &slipway_core::cloud::Tags| {
                tags.contains_key(tag::LAUNCH) && tags.get(tag::LAUNCH) == request.tags.get(tag::LAUNCH)
            };
            let image = found.into_iter().find(|image| ours(&image.tags));
            image
                .map(|image| CreatedImage { id: image.id })
                .ok_or(trouble.error)
        }
        Err(trouble) => Err(trouble.into()),
    }
}

/// Deletes one with its snapshots. Safe to repeat: what an interrupted run left is looked for by what EC2 wrote into
/// its description.
pub(crate) async fn delete(session: &Session, request: &DeleteImage) -> Result<()> {
    let sent = session.ask(Action::DeregisterImage, |aws| {
        let call = aws.ec2.deregister_image().image_id(&request.image);
        call.delete_associated_snapshots(true).send()
    });
    or_gone(&GONE, sent.await)?;
    Ok(snapshots::sweep(session, &request.image).await?)
}
