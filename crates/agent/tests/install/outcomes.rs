//! How attempts end: well, badly, as practised, and after a retry.

use serde_json::json;
use slipway_protocol::Outcome;
use slipway_protocol::message::{Kind, Level, StepResult};
use slipway_protocol::order::Act;

use crate::world::{SITE_PORT, World, applied, lines, outcome, plan, results, script};

#[tokio::test]
async fn a_plan_is_worked_through_and_told() {
    let mut plan = plan(json!([
        applied("a", &[]),
        script(
            "b",
            &["a"],
            "echo out; echo err >&2; echo '##progress 0.5'; printf %s \"$SLIPWAY_STEP$SLIPWAY_ATTEMPT\""
        ),
    ]));
    plan.admin =
        Some(serde_json::from_value(json!({"user": "admin", "secret": "x", "path": "/admin"})).unwrap());
    let admin = plan.admin.clone();
    let mut world = World::new(plan).await;
    let messages = world.succeed().await;
    let Outcome::Succeeded { site, admin: told } = outcome(&messages, 1) else {
        unreachable!()
    };
    assert_eq!((site.port, told), (SITE_PORT, admin));
    assert_eq!(lines(&messages, "b").len(), 3);
    assert!(lines(&messages, "b").contains(&"b1".to_owned()));
    let complaint = messages.iter().find(|message| message.text == "err").unwrap();
    assert_eq!(complaint.level, Level::Warn);
    assert!(
        messages
            .iter()
            .any(|message| message.kind == Kind::StepProgress { done: 0.5 })
    );
    let console = world.read("console.log");
    for said in ["step a started", "step b done", "end succeeded"] {
        assert!(
            console.contains(&format!("SLIPWAY1 launch-1 {said}")),
            "{console}"
        );
    }
    assert!(
        world.read("data/install.log").contains("[b] out") || world.read("data/install.log").contains("out")
    );
}

#[tokio::test]
async fn a_retry_goes_on_from_the_failed_step_in_the_next_attempt() {
    let mut world = World::new(plan(json!([
        applied("a", &[]),
        script("b", &["a"], "test -e ../mended || { echo broken >&2; exit 3; }"),
        applied("c", &["b"]),
    ])))
    .await;
    world.start();
    let messages = world.end_of(1).await;
    let Outcome::Failed { step, reason } = outcome(&messages, 1) else {
        panic!("{messages:#?}")
    };
    assert_eq!(step.as_deref(), Some("b"));
    assert!(
        reason.contains("exit code 3") && reason.contains("broken"),
        "{reason}"
    );
    std::fs::write(world.path("data/mended"), "").unwrap();
    world.order(1, Act::Retry { restart: false });
    let messages = world.end_of(2).await;
    assert!(matches!(outcome(&messages, 2), Outcome::Succeeded { .. }));
    assert_eq!(results(&messages, "b"), [StepResult::Failed, StepResult::Done]);
    assert_eq!(world.read("data/applied"), "a\nc\n");
    assert!(world.ended().await.success());
}

#[tokio::test]
async fn a_reboot_does_not_retry_a_failed_step() {
    let mut world = World::new(plan(json!([script("a", &[], "echo ran >> ../ran; exit 1")]))).await;
    world.start();
    world.end_of(1).await;
    for _ in 0..3 {
        world.kill().await;
        world.start();
        tokio::time::sleep(std::time::Duration::from_millis(400)).await;
        assert!(world.is_running().await, "it waits for an order");
    }
    assert_eq!(world.read("data/ran"), "ran\n");
    assert_eq!(results(&world.inbox.messages(), "a"), [StepResult::Failed]);
}

#[tokio::test]
async fn a_practised_failure_is_honest_and_happens_in_the_first_attempt_only() {
    let mut plan = plan(json!([applied("a", &[]), applied("database", &["a"])]));
    plan.fail_at = Some("database".into());
    let mut world = World::new(plan).await;
    world.start();
    let messages = world.end_of(1).await;
    let Outcome::Failed { step, reason } = outcome(&messages, 1) else {
        panic!("{messages:#?}")
    };
    assert_eq!(step.as_deref(), Some("database"));
    assert!(reason.contains("practised"), "{reason}");
    assert!(
        lines(&messages, "database")
            .iter()
            .all(|line| line.starts_with("Practising a failure: "))
    );
    assert_eq!(world.read("data/applied"), "a\n");
    world.order(1, Act::Retry { restart: false });
    assert!(matches!(
        outcome(&world.end_of(2).await, 2),
        Outcome::Succeeded { .. }
    ));
    assert_eq!(world.read("data/applied"), "a\ndatabase\n");
}

#[tokio::test]
async fn a_plan_that_makes_no_sense_fails_at_once_with_a_sentence() {
    let mut plan = plan(json!([applied("a", &[])]));
    plan.fail_at = Some("databse".into());
    let mut world = World::new(plan).await;
    world.start();
    let Outcome::Failed { step, reason } = outcome(&world.end_of(1).await, 1) else {
        panic!()
    };
    assert_eq!(step, None);
    assert!(reason.contains("“databse”"), "{reason}");
    assert_eq!(world.read("data/applied"), "");
}

#[tokio::test]
async fn a_step_is_tried_again_as_often_as_the_plan_says() {
    let mut flaky = script("a", &[], "echo try >> ../tries; test $(wc -l < ../tries) -ge 3");
    flaky["retries"] = json!(2);
    let mut world = World::new(plan(json!([flaky]))).await;
    let messages = world.succeed().await;
    assert_eq!(world.read("data/tries"), "try\ntry\ntry\n");
    assert_eq!(results(&messages, "a"), [StepResult::Done]);
    assert!(
        lines(&messages, "a")
            .iter()
            .any(|line| line.starts_with("Try 2 of 3 failed"))
    );
}

#[tokio::test]
async fn a_step_whose_check_is_satisfied_is_not_carried_out() {
    let mut checked = applied("a", &[]);
    checked["check"] = json!({"exists": "${machine.work}/../there"});
    let mut world = World::new(plan(json!([checked]))).await;
    std::fs::write(world.path("data/there"), "").unwrap();
    let messages = world.succeed().await;
    assert_eq!(results(&messages, "a"), [StepResult::AlreadyDone]);
    assert_eq!(world.read("data/applied"), "");
}

#[tokio::test]
async fn on_a_full_disk_the_failure_is_still_told() {
    let folder = tempfile::tempdir().unwrap();
    let data = folder.path().join("data");
    std::fs::create_dir(&data).unwrap();
    let mount = |program: &str, args: &[&str]| {
        let status = std::process::Command::new(program).args(args).arg(&data).status();
        status.is_ok_and(|status| status.success())
    };
    if !mount("mount", &["-t", "tmpfs", "-o", "size=20m", "tmpfs"]) {
        println!("needs the right to mount a small disk; the queue's own test stands in for it");
        return;
    }
    let fill = "dd if=/dev/zero of=../fill bs=64k 2>/dev/null; seq 1 50000; exit 1";
    let mut world = World::in_folder(folder, plan(json!([script("a", &[], fill)]))).await;
    world.start();
    let messages = world.end_of(1).await;
    world.kill().await;
    mount("umount", &["-l"]);
    assert!(matches!(outcome(&messages, 1), Outcome::Failed { .. }));
    assert!(
        messages
            .iter()
            .any(|message| message.text.starts_with("The disk is full."))
    );
}
