//! Instances: launching, reading in batches, tags, power and the end.

use slipway_aws::AwsCloud;
use slipway_core::cloud::{
    CreateSecurityGroup, ImageChoice, ImportKeyPair, Instance, InstanceFilter, InstanceState, PutTags,
    RemoveTags, RestartInstance, RunInstance, StartInstance, StopInstance, TerminateInstance,
};
use slipway_core::error::ErrorKind;
use slipway_core::ports::Cloud;

use crate::access::PUBLIC_KEY;
use crate::server::Moto;
use crate::tags;

pub const IMAGE: &str = "ami-0ffffffff0001abcd";

/// Launches a server with everything that it needs.
pub async fn launch(cloud: &AwsCloud, launch: &str) -> String {
    let name = format!("slipway-{launch}");
    let key = ImportKeyPair {
        name: name.clone(),
        public_key: PUBLIC_KEY.into(),
        tags: tags(launch),
    };
    cloud.import_key_pair(&key).await.unwrap();
    let group = CreateSecurityGroup {
        name,
        description: "Made by Slipway for one server".into(),
        network: None,
        tags: tags(launch),
    };
    let group = cloud.create_security_group(&group).await.unwrap().id;
    cloud.run_instance(&request(launch, &group)).await.unwrap().id
}

pub fn request(launch: &str, group: &str) -> RunInstance {
    RunInstance {
        token: launch.into(),
        image: ImageChoice::Own(IMAGE.into()),
        size: "m5.large".into(),
        disk_gib: 60,
        network: None,
        group: group.into(),
        key_name: format!("slipway-{launch}"),
        user_data: "# a brief".into(),
        good_until: None,
        tags: tags(launch),
    }
}

async fn one(cloud: &AwsCloud, id: &str) -> Instance {
    let filter = InstanceFilter::Ids(vec![id.into()]);
    cloud.instances(&filter).await.unwrap().remove(0)
}

#[tokio::test]
async fn a_launched_instance_is_found_by_id_and_by_launch() {
    let moto = Moto::start();
    let cloud = moto.cloud();
    let id = launch(&cloud, "01J").await;
    let found = one(&cloud, &id).await;
    assert_eq!(
        (found.state, found.size.as_str(), found.image.as_str()),
        (InstanceState::Running, "m5.large", IMAGE)
    );
    assert_eq!(found.tags, tags("01J"));
    let endpoints = found.endpoints.clone().unwrap();
    assert_eq!((endpoints.agent, endpoints.rdp, endpoints.site), (8080, 3389, 80));
    for filter in [InstanceFilter::Launch("01J".into()), InstanceFilter::Ours] {
        assert_eq!(
            cloud.instances(&filter).await.unwrap(),
            vec![found.clone()],
            "{filter:?}"
        );
    }
}

#[tokio::test]
async fn instances_that_aws_does_not_know_are_left_out() {
    let moto = Moto::start();
    let cloud = moto.cloud();
    let (first, second) = (launch(&cloud, "01J").await, launch(&cloud, "02J").await);
    let filter = InstanceFilter::Ids(vec![first.clone(), "i-0123456789abcdef0".into(), second.clone()]);
    let mut found: Vec<_> = cloud
        .instances(&filter)
        .await
        .unwrap()
        .into_iter()
        .map(|found| found.id)
        .collect();
    found.sort();
    let mut known = vec![first, second];
    known.sort();
    assert_eq!(found, known);
    assert_eq!(cloud.console("i-0123456789abcdef0").await.unwrap(), "");
}

#[tokio::test]
async fn tags_are_put_and_removed() {
    let moto = Moto::start();
    let cloud = moto.cloud();
    let id = launch(&cloud, "01J").await;
    let order = ("slipway-order-1-0".to_owned(), "sealed".to_owned());
    let put = PutTags {
        resource: id.clone(),
        tags: [order.clone()].into(),
    };
    cloud.put_tags(&put).await.unwrap();
    assert_eq!(one(&cloud, &id).await.tags.get(&order.0), Some(&order.1));
    let remove = RemoveTags {
        resource: id.clone(),
        keys: vec![order.0, "never-there".into()],
    };
    cloud.remove_tags(&remove).await.unwrap();
    assert_eq!(one(&cloud, &id).await.tags, tags("01J"));
}

#[tokio::test]
async fn an_instance_stops_starts_restarts_and_ends_and_the_end_is_safe_to_repeat() {
    let moto = Moto::start();
    let cloud = moto.cloud();
    let id = launch(&cloud, "01J").await;
    let instance = || id.clone();
    cloud
        .stop_instance(&StopInstance { instance: instance() })
        .await
        .unwrap();
    let stopped = one(&cloud, &id).await;
    assert_eq!((stopped.state, stopped.endpoints), (InstanceState::Stopped, None));
    cloud
        .start_instance(&StartInstance { instance: instance() })
        .await
        .unwrap();
    cloud
        .restart_instance(&RestartInstance { instance: instance() })
        .await
        .unwrap();
    assert_eq!(one(&cloud, &id).await.state, InstanceState::Running);
    for id in [instance(), instance(), "i-0123456789abcdef0".into()] {
        cloud
            .terminate_instance(&TerminateInstance { instance: id })
            .await
            .unwrap();
    }
    assert_eq!(one(&cloud, &id).await.state, InstanceState::Terminated);
}

#[tokio::test]
async fn what_moto_refuses_becomes_a_kind() {
    let moto = Moto::start();
    let cloud = moto.cloud();
    let absent = || "i-0123456789abcdef0".to_owned();
    let refused = cloud
        .stop_instance(&StopInstance { instance: absent() })
        .await
        .unwrap_err();
    assert_eq!(refused.kind, ErrorKind::NotFound);
    assert!(refused.request_id.is_some(), "{refused:?}");
    let image = RunInstance {
        image: ImageChoice::Own("ami-00000000000000000".into()),
        ..request("01J", "sg-0")
    };
    let refused = cloud.run_instance(&image).await.unwrap_err();
    assert_eq!(refused.kind, ErrorKind::NotFound);
    launch(&cloud, "01J").await;
    let group = cloud.security_group("slipway-01J").await.unwrap().unwrap().id;
    let size = RunInstance {
        size: "m5.enormous".into(),
        ..request("01J", &group)
    };
    let refused = cloud.run_instance(&size).await.unwrap_err();
    // EC2 itself answers InvalidParameterValue here.
    assert_eq!(refused.kind, ErrorKind::NotFound, "{refused:?}");
}
