//! kill -9 at every point of a plan, standing for a power cut: the install goes on, and nothing is done twice.

use std::collections::BTreeMap;
use std::path::Path;
use std::time::Duration;

use serde_json::{Value, json};
use slipway_protocol::message::{Kind, StepResult};
use slipway_protocol::order::Act;
use slipway_protocol::{Message, Outcome, Plan};

use crate::world::{World, applied, lines, outcome, plan, results, script};

const STEPS: [&str; 6] = ["a", "b", "c", "d", "e", "f"];
const NEEDS: [&[&str]; 6] = [&[], &["a"], &["a"], &["b", "c"], &["d"], &["e"]];

/// Two of the steps run side by side; one takes longer, so that they do not end in the same moment.
fn six_steps() -> Plan {
    let steps = STEPS.iter().zip(NEEDS).map(|(id, needs)| match *id {
        "c" => script(id, needs, "sleep 0.5; echo c >> ../applied"),
        _ => applied(id, needs),
    });
    plan(Value::Array(steps.collect()))
}

#[derive(Clone, Copy, Debug)]
enum When {
    Before,
    During,
    After,
}

/// Waits until the journal holds an entry of a step.
async fn journal_has(world: &World, entry: &str, step: &str) {
    let start = format!("\"entry\":\"{entry}\",\"step\":\"{step}\"");
    let waiting = async {
        while !world.read("data/journal.jsonl").contains(&start) {
            tokio::time::sleep(Duration::from_millis(1)).await;
        }
    };
    let waited = tokio::time::timeout(Duration::from_secs(20), waiting).await;
    assert!(
        waited.is_ok(),
        "no {entry} of {step}: {}",
        world.read("data/journal.jsonl")
    );
}

async fn journal_exists(world: &World) {
    while !world.path("data/journal.jsonl").exists() {
        tokio::time::sleep(Duration::from_millis(1)).await;
    }
}

async fn reach(world: &World, step: &str, when: When) {
    match when {
        When::Before => {
            let at = STEPS.iter().position(|id| *id == step).unwrap();
            match NEEDS[at].last() {
                Some(before) => journal_has(world, "step_ended", before).await,
                None => journal_exists(world).await,
            }
        }
        When::During => {
            journal_has(world, "step_started", step).await;
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
        When::After => journal_has(world, "step_ended", step).await,
    }
}

fn assert_each_once(world: &World, messages: &[Message], what: &str) {
    let mut times: BTreeMap<String, u32> = BTreeMap::new();
    for line in world.read("data/applied").lines() {
        *times.entry(line.to_owned()).or_default() += 1;
    }
    let once: BTreeMap<String, u32> = STEPS.iter().map(|id| ((*id).to_owned(), 1)).collect();
    assert_eq!(times, once, "{what}");
    for id in STEPS {
        assert_eq!(results(messages, id), [StepResult::Done], "{what}: {id}");
    }
    assert!(
        matches!(outcome(messages, 1), Outcome::Succeeded { .. }),
        "{what}"
    );
}

async fn survives(step: &str, when: When) {
    let mut world = World::new(six_steps()).await;
    world.start();
    reach(&world, step, when).await;
    world.cut_power().await;
    let done_before = world.read("data/applied");
    let messages = world.succeed().await;
    let what = format!("power cut {when:?} {step}");
    assert!(world.read("data/applied").starts_with(&done_before), "{what}");
    assert_each_once(&world, &messages, &what);
}

#[tokio::test]
async fn a_power_cut_before_during_or_after_any_step_loses_and_doubles_nothing() {
    for when in [When::Before, When::During, When::After] {
        futures_util::future::join_all(STEPS.map(|step| survives(step, when))).await;
    }
}

#[tokio::test]
async fn the_journal_cut_after_any_entry_leads_to_the_same_end() {
    let mut world = World::new(six_steps()).await;
    world.succeed().await;
    let journal = world.read("data/journal.jsonl");
    let entries: Vec<&str> = journal.split_inclusive('\n').collect();
    for cut in 0..entries.len() {
        let mut other = World::new(six_steps()).await;
        let kept = &entries[..cut];
        std::fs::write(other.path("data/journal.jsonl"), kept.concat()).unwrap();
        let ended = kept.iter().filter(|entry| entry.contains("step_ended"));
        let applied: String = ended
            .map(|entry| {
                serde_json::from_str::<Value>(entry).unwrap()["step"]
                    .as_str()
                    .unwrap()
                    .to_owned()
                    + "\n"
            })
            .collect();
        std::fs::write(other.path("data/applied"), applied).unwrap();
        let messages = other.succeed().await;
        assert_each_once(&other, &messages, &format!("journal cut after {cut} entries"));
    }
}

#[tokio::test]
async fn the_installer_killed_alone_does_not_let_a_step_run_twice_at_once() {
    let steps = json!([script("a", &[], "sleep 1; echo a >> ../applied")]);
    let mut world = World::new(plan(steps)).await;
    world.start();
    journal_has(&world, "step_started", "a").await;
    tokio::time::sleep(Duration::from_millis(100)).await;
    world.kill().await;
    let messages = world.succeed().await;
    assert_eq!(world.read("data/applied"), "a\n");
    assert!(
        lines(&messages, "a")[0].contains("interrupted"),
        "{:?}",
        lines(&messages, "a")
    );
}

#[tokio::test]
async fn a_second_installer_waits_until_the_first_is_gone() {
    let mut world = World::new(plan(json!([script("a", &[], "sleep 1; echo a >> ../applied")]))).await;
    world.start();
    journal_has(&world, "step_started", "a").await;
    let mut second = world.another();
    tokio::time::sleep(Duration::from_millis(300)).await;
    let starts = |log: String| log.matches("The installer").count();
    assert_eq!(starts(world.read("data/install.log")), 1);
    world.end_of(1).await;
    assert!(world.ended().await.success());
    assert!(second.wait().await.unwrap().success());
    assert_eq!(starts(world.read("data/install.log")), 2);
    assert_eq!(world.read("data/applied"), "a\n");
}

#[tokio::test]
async fn an_installer_that_is_asked_to_stop_leaves_no_program_behind() {
    let steps = json!([script(
        "a",
        &[],
        "while :; do echo x >> ../beats; sleep 0.05; done"
    )]);
    let mut world = World::new(plan(steps)).await;
    world.start();
    journal_has(&world, "step_started", "a").await;
    tokio::time::sleep(Duration::from_millis(200)).await;
    world.stop().await;
    let beats = world.read("data/beats");
    assert!(!beats.is_empty());
    tokio::time::sleep(Duration::from_millis(300)).await;
    assert_eq!(world.read("data/beats"), beats);
}

/// A program that only notes that it ran; the test then plays the machine that goes down.
pub fn with_restart_program(world: &World) {
    world.program("restart", "echo restarted >> restarts");
}

pub async fn restarts(world: &World) -> usize {
    world.read("restarts").lines().count()
}

/// Waits for the restart program to have run, then ends everything and starts the installer again.
pub async fn reboot(world: &mut World, times: usize) {
    let waiting = async {
        while restarts(world).await < times || !called(&world.path("data/journal.jsonl"), times) {
            tokio::time::sleep(Duration::from_millis(2)).await;
        }
    };
    tokio::time::timeout(Duration::from_secs(20), waiting)
        .await
        .expect("the restart program runs");
    world.cut_power().await;
    world.start();
}

fn called(journal: &Path, times: usize) -> bool {
    std::fs::read_to_string(journal)
        .unwrap()
        .matches("restart_called")
        .count()
        >= times
}

#[tokio::test]
async fn a_restart_step_restarts_once_when_nothing_runs_and_goes_on_afterwards() {
    let steps = json!([
        applied("a", &[]),
        applied("beside", &[]),
        {"id": "r", "title": "r", "kind": "restart", "needs": ["a"]},
        applied("z", &["r"]),
    ]);
    let mut world = World::new(plan(steps)).await;
    with_restart_program(&world);
    world.start();
    reboot(&mut world, 1).await;
    let messages = world.end_of(1).await;
    assert_eq!(restarts(&world).await, 1);
    assert_eq!(results(&messages, "r"), [StepResult::Done]);
    assert_eq!(world.read("data/applied").lines().count(), 3);
    let position = |wanted: &dyn Fn(&Message) -> bool| messages.iter().position(wanted).unwrap();
    let restart = position(&|message| message.kind == Kind::Restart);
    let of = |id: &'static str| {
        move |message: &Message| {
            message.step.as_deref() == Some(id) && matches!(message.kind, Kind::StepFinished { .. })
        }
    };
    assert!(position(&of("beside")) < restart && restart < position(&of("z")));
}

#[tokio::test]
async fn an_exit_code_that_asks_for_a_restart_gets_one() {
    let mut installer = script("msi", &[], "echo msi >> ../applied; exit 194");
    installer["restart_codes"] = json!([194]);
    let mut world = World::new(plan(json!([installer, applied("z", &["msi"])]))).await;
    with_restart_program(&world);
    world.start();
    reboot(&mut world, 1).await;
    let messages = world.end_of(1).await;
    assert_eq!(world.read("data/applied"), "msi\nz\n");
    assert_eq!(results(&messages, "msi"), [StepResult::Done]);
}

/// Starts a plan with one restart from a journal in which that restart has come so far.
async fn with_journal(entries: &[Value]) -> World {
    let steps = json!([{"id": "r", "title": "r", "kind": "restart"}, applied("z", &["r"])]);
    let world = World::new(plan(steps)).await;
    with_restart_program(&world);
    let head = [
        json!({"time": 1, "entry": "attempt_started", "attempt": 1}),
        json!({"time": 2, "entry": "step_started", "step": "r", "try_number": 1}),
        json!({"time": 3, "entry": "restart_wanted", "step": "r"}),
    ];
    let lines: String = head
        .iter()
        .chain(entries)
        .map(|entry| format!("{entry}\n"))
        .collect();
    std::fs::write(world.path("data/journal.jsonl"), lines).unwrap();
    world
}

#[tokio::test]
async fn a_kill_around_the_restart_program_neither_skips_the_restart_nor_repeats_it_for_ever() {
    let calling = json!({"time": 4, "entry": "restart_calling"});
    let called = json!({"time": 5, "entry": "restart_called"});
    for (entries, expected) in [
        (vec![], 1),
        (vec![calling.clone()], 1),
        (vec![calling.clone(), called], 0),
        (vec![calling.clone(), calling], 0),
    ] {
        let mut world = with_journal(&entries).await;
        world.start();
        if expected > 0 {
            let waiting = async {
                while restarts(&world).await == 0 || !called_at_all(&world) {
                    tokio::time::sleep(Duration::from_millis(2)).await;
                }
            };
            tokio::time::timeout(Duration::from_secs(20), waiting)
                .await
                .unwrap();
            world.cut_power().await;
            world.start();
        }
        let messages = world.end_of(1).await;
        assert!(
            matches!(outcome(&messages, 1), Outcome::Succeeded { .. }),
            "{entries:?}"
        );
        assert_eq!(restarts(&world).await, expected, "{entries:?}");
    }
}

fn called_at_all(world: &World) -> bool {
    called(&world.path("data/journal.jsonl"), 1)
}

#[tokio::test]
async fn a_plan_that_restarts_in_a_circle_ends_with_a_sentence() {
    let restarts = (0..6).map(|at| match at {
        0 => json!({"id": "r0", "title": "r", "kind": "restart"}),
        _ => json!({"id": format!("r{at}"), "title": "r", "kind": "restart", "needs": [format!("r{}", at - 1)]}),
    });
    let mut world = World::new(plan(Value::Array(restarts.collect()))).await;
    with_restart_program(&world);
    world.start();
    for times in 1..=5 {
        reboot(&mut world, times).await;
    }
    let Outcome::Failed { step, reason } = outcome(&world.end_of(1).await, 1) else {
        panic!()
    };
    assert_eq!(step.as_deref(), Some("r5"));
    assert!(reason.contains("5 times"), "{reason}");
}

#[tokio::test]
async fn a_machine_that_can_not_restart_fails_the_step_with_the_reason() {
    let steps = json!([{"id": "r", "title": "r", "kind": "restart"}]);
    let mut world = World::new(plan(steps)).await;
    world.program("restart", "exit 7");
    world.start();
    let Outcome::Failed { step, reason } = outcome(&world.end_of(1).await, 1) else {
        panic!()
    };
    assert_eq!(step.as_deref(), Some("r"));
    assert!(reason.contains("exit code 7"), "{reason}");
}

#[tokio::test]
async fn a_retry_with_a_restart_restarts_first() {
    let steps = json!([script("a", &[], "test -e ../../restarts"), applied("z", &["a"])]);
    let mut world = World::new(plan(steps)).await;
    with_restart_program(&world);
    world.start();
    world.end_of(1).await;
    world.order(1, Act::Retry { restart: true });
    reboot(&mut world, 1).await;
    let messages = world.end_of(2).await;
    assert!(matches!(outcome(&messages, 2), Outcome::Succeeded { .. }));
    let restart = messages
        .iter()
        .position(|message| message.kind == Kind::Restart)
        .unwrap();
    let again = messages
        .iter()
        .rposition(|message| message.kind == Kind::StepStarted && message.step.as_deref() == Some("a"));
    assert!(restart < again.unwrap(), "the restart comes before the step");
}
