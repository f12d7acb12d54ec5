//! Steps that ask for a restart by their exit code.

use serde_json::json;
use slipway_protocol::Outcome;
use slipway_protocol::message::StepResult;

use crate::kills::{reboot, restarts, with_restart_program};
use crate::world::{World, applied, outcome, plan, results, script};

#[tokio::test]
async fn a_step_that_wants_a_restart_first_is_run_again_after_it() {
    let mut features = script(
        "features",
        &[],
        "echo f >> ../applied; test -e ../../restarts || exit 94",
    );
    features["restart_first_codes"] = json!([94]);
    let mut world = World::new(plan(json!([features, applied("z", &["features"])]))).await;
    with_restart_program(&world);
    world.start();
    reboot(&mut world, 1).await;
    let messages = world.end_of(1).await;
    assert_eq!(world.read("data/applied"), "f\nf\nz\n");
    assert_eq!(results(&messages, "features"), [StepResult::Done]);
    assert!(matches!(outcome(&messages, 1), Outcome::Succeeded { .. }));
}

#[tokio::test]
async fn steps_that_wait_for_the_same_restart_are_all_done_after_it() {
    let mut one = script("one", &[], "echo one >> ../applied; sleep 0.5; exit 194");
    let mut two = script("two", &[], "echo two >> ../applied; exit 194");
    one["restart_codes"] = json!([194]);
    two["restart_codes"] = json!([194]);
    let mut world = World::new(plan(json!([one, two, applied("z", &["one", "two"])]))).await;
    with_restart_program(&world);
    world.start();
    reboot(&mut world, 1).await;
    let messages = world.end_of(1).await;
    assert_eq!(restarts(&world).await, 1);
    assert_eq!(
        world.read("data/applied").lines().count(),
        3,
        "a step was run twice"
    );
    for step in ["one", "two"] {
        assert_eq!(results(&messages, step), [StepResult::Done]);
    }
}
