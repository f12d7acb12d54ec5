//! Eventual consistency, and answers that were lost.

use slipway_core::cloud::{AllowIngress, CreateImage, Ingress, PutTags, Tags};
use slipway_core::error::ErrorKind;
use slipway_core::ports::Cloud;

use crate::requests::{STARTED, before_launch, launch};
use crate::server::{World, ok, refuse};

#[tokio::test]
async fn a_group_that_ec2_does_not_know_yet_is_waited_for() {
    let mut tries = 0;
    let world = World::start(move |asked| {
        before_launch(asked).unwrap_or_else(|| {
            tries += 1;
            if tries < 3 {
                refuse(400, "InvalidGroup.NotFound", "no")
            } else {
                ok(STARTED)
            }
        })
    })
    .await;
    assert_eq!(world.cloud().run_instance(&launch()).await.unwrap().id, "i-1");
    let sent = world.asked("RunInstances");
    assert_eq!(sent.len(), 3);
    assert_eq!(sent[0].body, sent[2].body, "the identical request");
}

#[tokio::test]
async fn a_new_instance_that_can_not_be_tagged_yet_is_waited_for() {
    let mut tries = 0;
    let world = World::start(move |_| {
        tries += 1;
        if tries < 2 {
            refuse(400, "InvalidInstanceID.NotFound", "no")
        } else {
            ok("<CreateTagsResponse><return>true</return></CreateTagsResponse>")
        }
    })
    .await;
    let put = PutTags {
        resource: "i-1".into(),
        tags: Tags::from([("a".into(), "b".into())]),
    };
    world.cloud().put_tags(&put).await.unwrap();
}

#[tokio::test]
async fn where_a_newer_image_came_out_in_between_the_first_launch_is_adopted() {
    let world = World::start(|asked| {
        before_launch(asked).unwrap_or_else(|| match asked.action.as_str() {
            "RunInstances" => refuse(400, "IdempotentParameterMismatch", "no"),
            _ => ok("<DescribeInstancesResponse><reservationSet><item><instancesSet><item>\
                <instanceId>i-7</instanceId></item></instancesSet></item></reservationSet></DescribeInstancesResponse>"),
        })
    })
    .await;
    assert_eq!(world.cloud().run_instance(&launch()).await.unwrap().id, "i-7");
    assert!(world.asked("DescribeInstances")[0].body.contains("01JTOKEN"));
}

#[tokio::test]
async fn where_one_rule_is_open_already_only_the_others_are_sent() {
    let mut tries = 0;
    let world = World::start(move |asked| match asked.action.as_str() {
        "DescribeSecurityGroups" => ok("<DescribeSecurityGroupsResponse><securityGroupInfo><item>\
            <groupId>sg-1</groupId><ipPermissions><item><ipProtocol>tcp</ipProtocol><fromPort>3389</fromPort>\
            <toPort>3389</toPort><ipRanges><item><cidrIp>203.0.113.7/32</cidrIp></item></ipRanges></item>\
            </ipPermissions></item></securityGroupInfo></DescribeSecurityGroupsResponse>"),
        _ => {
            tries += 1;
            if tries == 1 {
                refuse(400, "InvalidPermission.Duplicate", "no")
            } else {
                ok("<AuthorizeSecurityGroupIngressResponse><return>true</return></AuthorizeSecurityGroupIngressResponse>")
            }
        }
    })
    .await;
    let rules = [3389, 8080].map(|port| Ingress {
        port,
        from: "203.0.113.7/32".into(),
    });
    let allow = AllowIngress {
        group: "sg-1".into(),
        rules: rules.to_vec(),
    };
    world.cloud().allow_ingress(&allow).await.unwrap();
    let second = &world.asked("AuthorizeSecurityGroupIngress")[1].body;
    assert!(
        second.contains("FromPort=8080") && !second.contains("FromPort=3389"),
        "{second}"
    );
}

fn image() -> CreateImage {
    CreateImage {
        instance: "i-1".into(),
        name: "My site".into(),
        description: String::new(),
        tags: Tags::from([("slipway-launch".into(), "01J".into())]),
    }
}

async fn image_of(launch: &'static str) -> World {
    World::start(move |asked| match asked.action.as_str() {
        "CreateImage" => refuse(400, "InvalidAMIName.Duplicate", "no"),
        "DescribeImages" => ok(format!(
            "<DescribeImagesResponse><imagesSet><item><imageId>ami-9</imageId><imageState>available</imageState>\
             <tagSet><item><key>slipway-launch</key><value>{launch}</value></item></tagSet></item></imagesSet>\
             </DescribeImagesResponse>"
        )),
        _ => ok("<DescribeSnapshotsResponse/>"),
    })
    .await
}

#[tokio::test]
async fn an_image_whose_answer_was_lost_is_found_again_by_its_name() {
    let made = image_of("01J")
        .await
        .cloud()
        .create_image(&image())
        .await
        .unwrap();
    assert_eq!(made.id, "ami-9");
}

#[tokio::test]
async fn somebody_elses_image_of_that_name_is_left_alone() {
    let refused = image_of("02J")
        .await
        .cloud()
        .create_image(&image())
        .await
        .unwrap_err();
    assert_eq!(refused.kind, ErrorKind::NameTaken);
}
