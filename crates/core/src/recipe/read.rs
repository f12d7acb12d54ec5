//! From the text of a recipe file to a recipe: the whole, and what its parts share.

use std::collections::{BTreeMap, BTreeSet};

use toml::de::DeTable;

use super::fields::{Fields, Placed, did_you_mean};
use super::model::{Input, InputKind, Recipe, World};
use super::problems::Problems;
use super::read_inputs::read_inputs;
use super::read_secrets::{check_secret_inputs, read_secrets};
use super::read_site::{read_admin, read_base, read_site};
use super::read_steps::read_steps;
use super::scope::Scope;
use crate::names::shown;

/// Reads as much as can be read. Only when `problems` stays empty is the result to be used.
pub(super) fn read<'d>(table: &'d DeTable<'d>, problems: &'d Problems<'d>) -> Recipe {
    let mut top = Fields::new("the recipe", 0..0, table, problems);
    let id = required_id(&mut top, "id");
    let title = top.required_text("title").value;
    let summary = top.required_text("summary").value;
    let version = top.required_text("version").value;
    let worlds = read_worlds(&mut top);
    let base = read_base(&mut top);
    let secrets = read_secrets(&mut top);
    let steps = top.tables("steps", |number| format!("step {number}"));
    let inputs = read_inputs(&mut top);
    let scope = Scope {
        problems,
        inputs: inputs
            .iter()
            .map(|input| (input.value.id.clone(), input.value.kind))
            .collect(),
        secrets: secrets.iter().map(|secret| secret.value.name.clone()).collect(),
        steps: step_ids(&steps),
    };
    let rehearse = read_rehearse(&mut top, &scope.inputs);
    let site = read_site(&mut top, &scope);
    let admin = read_admin(&mut top, &scope);
    check_secret_inputs(&inputs, &secrets, &scope);
    check_defaults(&inputs, &scope);
    let steps = read_steps(&top, steps, &scope);
    top.finish();
    Recipe {
        id: id.value,
        title,
        summary,
        version,
        worlds,
        rehearse,
        base,
        inputs: inputs.into_iter().map(|input| input.value).collect(),
        secrets: secrets.into_iter().map(|secret| secret.value).collect(),
        site,
        admin,
        steps,
        own_sha256: None,
    }
}

/// An id that must be there: lower-case letters, digits, `-` and `_`, starting with a letter.
pub(super) fn required_id(fields: &mut Fields<'_>, name: &'static str) -> Placed<String> {
    let id = fields.required_text(name);
    if !id.value.is_empty() {
        check_id(name, &id, fields);
    }
    id
}

/// Notes a text that can't be an id.
pub(super) fn check_id(name: &str, id: &Placed<String>, fields: &Fields<'_>) {
    let mut characters = id.value.chars();
    let first = characters.next().is_some_and(|c| c.is_ascii_lowercase());
    let others = characters.all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || "-_".contains(c));
    if !first || !others || id.value.len() > 40 {
        let reason = format!(
            "“{}” can't be the {name} of {}: use up to 40 lower-case letters, digits, “-” and “_”, first a letter",
            shown(&id.value),
            fields.owner
        );
        fields.problems.add(&id.span, reason);
    }
}

/// Notes the second one of every name that is given twice.
pub(super) fn check_unique<'n>(
    what: &str,
    names: impl Iterator<Item = &'n Placed<String>>,
    problems: &Problems<'_>,
) {
    let mut seen = BTreeSet::new();
    for name in names {
        if !name.value.is_empty() && !seen.insert(name.value.as_str()) {
            problems.add(
                &name.span,
                format!("there are two {what} “{}”", shown(&name.value)),
            );
        }
    }
}

fn read_worlds(top: &mut Fields<'_>) -> Vec<World> {
    let mut worlds = Vec::new();
    let names = top.texts("worlds");
    if names.is_empty() {
        let span = top.value("worlds").map_or(top.span.clone(), toml::Spanned::span);
        top.problems
            .add(&span, "the recipe needs “worlds”, such as [\"practice\"]");
    }
    check_unique("worlds", names.iter(), top.problems);
    for name in names {
        match name.value.as_str() {
            "practice" => worlds.push(World::Practice),
            "ec2" => worlds.push(World::Ec2),
            other => {
                let reason = format!("there is no world “{}”: there are practice and ec2", shown(other));
                top.problems.add(&name.span, reason);
            }
        }
    }
    worlds
}

fn check_defaults(inputs: &[Placed<Input>], scope: &Scope<'_>) {
    for input in inputs {
        let Some(default) = &input.value.default else {
            continue;
        };
        let steps: Vec<&str> = scope.steps.iter().map(String::as_str).collect();
        if let Err(reason) = input.value.accept(default, &steps) {
            scope.problems.add(
                &input.span,
                format!("the default of input “{}” {reason}", input.value.id),
            );
        }
    }
}

fn read_rehearse(top: &mut Fields<'_>, inputs: &BTreeMap<String, InputKind>) -> Option<String> {
    let name = top.text("rehearse")?;
    match inputs.get(&name.value) {
        Some(InputKind::Step) => {}
        Some(_) => {
            top.problems.add(
                &name.span,
                format!(
                    "“rehearse” names the input “{}”, which is not of type step",
                    name.value
                ),
            );
        }
        None => {
            let near = did_you_mean(&name.value, inputs.keys().map(String::as_str));
            let reason = format!(
                "“rehearse” names “{}”, but there is no such input{near}",
                shown(&name.value)
            );
            top.problems.add(&name.span, reason);
        }
    }
    Some(name.value)
}

fn step_ids(steps: &[Fields<'_>]) -> BTreeSet<String> {
    let id = |fields: &Fields<'_>| {
        let mut entries = fields.entries();
        let (_, value) = entries.find(|(name, _)| name.value == "id")?;
        value.get_ref().as_str().map(str::to_owned)
    };
    steps.iter().filter_map(id).collect()
}
