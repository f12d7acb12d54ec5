//! Eventual consistency: what was just created is unknown to the next requests for a while.

use serde_json::json;
use slipway_core::cloud::{AllowIngress, Ingress, InstanceFilter};
use slipway_core::ports::Cloud;

use crate::world::{World, run};

/// Each create is followed by requests that need it, so several of these waits come one after the other.
const UNKNOWN_FOR: f64 = 4.0;

#[tokio::test(flavor = "multi_thread")]
async fn ours_a_launch_waits_for_what_it_created_to_become_known() {
    let world = World::on_paper();
    world.cloud.rules(&json!({"unknown_for": UNKNOWN_FOR}));
    let (_, group) = world.ready().await;
    let rules = vec![Ingress {
        port: 8080,
        from: "198.51.100.7/32".into(),
    }];
    let allow = AllowIngress {
        group: group.id.clone(),
        rules,
    };
    world
        .aws
        .allow_ingress(&allow)
        .await
        .expect("it waits for the group");
    let started = world.aws.run_instance(&run(&group, "token")).await;
    let id = started.expect("it waits for key pair and group").id;
    let ids = InstanceFilter::Ids(vec![id.clone()]);
    let unknown = world.aws.instances(&ids).await;
    assert_eq!(unknown.expect("not known yet is no error"), []);
    assert_eq!(world.aws.console(&id).await.ok().as_deref(), Some(""));
    assert_eq!(world.aws.password_data(&id).await.ok(), Some(None));
    let requests = world.cloud.told("requests");
    let mut all = requests.as_array().expect("a list").iter();
    assert!(
        all.any(|request| request["status"] == 400),
        "the cloud did refuse"
    );
}
