//! What kill -9 and bad luck do to machines, and what the next reader makes of it.

mod common;

use common::{SPEED, World, kill, until};
use slipway_core::cloud::*;
use slipway_core::ports::Cloud;
use slipway_practice::OsProcess;

impl World {
    async fn processes(&self) -> Vec<OsProcess> {
        self.cloud.machine_processes().await.expect("listed")
    }

    async fn machine_process(&self) -> u32 {
        let processes = self.processes().await;
        let machine = processes
            .iter()
            .find(|process| process.name.starts_with("slipway-practic"));
        machine.expect("a machine runs").pid
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_machine_that_was_killed_is_reported_as_stopped_and_can_be_started_again() {
    let (world, id) = World::with_server("killed").await;
    let before = world.instance(&id).await.expect("there").endpoints;
    kill(world.machine_process().await);
    let stopped = world.reaches(&id, InstanceState::Stopped).await;
    assert!(
        stopped
            .state_reason
            .is_some_and(|reason| reason.contains("ended unexpectedly"))
    );
    assert_eq!(stopped.endpoints, None);
    assert_eq!(world.processes().await, [], "the orphaned agent is ended too");

    world
        .cloud
        .start_instance(&StartInstance { instance: id.clone() })
        .await
        .expect("started");
    world.agent_is_up(&id, 2).await;
    let again = world.reaches(&id, InstanceState::Running).await;
    assert_eq!(again.endpoints, before, "the same address");
    assert_eq!(again.state_reason, None);
    world.terminate(&id).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn terminating_a_killed_machine_leaves_no_process_and_no_folder() {
    let (world, id) = World::with_server("killed").await;
    assert!(
        world.processes().await.len() >= 3,
        "machine, agent and the agent's child"
    );
    kill(world.machine_process().await);
    world.terminate(&id).await;
    assert_eq!(world.processes().await, []);
    assert!(!world.machine(&id).exists());
}

#[tokio::test(flavor = "multi_thread")]
async fn a_dead_agent_is_started_again() {
    let world = World::new();
    let (_, group) = world.ready().await;
    let id = world.launch(&group, "agent").await;
    let console = world.agent_is_up(&id, 1).await;
    let pid = console.rsplit_once("stand-in agent pid ").expect("told").1.trim();
    kill(pid.parse().expect("a number"));
    world.agent_is_up(&id, 2).await;
    world.terminate(&id).await;
    assert_eq!(world.processes().await, []);
}

#[tokio::test(flavor = "multi_thread")]
async fn stop_start_and_restart_keep_the_address_and_the_password() {
    let (world, id) = World::with_server("again").await;
    let first = world.instance(&id).await.expect("there");
    let password = world.cloud.password_data(&id).await.expect("asked");

    world
        .cloud
        .restart_instance(&RestartInstance { instance: id.clone() })
        .await
        .expect("asked");
    world.agent_is_up(&id, 2).await;
    world.stop(&id).await;
    assert_eq!(world.processes().await, []);
    world
        .cloud
        .stop_instance(&StopInstance { instance: id.clone() })
        .await
        .expect("stopped already");
    let refused = world
        .cloud
        .restart_instance(&RestartInstance { instance: id.clone() })
        .await;
    assert!(refused.is_err());
    world
        .cloud
        .start_instance(&StartInstance { instance: id.clone() })
        .await
        .expect("asked");
    world.agent_is_up(&id, 3).await;

    let last = world.instance(&id).await.expect("there");
    assert_eq!(first.endpoints, last.endpoints);
    assert_eq!(password, world.cloud.password_data(&id).await.expect("asked"));
    let console = world.cloud.console(&id).await.expect("console");
    assert_eq!(console.matches("Username:").count(), 1, "one password a life");
    world.terminate(&id).await;
}

/// Tells the starter of a test where the world is and what to launch in it.
const STARTER: &str = "PRACTICE_TEST_STARTER";

/// Not a test of its own: a window that launches a machine and then hangs.
#[tokio::test]
async fn as_a_starter() {
    let Ok(order) = std::env::var(STARTER) else {
        return;
    };
    let (folder, request) = order.split_once('\n').expect("folder and request");
    let mut options = World::new().options.clone();
    options.folder = folder.into();
    let request: RunInstance = serde_json::from_str(request).expect("a request");
    let cloud = slipway_practice::PracticeCloud::open(options).expect("opened");
    cloud.run_instance(&request).await.expect("launched");
    std::future::pending::<()>().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_machine_outlives_its_starter_and_is_found_again() {
    let world = World::new();
    let (_, group) = world.ready().await;
    let request = serde_json::to_string(&world.request(&group, "outlives")).expect("JSON");
    let mut starter = std::process::Command::new(std::env::current_exe().expect("this program"))
        .args(["--exact", "as_a_starter"])
        .env(STARTER, format!("{}\n{request}", world.options.folder.display()))
        .spawn()
        .expect("started");
    // Not by the port: its reads would start a machine that the starter has not started.
    until("the machine runs", async || {
        let processes = world.processes().await;
        processes
            .iter()
            .any(|process| process.name.starts_with("slipway-practic"))
            .then_some(())
    })
    .await;
    starter.kill().expect("killed");
    starter.wait().expect("ended");
    let found = world.cloud.instances(&InstanceFilter::Ours).await.expect("asked");
    assert_eq!(found.len(), 1);
    world.agent_is_up(&found[0].id, 1).await;
    world.terminate(&found[0].id).await;
    assert_eq!(world.processes().await, []);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_machine_whose_starter_was_killed_is_started_by_the_next_reader() {
    let world = World::new();
    let (_, group) = world.ready().await;
    let mut never = world.options.clone();
    // A starter that is killed at once leaves what a program without a machine leaves: a claim and nobody behind it.
    never.machine_program = std::env::current_exe().expect("this program");
    let killed = slipway_practice::PracticeCloud::open(never).expect("opened");
    let id = killed
        .run_instance(&world.request(&group, "orphan"))
        .await
        .expect("launched")
        .id;
    world.agent_is_up_eventually(&id).await;
    world.terminate(&id).await;
}

impl World {
    async fn agent_is_up_eventually(&self, id: &str) {
        until("the machine comes up", async || {
            self.instance(id).await?;
            let console = self.cloud.console(id).await.expect("console");
            console.contains("stand-in agent").then_some(())
        })
        .await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_port_that_another_program_took_is_named_and_the_machine_starts_once_it_is_free() {
    let (world, id) = World::with_server("port").await;
    let port = world
        .instance(&id)
        .await
        .and_then(|it| it.endpoints)
        .expect("running")
        .agent;
    let (stop, start) = (
        StopInstance { instance: id.clone() },
        StartInstance { instance: id.clone() },
    );
    world.cloud.stop_instance(&stop).await.expect("asked");
    world.reaches(&id, InstanceState::Stopped).await;
    let other_program = std::net::TcpListener::bind(("127.0.0.1", port)).expect("free");
    world.cloud.start_instance(&start).await.expect("asked");
    let refused = world.reaches(&id, InstanceState::Stopped).await;
    let reason = refused.state_reason.unwrap_or_default();
    assert_eq!(reason.matches(&format!("port {port}")).count(), 1, "{reason}");
    drop(other_program);
    world.cloud.start_instance(&start).await.expect("asked");
    world.agent_is_up(&id, 2).await;
    world.terminate(&id).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_machine_whose_world_is_removed_ends_by_itself() {
    let world = World::at_speed(SPEED);
    let (_, group) = world.ready().await;
    let id = world.launch(&group, "lost").await;
    world.agent_is_up(&id, 1).await;
    let machines = world.options.folder.join("machines");
    std::fs::remove_dir_all(&machines).expect("removed");
    until("nothing is left", async || {
        world.processes().await.is_empty().then_some(())
    })
    .await;
}
