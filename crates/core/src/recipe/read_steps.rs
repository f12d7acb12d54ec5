//! From `[[steps]]` to steps: what all kinds share, and how they hang together.

use slipway_protocol::Step;

use super::fields::{Fields, Placed, did_you_mean};
use super::graph::{Node, cycle};
use super::model::RecipeStep;
use super::read::{check_unique, required_id};
use super::read_action::{read_action, read_check};
use super::scope::Scope;
use crate::names::shown;

/// A day: whatever takes longer is stuck.
const LONGEST_SECONDS: u32 = 24 * 3600;
/// More than this would not fit into user data.
const MOST_STEPS: usize = 100;

/// Reads all steps and checks that they can run one after the other.
pub(super) fn read_steps<'d>(
    top: &Fields<'d>,
    tables: Vec<Fields<'d>>,
    scope: &Scope<'d>,
) -> Vec<RecipeStep> {
    if tables.is_empty() {
        top.problems
            .add(&top.span, "the recipe needs at least one of [[steps]]");
    }
    if let Some(one_too_many) = tables.get(MOST_STEPS) {
        let reason = format!(
            "there are {} steps, and at most {MOST_STEPS} are possible",
            tables.len()
        );
        top.problems.add(&one_too_many.span, reason);
    }
    let mut ids = Vec::new();
    let mut steps = Vec::new();
    for mut fields in tables {
        let id = required_id(&mut fields, "id");
        if !id.value.is_empty() {
            fields.owner = format!("step “{}”", shown(&id.value));
        }
        steps.push(read_step(&mut fields, &id.value, scope));
        ids.push(id);
        fields.finish();
    }
    check_unique("steps", ids.iter(), top.problems);
    check_cycle(&ids, &steps, scope);
    steps
}

fn read_step<'d>(fields: &mut Fields<'d>, id: &str, scope: &Scope<'d>) -> RecipeStep {
    let title = fields.required_text("title").value;
    let needs = read_needs(fields, id, scope);
    let resource = fields
        .value("resource")
        .map(|_| required_id(fields, "resource").value);
    let (action, usual_resource) = read_action(fields, scope);
    let resource = resource.or_else(|| usual_resource.map(str::to_owned));
    let check = read_check(fields, scope);
    let timeout_seconds = fields
        .number("timeout_seconds", 1..=LONGEST_SECONDS)
        .unwrap_or(1800);
    let retries = fields.number("retries", 0..=20).unwrap_or(0);
    let usual_seconds = read_usual(fields, timeout_seconds);
    let on_image = fields.flag("on_image");
    let step = Step {
        id: id.to_owned(),
        title,
        needs,
        resource,
        action,
        check,
        timeout_seconds,
        retries,
        usual_seconds,
    };
    RecipeStep { step, on_image }
}

fn read_needs(fields: &mut Fields<'_>, id: &str, scope: &Scope<'_>) -> Vec<String> {
    let needs = fields.texts("needs");
    for need in &needs {
        let name = &need.value;
        if name == id {
            scope
                .problems
                .add(&need.span, format!("{} needs itself", fields.owner));
        } else if !scope.steps.contains(name) {
            let near = did_you_mean(name, scope.steps.iter().map(String::as_str));
            let reason = format!(
                "{} needs “{}”, but there is no such step{near}",
                fields.owner,
                shown(name)
            );
            scope.problems.add(&need.span, reason);
        }
    }
    check_unique("needs", needs.iter(), scope.problems);
    needs.into_iter().map(|need| need.value).collect()
}

fn read_usual(fields: &mut Fields<'_>, timeout_seconds: u32) -> Option<u32> {
    let usual = fields.number("usual_seconds", 1..=LONGEST_SECONDS)?;
    if usual > timeout_seconds {
        let span = fields
            .value("usual_seconds")
            .map_or(fields.span.clone(), |value| value.span());
        let reason = format!(
            "{} usually takes {usual} seconds, but its timeout is {timeout_seconds}",
            fields.owner
        );
        fields.problems.add(&span, reason);
    }
    Some(usual)
}

fn check_cycle(ids: &[Placed<String>], steps: &[RecipeStep], scope: &Scope<'_>) {
    let nodes: Vec<Node<'_>> = steps.iter().map(|step| Node::of(&step.step)).collect();
    // A step that needs itself is reported where it says so.
    let Some(cycle) = cycle(&nodes).filter(|cycle| cycle.len() > 1) else {
        return;
    };
    let mut around: Vec<String> = cycle
        .iter()
        .map(|&at| format!("“{}”", shown(&ids[at].value)))
        .collect();
    around.extend(around.first().cloned());
    let reason = format!("steps wait for each other: {}", around.join(" needs "));
    scope.problems.add(&ids[cycle[0]].span, reason);
}
