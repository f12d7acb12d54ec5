//! Launching one instance: the request, and what becomes of it when its answer was lost.

use aws_sdk_ec2::operation::run_instances::builders::RunInstancesInputBuilder;
use aws_sdk_ec2::types::{
    BlockDeviceMapping, EbsBlockDevice, HttpTokensState, InstanceMetadataEndpointState,
    InstanceMetadataOptionsRequest, InstanceMetadataTagsState, InstanceNetworkInterfaceSpecification,
    InstanceType, ResourceType, ShutdownBehavior, VolumeType,
};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD as BASE64;
use slipway_core::cloud::{InstanceFilter, RunInstance, StartedInstance};
use slipway_core::error::{Error, ErrorKind, Result};

use super::read;
use crate::actions::Action;
use crate::ami::{BaseImage, BaseImages};
use crate::session::Session;
use crate::settle::patiently;
use crate::tags::at_creation;

/// Made just before, so EC2 may not know them yet.
const NOT_YET: [&str; 3] = [
    "InvalidGroup.NotFound",
    "InvalidKeyPair.NotFound",
    "InvalidSecurityGroupID.NotFound",
];

/// Launches exactly one instance: the same token never gives a second one.
pub(crate) async fn run(
    session: &Session,
    bases: &BaseImages,
    request: &RunInstance,
) -> Result<StartedInstance> {
    let image = bases.resolve(&request.image).await?;
    let send = || {
        let call = input(request, &image)
            .set_key_name(Some(request.key_name.clone()))
            .client_token(&request.token);
        session.ask(Action::RunInstances, |aws| {
            let ec2 = aws.ec2.clone();
            async move { call.send_with(&ec2).await }
        })
    };
    match patiently(&NOT_YET, send).await {
        Ok(answer) => {
            let id = answer
                .instances()
                .first()
                .and_then(|instance| instance.instance_id());
            let id = id.ok_or_else(|| {
                Error::new(
                    ErrorKind::CloudTrouble,
                    "AWS launched a server but did not say which.",
                )
            })?;
            Ok(StartedInstance { id: id.to_owned() })
        }
        // The first request arrived, and a newer image has come out since: that instance is ours.
        Err(trouble) if trouble.code == "IdempotentParameterMismatch" => {
            launched(session, &request.token).await?.ok_or(trouble.error)
        }
        Err(trouble) => Err(trouble.into()),
    }
}

/// By the token that EC2 keeps with the instance, not by a tag, which may be seen later than the instance.
async fn launched(session: &Session, token: &str) -> Result<Option<StartedInstance>> {
    let found = read::find(session, &InstanceFilter::Token(token.to_owned())).await?;
    Ok(found
        .into_iter()
        .next()
        .map(|instance| StartedInstance { id: instance.id }))
}

/// Everything but key pair and token, which a rehearsal lacks.
pub(crate) fn input(request: &RunInstance, image: &BaseImage) -> RunInstancesInputBuilder {
    let builder = aws_sdk_ec2::operation::run_instances::RunInstancesInput::builder()
        .image_id(&image.id)
        .instance_type(InstanceType::from(request.size.as_str()))
        .min_count(1)
        .max_count(1)
        .user_data(BASE64.encode(&request.user_data))
        .metadata_options(metadata_options())
        .block_device_mappings(root_disk(request.disk_gib, image))
        // The default, said aloud: with “terminate”, a shutdown from inside would destroy the server.
        .instance_initiated_shutdown_behavior(ShutdownBehavior::Stop);
    let kinds = [
        ResourceType::Instance,
        ResourceType::Volume,
        ResourceType::NetworkInterface,
    ];
    let tags = kinds.map(|kind| at_creation(kind, &request.tags)).to_vec();
    attach(builder.set_tag_specifications(Some(tags)), request)
}

/// A chosen subnet may not give public addresses by itself, so it is asked for; groups must then stand beside it.
fn attach(builder: RunInstancesInputBuilder, request: &RunInstance) -> RunInstancesInputBuilder {
    let groups = Some(request.group.clone())
        .filter(|group| !group.is_empty())
        .map(|group| vec![group]);
    match &request.network {
        None => builder.set_security_group_ids(groups),
        Some(subnet) => builder.network_interfaces(
            InstanceNetworkInterfaceSpecification::builder()
                .device_index(0)
                .subnet_id(subnet)
                .associate_public_ip_address(true)
                .delete_on_termination(true)
                .set_groups(groups)
                .build(),
        ),
    }
}

/// Hop limit 1 keeps containers and proxies on the server away from its metadata; tags carry our orders.
fn metadata_options() -> InstanceMetadataOptionsRequest {
    InstanceMetadataOptionsRequest::builder()
        .http_tokens(HttpTokensState::Required)
        .http_endpoint(InstanceMetadataEndpointState::Enabled)
        .http_put_response_hop_limit(1)
        .instance_metadata_tags(InstanceMetadataTagsState::Enabled)
        .build()
}

/// Never smaller than the image's own.
fn root_disk(gib: u32, image: &BaseImage) -> BlockDeviceMapping {
    let disk = EbsBlockDevice::builder()
        .volume_size(i32::try_from(gib).unwrap_or(i32::MAX).max(image.root_gib))
        .volume_type(VolumeType::Gp3)
        .encrypted(true)
        .delete_on_termination(true)
        .build();
    BlockDeviceMapping::builder()
        .device_name(&image.root_device)
        .ebs(disk)
        .build()
}

#[cfg(test)]
#[path = "launch_tests.rs"]
mod tests;
