//! What is sent to AWS, and what is read from its answers.

use std::time::Duration;

use slipway_core::cloud::{ImageChoice, ImageFilter, ImageState, RunInstance, Tags};
use slipway_core::ports::Cloud;

use crate::server::{Asked, Reply, World, ok, refuse};

const IMAGE: &str = "<DescribeImagesResponse><imagesSet><item><imageId>ami-1</imageId>\
    <rootDeviceName>/dev/sda1</rootDeviceName><blockDeviceMapping><item><deviceName>/dev/sda1</deviceName>\
    <ebs><volumeSize>30</volumeSize></ebs></item></blockDeviceMapping></item></imagesSet></DescribeImagesResponse>";

/// A launch of the newest Windows Server 2022.
pub fn launch() -> RunInstance {
    RunInstance {
        token: "01JTOKEN".into(),
        image: ImageChoice::Family("windows-2022".into()),
        size: "m7i.large".into(),
        disk_gib: 60,
        network: None,
        group: "sg-1".into(),
        key_name: "slipway-01J".into(),
        user_data: "# hello".into(),
        good_until: None,
        tags: Tags::from([("slipway-launch".into(), "01J".into())]),
    }
}

/// Everything that a launch asks for before it asks for the server.
pub fn before_launch(asked: &Asked) -> Option<Reply> {
    match asked.action.as_str() {
        "GetParameter" => Some(ok(r#"{"Parameter":{"Name":"x","Value":"ami-1"}}"#)),
        "DescribeImages" => Some(ok(IMAGE)),
        _ => None,
    }
}

/// An answer with one instance.
pub const STARTED: &str = "<RunInstancesResponse><instancesSet><item><instanceId>i-1</instanceId></item></instancesSet></RunInstancesResponse>";

#[tokio::test]
async fn the_newest_image_is_asked_for_anew_at_later_launches_and_the_request_is_as_it_should_be() {
    let world = World::start(|asked| before_launch(asked).unwrap_or_else(|| ok(STARTED))).await;
    let cloud = world.cloud();
    for later in 1..=2 {
        let request = launch();
        let together = tokio::join!(cloud.run_instance(&request), cloud.run_instance(&request));
        assert_eq!(
            (together.0.unwrap().id, together.1.unwrap().id),
            ("i-1".into(), "i-1".into())
        );
        assert_eq!(world.asked("GetParameter").len(), later);
        tokio::time::pause();
        tokio::time::advance(Duration::from_secs(10)).await;
        tokio::time::resume();
    }
    let parameters = world.asked("GetParameter");
    assert!(
        parameters[0]
            .body
            .contains("/aws/service/ami-windows-latest/Windows_Server-2022-English-Full-Base")
    );
    let sent = &world.asked("RunInstances")[0].body;
    for part in [
        "ClientToken=01JTOKEN",
        "ImageId=ami-1",
        "MinCount=1&MaxCount=1",
        "MetadataOptions.HttpTokens=required",
        "MetadataOptions.HttpPutResponseHopLimit=1",
        "MetadataOptions.InstanceMetadataTags=enabled",
        "BlockDeviceMapping.1.Ebs.Encrypted=true",
        "BlockDeviceMapping.1.Ebs.VolumeType=gp3",
        "InstanceInitiatedShutdownBehavior=stop",
        "UserData=IyBoZWxsbw%3D%3D",
        "KeyName=slipway-01J",
        "SecurityGroupId.1=sg-1",
    ] {
        let sorted: Vec<&str> = part.split('&').collect();
        assert!(
            sorted
                .iter()
                .all(|part| sent.split('&').any(|sent| sent == *part)),
            "{part} in {sent}"
        );
    }
    assert!(!sent.contains("IamInstanceProfile"));
}

#[tokio::test]
async fn the_console_is_asked_for_live_and_the_password_comes_without_line_breaks() {
    let world = World::start(|asked| match asked.action.as_str() {
        "GetConsoleOutput" => ok(
            "<GetConsoleOutputResponse><output>V2luZG93cyBpcyBSZWFkeQ==</output></GetConsoleOutputResponse>",
        ),
        _ => {
            ok("<GetPasswordDataResponse><passwordData>\r\nYWJj\r\n</passwordData></GetPasswordDataResponse>")
        }
    })
    .await;
    let cloud = world.cloud();
    assert_eq!(cloud.console("i-1").await.unwrap(), "Windows is Ready");
    assert!(world.asked("GetConsoleOutput")[0].body.contains("Latest=true"));
    assert_eq!(cloud.password_data("i-1").await.unwrap().as_deref(), Some("YWJj"));
}

#[tokio::test]
async fn no_password_yet_is_none() {
    let world =
        World::start(|_| ok("<GetPasswordDataResponse><passwordData/></GetPasswordDataResponse>")).await;
    assert_eq!(world.cloud().password_data("i-1").await.unwrap(), None);
}

#[tokio::test]
async fn a_pending_image_tells_how_far_its_snapshots_are() {
    let world = World::start(|asked| match asked.action.as_str() {
        "DescribeImages" => ok(
            "<DescribeImagesResponse><imagesSet><item><imageId>ami-9</imageId>\
            <imageState>pending</imageState></item></imagesSet></DescribeImagesResponse>",
        ),
        _ => ok(
            "<DescribeSnapshotsResponse><snapshotSet><item><snapshotId>snap-1</snapshotId>\
            <description>Created by CreateImage(i-1) for ami-9</description><progress>42%</progress>\
            <volumeSize>60</volumeSize></item></snapshotSet></DescribeSnapshotsResponse>",
        ),
    })
    .await;
    let found = world
        .cloud()
        .images(&ImageFilter::Id("ami-9".into()))
        .await
        .unwrap();
    assert_eq!((found[0].state, found[0].percent), (ImageState::Pending, 42));
}

#[tokio::test]
async fn an_address_that_is_none_is_refused() {
    let world = World::start(|_| ok("<html>Sign in to the hotel</html>")).await;
    let refused = world.cloud().own_address().await.unwrap_err();
    assert!(refused.hint.contains("sign-in page"), "{refused:?}");
    let world = World::start(|_| ok("203.0.113.7\n")).await;
    assert_eq!(world.cloud().own_address().await.unwrap(), "203.0.113.7");
    let world = World::start(|_| refuse(503, "x", "y")).await;
    assert!(world.cloud().own_address().await.is_err());
}
