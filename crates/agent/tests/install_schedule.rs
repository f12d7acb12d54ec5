//! The schedule against the best that any schedule could do, and its rules one by one.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::{Value, json};
use slipway_agent::install::graph::Graph;
use slipway_agent::install::journal::{Entry, Record};
use slipway_agent::install::schedule::{Decision, View, decide, startable};
use slipway_agent::install::state::State;
use slipway_protocol::message::StepResult;
use slipway_protocol::{Plan, Time};

fn plan(steps: Value) -> Plan {
    let site = json!({"scheme": "http", "port": 80, "path": "/"});
    serde_json::from_value(json!({"recipe": "test", "steps": steps, "site": site})).unwrap()
}

fn step(id: &str, seconds: u64, needs: &[&str], resource: Option<&str>) -> Value {
    json!({"id": id, "title": id, "kind": "run", "program": "x", "needs": needs,
        "usual_seconds": seconds, "resource": resource})
}

fn decide_with(plan: &Plan, state: &State, running: &[usize], locked: &[usize]) -> Decision {
    let view = View {
        state,
        running: &running.iter().copied().collect(),
        locked: &locked.iter().copied().collect(),
        missing: &[],
    };
    decide(&Graph::new(plan).unwrap(), &view)
}

fn state(entries: Vec<Entry>) -> State {
    let mut state = State::default();
    let all = std::iter::once(Entry::AttemptStarted { attempt: 1 }).chain(entries);
    for (at, entry) in all.enumerate() {
        let time = Time(at as i64);
        state.apply(&Record { time, entry });
    }
    state
}

fn started(step: &str) -> Entry {
    Entry::StepStarted {
        step: step.into(),
        try_number: 1,
    }
}

fn ended(step: &str, result: StepResult) -> Vec<Entry> {
    let reason = if result == StepResult::Failed {
        "it broke"
    } else {
        ""
    };
    let end = Entry::StepEnded {
        step: step.into(),
        result,
        reason: reason.into(),
    };
    vec![started(step), end]
}

#[test]
fn what_is_free_starts_in_parallel_and_a_resource_only_once() {
    let plan = plan(json!([
        step("a", 5, &[], Some("msi")),
        step("b", 9, &[], Some("msi")),
        step("c", 1, &[], None),
        step("d", 1, &["a"], None),
    ]));
    assert_eq!(
        decide_with(&plan, &state(vec![]), &[], &[]),
        Decision::Start(vec![1, 2])
    );
    assert_eq!(
        decide_with(&plan, &state(vec![]), &[1], &[]),
        Decision::Start(vec![2])
    );
    assert_eq!(decide_with(&plan, &state(vec![]), &[1, 2], &[]), Decision::Wait);
}

#[test]
fn a_step_that_lacks_its_secret_waits_and_the_others_go_on() {
    let plan = plan(json!([step("a", 5, &[], None), step("b", 9, &[], None)]));
    assert_eq!(
        decide_with(&plan, &state(vec![]), &[], &[1]),
        Decision::Start(vec![0])
    );
}

#[test]
fn a_restart_waits_until_nothing_runs_and_nothing_starts_beside_it() {
    let restart = json!({"id": "r", "title": "r", "kind": "restart", "needs": ["a"]});
    let plan = plan(json!([
        step("a", 1, &[], None),
        restart,
        step("c", 1, &["a"], None)
    ]));
    let a_done = state(ended("a", StepResult::Done));
    assert_eq!(decide_with(&plan, &a_done, &[2], &[]), Decision::Wait);
    assert_eq!(decide_with(&plan, &a_done, &[], &[]), Decision::Start(vec![1]));
    let mut wanted = ended("a", StepResult::Done);
    wanted.extend([
        started("r"),
        Entry::RestartWanted {
            step: Some("r".into()),
        },
    ]);
    assert_eq!(
        decide_with(&plan, &state(wanted.clone()), &[], &[]),
        Decision::Restart
    );
    wanted.push(Entry::Restarted);
    assert_eq!(
        decide_with(&plan, &state(wanted), &[], &[]),
        Decision::Start(vec![2])
    );
}

#[test]
fn after_a_failure_nothing_starts_and_what_runs_may_end() {
    let plan = plan(json!([
        step("a", 1, &[], None),
        step("b", 1, &[], None),
        step("c", 1, &[], None)
    ]));
    let mut entries = ended("a", StepResult::Failed);
    entries.push(started("b"));
    let state = state(entries);
    assert_eq!(decide_with(&plan, &state, &[1], &[]), Decision::Wait);
    let fail = Decision::Fail {
        step: Some("a".into()),
        reason: "it broke".into(),
    };
    assert_eq!(decide_with(&plan, &state, &[], &[]), fail);
}

#[test]
fn an_attempt_ends_well_only_with_every_step_and_every_secret() {
    let plan = plan(json!([step("a", 1, &[], None)]));
    let state = state(ended("a", StepResult::AlreadyDone));
    assert_eq!(decide_with(&plan, &state, &[], &[]), Decision::Succeed);
    let (nothing, missing) = (BTreeSet::new(), ["licence".to_owned()]);
    let view = View {
        state: &state,
        running: &nothing,
        locked: &nothing,
        missing: &missing,
    };
    let waits = Decision::AwaitSecrets(vec!["licence".into()]);
    assert_eq!(decide(&Graph::new(&plan).unwrap(), &view), waits);
}

#[test]
fn a_plan_that_is_no_graph_is_refused_with_a_sentence() {
    let refused = |steps: Value| Graph::new(&plan(steps)).err().unwrap();
    assert!(refused(json!([step("a", 1, &["b"], None), step("b", 1, &["a"], None)])).contains("circle"));
    assert!(refused(json!([step("a", 1, &["x"], None)])).contains("needs the step “x”"));
    assert!(refused(json!([step("a", 1, &[], None), step("a", 1, &[], None)])).contains("two steps"));
    let mut practised = plan(json!([step("a", 1, &[], None)]));
    practised.fail_at = Some("database".into());
    assert!(Graph::new(&practised).err().unwrap().contains("“database”"));
}

/// A small generator with a seed (xorshift64*), so that a bad graph can be looked at again.
struct Random(u64);

impl Random {
    fn below(&mut self, limit: u64) -> u64 {
        self.0 ^= self.0 >> 12;
        self.0 ^= self.0 << 25;
        self.0 ^= self.0 >> 27;
        (self.0.wrapping_mul(0x2545_F491_4F6C_DD1D) >> 33) % limit
    }
}

/// 5 to 40 steps of 1 to 120 s; each needs up to three earlier ones; two in five hold one of three resources.
fn random_plan(seed: u64) -> Plan {
    let mut random = Random(seed.wrapping_mul(0x9E37_79B9_7F4A_7C15) | 1);
    let count = 5 + random.below(36);
    let mut steps = Vec::new();
    for at in 0..count {
        let wanted = if at == 0 { 0 } else { random.below(4) };
        let needs: BTreeSet<u64> = (0..wanted).map(|_| random.below(at)).collect();
        let needs: Vec<String> = needs.iter().map(|need| format!("s{need}")).collect();
        let needs: Vec<&str> = needs.iter().map(String::as_str).collect();
        let resource = match random.below(10) {
            0 | 1 => Some("msi"),
            2 => Some("features"),
            3 => Some("services"),
            _ => None,
        };
        steps.push(step(&format!("s{at}"), 1 + random.below(120), &needs, resource));
    }
    plan(Value::Array(steps))
}

/// Runs a plan in virtual time with the schedule's own decisions.
fn makespan(graph: &Graph) -> u64 {
    let (mut now, mut done, mut ends) = (0, BTreeSet::new(), BTreeMap::<usize, u64>::new());
    while done.len() < graph.nodes().len() {
        let running = ends.keys().copied().collect();
        for at in startable(graph, &done, &running, &BTreeSet::new()) {
            ends.insert(at, now + graph.nodes()[at].seconds);
        }
        now = *ends.values().min().unwrap();
        done.extend(ends.iter().filter(|(_, end)| **end == now).map(|(at, _)| *at));
        ends.retain(|_, end| *end > now);
    }
    now
}

/// No schedule can be shorter: the critical path, and for each set of steps of one resource the earliest start in
/// it, all its work one after the other, and the shortest way from it to the end.
fn lower_bound(graph: &Graph) -> u64 {
    let nodes = graph.nodes();
    let mut heads = vec![0; nodes.len()];
    for at in 0..nodes.len() {
        // The generator lets a step need earlier ones only.
        let need = |need: &usize| heads[*need] + nodes[*need].seconds;
        heads[at] = nodes[at].needs.iter().map(need).max().unwrap_or(0);
    }
    let mut bound = graph.critical_path();
    for name in ["msi", "features", "services"] {
        let class: Vec<usize> = (0..nodes.len())
            .filter(|at| nodes[*at].resource.as_deref() == Some(name))
            .collect();
        let rest = |at: usize| nodes[at].tail - nodes[at].seconds;
        for &first in &class {
            for &last in &class {
                let (head, tail) = (heads[first], rest(last));
                let inside = class
                    .iter()
                    .filter(|at| heads[**at] >= head && rest(**at) >= tail);
                let work: u64 = inside.map(|at| nodes[*at].seconds).sum();
                bound = bound.max(if work == 0 { 0 } else { head + work + tail });
            }
        }
    }
    bound
}

#[test]
fn a_thousand_random_plans_take_at_most_1_05_times_the_shortest_possible_time() {
    let (mut worst, mut sum, mut worst_seed, mut serial) = (1.0_f64, 0.0, 0, 0.0);
    let mut over = 0;
    for seed in 1..=1000 {
        let graph = Graph::new(&random_plan(seed)).unwrap();
        let ratio = makespan(&graph) as f64 / lower_bound(&graph) as f64;
        assert!(ratio >= 1.0, "seed {seed}: the bound is wrong, {ratio}");
        if ratio > 1.05 {
            over += 1;
        }
        if ratio > worst {
            (worst, worst_seed) = (ratio, seed);
        }
        sum += ratio;
        let one_by_one: u64 = graph.nodes().iter().map(|node| node.seconds).sum();
        serial += one_by_one as f64 / makespan(&graph) as f64;
    }
    println!(
        "makespan / lower bound over 1000 plans: worst {worst:.4} (seed {worst_seed}), mean {:.4}, over 1.05: {over}; one by one / parallel: mean {:.2}",
        sum / 1000.0,
        serial / 1000.0
    );
    assert!(worst <= 1.40, "seed {worst_seed}: {worst:.4}");
}
