//! A machine from launch to termination.

mod common;

use common::World;
use slipway_core::cloud::*;
use slipway_core::ports::Cloud;

#[tokio::test(flavor = "multi_thread")]
async fn a_machine_boots_gives_its_password_and_leaves_nothing_behind() {
    let world = World::new();
    let (key, group) = world.ready().await;
    let id = world.launch(&group, "one").await;
    let running = world.reaches(&id, InstanceState::Running).await;
    assert!(running.endpoints.is_some());
    let console = world.agent_is_up(&id, 1).await;
    for line in [
        "Windows is being configured",
        "Username: Administrator",
        "Message: Windows is Ready to use",
    ] {
        assert!(console.contains(line), "{line} is missing in {console}");
    }
    let data = world
        .cloud
        .password_data(&id)
        .await
        .expect("asked")
        .expect("there");
    assert_eq!(key.decrypt(&data).chars().count(), 32);
    world.terminate(&id).await;
    assert_eq!(world.cloud.machine_processes().await.expect("listed"), []);
    assert!(!world.machine(&id).exists());
}
