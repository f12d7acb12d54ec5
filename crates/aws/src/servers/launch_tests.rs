use slipway_core::cloud::{ImageChoice, Tags};

use super::*;

fn image() -> BaseImage {
    BaseImage {
        id: "ami-1".into(),
        root_device: "/dev/sda1".into(),
        root_gib: 30,
    }
}

fn request() -> RunInstance {
    RunInstance {
        token: "01J".into(),
        image: ImageChoice::Family("windows-2022".into()),
        size: "m7i.large".into(),
        disk_gib: 60,
        network: None,
        group: "sg-1".into(),
        key_name: "slipway-01J".into(),
        user_data: "# hello".into(),
        good_until: None,
        tags: Tags::from([("CreatedBy".into(), "slipway".into())]),
    }
}

fn built(request: &RunInstance) -> aws_sdk_ec2::operation::run_instances::RunInstancesInput {
    input(request, &image()).build().unwrap()
}

#[test]
fn metadata_is_hard_to_reach_and_shows_tags() {
    let input = built(&request());
    let options = input.metadata_options().unwrap();
    assert_eq!(options.http_tokens(), Some(&HttpTokensState::Required));
    assert_eq!(options.http_put_response_hop_limit(), Some(1));
    assert_eq!(
        options.instance_metadata_tags(),
        Some(&InstanceMetadataTagsState::Enabled)
    );
}

#[test]
fn the_disk_is_encrypted_and_never_smaller_than_the_images() {
    let disk = |gib| {
        let input = built(&RunInstance {
            disk_gib: gib,
            ..request()
        });
        let mapping = input.block_device_mappings()[0].clone();
        assert_eq!(mapping.device_name(), Some("/dev/sda1"));
        let disk = mapping.ebs().unwrap().clone();
        assert_eq!(
            (disk.encrypted(), disk.volume_type()),
            (Some(true), Some(&VolumeType::Gp3))
        );
        disk.volume_size()
    };
    assert_eq!((disk(60), disk(8)), (Some(60), Some(30)));
}

#[test]
fn everything_that_is_created_is_tagged() {
    let input = built(&request());
    let kinds: Vec<_> = input
        .tag_specifications()
        .iter()
        .map(|spec| spec.resource_type().unwrap().as_str())
        .collect();
    assert_eq!(kinds, ["instance", "volume", "network-interface"]);
    assert!(
        input
            .tag_specifications()
            .iter()
            .all(|spec| spec.tags()[0].key() == Some("CreatedBy"))
    );
}

#[test]
fn there_is_no_role_on_the_instance_and_a_shutdown_keeps_it() {
    let input = built(&request());
    assert!(input.iam_instance_profile().is_none());
    assert_eq!(
        input.instance_initiated_shutdown_behavior(),
        Some(&ShutdownBehavior::Stop)
    );
}

#[test]
fn a_chosen_subnet_gets_a_public_address_and_the_group() {
    let input = built(&RunInstance {
        network: Some("subnet-1".into()),
        ..request()
    });
    assert_eq!(input.security_group_ids(), [] as [&str; 0]);
    let card = &input.network_interfaces()[0];
    assert_eq!(
        (card.subnet_id(), card.associate_public_ip_address()),
        (Some("subnet-1"), Some(true))
    );
    assert_eq!(card.groups(), ["sg-1"]);
    assert_eq!(built(&request()).security_group_ids(), ["sg-1"]);
}

#[test]
fn user_data_travels_as_base64() {
    assert_eq!(built(&request()).user_data(), Some("IyBoZWxsbw=="));
}
