//! The life of a server through our adapter: what is created is as promised, and nothing stays.

use std::collections::{BTreeMap, BTreeSet};
use std::time::{Duration, Instant};

use serde_json::{Value, json};
use slipway_core::cloud::{
    AllowIngress, CreateImage, DeleteImage, DeleteKeyPair, DeleteSecurityGroup, Image, ImageFilter,
    ImageState, Ingress, Instance, InstanceFilter, InstanceState, RevokeIngress, StartInstance, StopInstance,
    TerminateInstance,
};
use slipway_core::error::ErrorKind;
use slipway_core::ports::Cloud;

use crate::world::{World, run, tags};

#[tokio::test(flavor = "multi_thread")]
async fn rewritten_a_server_is_launched_imaged_moved_and_removed_without_a_trace() {
    let world = World::with_processes();
    let (private, group) = world.ready().await;
    let id = launched(&world, &group).await;
    let first = reaches(&world, &id, InstanceState::Running).await;
    let address = first.endpoints.expect("an address");
    assert_eq!((address.agent, address.rdp, address.site), (8080, 3389, 80));
    let sealed = soon("the password", async || {
        world.aws.password_data(&id).await.expect("asked")
    })
    .await;
    let password =
        slipway_core::password::decrypt_password_data(&sealed, &private).expect("the password opens");
    assert!(password.expose().len() > 12);
    soon("Windows is ready", async || {
        let console = world.aws.console(&id).await.expect("a console");
        console.contains("Windows is Ready to use").then_some(())
    })
    .await;
    assert!(world.aws.screenshot(&id).await.expect("a picture").is_some());
    images(&world, &id).await;
    moves(&world, &id, &address.host).await;
    remove(&world, &id, &group.id).await;
    for kind in ["instances", "key_pairs", "groups", "images", "snapshots"] {
        assert_eq!(world.there(kind), Vec::<String>::new(), "{kind} left behind");
    }
    assert_eq!(world.cloud.told("violations"), json!([]));
    audit(&world.cloud.told("requests"));
}

async fn launched(world: &World, group: &slipway_core::cloud::SecurityGroup) -> String {
    let rules = [80, 443, 3389, 8080].map(|port| Ingress {
        port,
        from: "198.51.100.7/32".into(),
    });
    let (group_id, rules) = (group.id.clone(), rules.to_vec());
    let allow = AllowIngress {
        group: group_id.clone(),
        rules: rules.clone(),
    };
    world.aws.allow_ingress(&allow).await.expect("opened");
    world
        .aws
        .allow_ingress(&allow)
        .await
        .expect("open already is fine");
    let closed = RevokeIngress {
        group: group_id,
        rules: rules[3..].to_vec(),
    };
    world.aws.revoke_ingress(&closed).await.expect("closed");
    let kept = world
        .aws
        .security_group("slipway-test")
        .await
        .expect("asked")
        .expect("there");
    assert_eq!(kept.ingress, rules[..3]);
    let request = run(group, "token-1");
    let id = world.aws.run_instance(&request).await.expect("launched").id;
    let again = world.aws.run_instance(&request).await.expect("the same");
    assert_eq!(again.id, id);
    let found = world
        .aws
        .instances(&InstanceFilter::Token("token-1".into()))
        .await
        .expect("asked");
    assert_eq!(found.len(), 1);
    id
}

async fn images(world: &World, id: &str) {
    let request = CreateImage {
        instance: id.to_owned(),
        name: "slipway test".into(),
        description: "of a test".into(),
        tags: tags(),
    };
    let image = world.aws.create_image(&request).await.expect("begun").id;
    let again = world.aws.create_image(&request).await;
    assert_eq!(again.expect("the name and our tag say which").id, image);
    let mut stranger = request.clone();
    stranger.tags.clear();
    let refused = world.aws.create_image(&stranger).await;
    let refused = refused.expect_err("the name is taken");
    assert_eq!(refused.kind, ErrorKind::NameTaken);
    let mut percents = BTreeSet::new();
    let made: Image = soon("the image", async || {
        let filter = ImageFilter::Id(image.clone());
        let seen = world.aws.images(&filter).await.expect("asked").pop()?;
        percents.insert(seen.percent);
        assert_ne!(seen.state, ImageState::Failed);
        (seen.state == ImageState::Available).then_some(seen)
    })
    .await;
    assert_eq!(made.percent, 100);
    assert!(percents.len() > 1, "its progress was seen: {percents:?}");
    assert!(made.size_gib >= 50.0);
    world
        .aws
        .delete_image(&DeleteImage { image })
        .await
        .expect("deleted");
}

async fn moves(world: &World, id: &str, before: &str) {
    let instance = id.to_owned();
    world
        .aws
        .stop_instance(&StopInstance { instance })
        .await
        .expect("stopping");
    reaches(world, id, InstanceState::Stopped).await;
    let instance = id.to_owned();
    world
        .aws
        .start_instance(&StartInstance { instance })
        .await
        .expect("starting");
    let moved = reaches(world, id, InstanceState::Running).await;
    assert_ne!(moved.endpoints.expect("an address").host, before);
}

async fn remove(world: &World, id: &str, group: &str) {
    let group = DeleteSecurityGroup {
        group: group.to_owned(),
    };
    let instance = TerminateInstance {
        instance: id.to_owned(),
    };
    world
        .aws
        .terminate_instance(&instance)
        .await
        .expect("terminating");
    world
        .aws
        .terminate_instance(&instance)
        .await
        .expect("twice is fine");
    reaches(world, id, InstanceState::Terminated).await;
    world.aws.delete_security_group(&group).await.expect("deleted");
    world
        .aws
        .delete_security_group(&group)
        .await
        .expect("twice is fine");
    let pair = DeleteKeyPair {
        name: "slipway-test".into(),
    };
    world.aws.delete_key_pair(&pair).await.expect("deleted");
    world.aws.delete_key_pair(&pair).await.expect("twice is fine");
}

/// What every launch promises: of metadata, disk, role and tags.
fn audit(requests: &Value) {
    let launches = requests.as_array().expect("a list").iter();
    for launch in launches.filter(|request| request["action"] == "RunInstances") {
        let form: BTreeMap<String, String> = pairs(launch);
        let value = |name: &str| form.get(name).map(String::as_str);
        assert_eq!(value("MetadataOptions.HttpTokens"), Some("required"));
        assert_eq!(value("MetadataOptions.HttpPutResponseHopLimit"), Some("1"));
        assert_eq!(value("MetadataOptions.InstanceMetadataTags"), Some("enabled"));
        assert_eq!(value("BlockDeviceMapping.1.Ebs.Encrypted"), Some("true"));
        assert_eq!(value("BlockDeviceMapping.1.Ebs.VolumeType"), Some("gp3"));
        assert_eq!((value("MinCount"), value("MaxCount")), (Some("1"), Some("1")));
        assert!(!form.keys().any(|name| name.starts_with("IamInstanceProfile")));
        let kinds: BTreeSet<&str> = (1..=3)
            .filter_map(|at| value(&format!("TagSpecification.{at}.ResourceType")))
            .collect();
        assert_eq!(kinds, BTreeSet::from(["instance", "network-interface", "volume"]));
    }
}

fn pairs(request: &Value) -> BTreeMap<String, String> {
    let form: Vec<(String, String)> = serde_json::from_value(request["form"].clone()).expect("pairs");
    form.into_iter().collect()
}

async fn reaches(world: &World, id: &str, state: InstanceState) -> Instance {
    soon(&format!("{id} is {state:?}"), async || {
        let filter = InstanceFilter::Ids(vec![id.to_owned()]);
        let seen = world.aws.instances(&filter).await.expect("asked").pop()?;
        (seen.state == state).then_some(seen)
    })
    .await
}

async fn soon<T>(what: &str, mut look: impl AsyncFnMut() -> Option<T>) -> T {
    let since = Instant::now();
    loop {
        if let Some(found) = look().await {
            return found;
        }
        assert!(since.elapsed() < Duration::from_secs(60), "not seen: {what}");
        tokio::time::sleep(Duration::from_millis(100)).await;
    }
}
