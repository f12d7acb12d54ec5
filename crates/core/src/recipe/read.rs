//! From the text of a recipe file to a recipe: the parts around the steps.

use std::collections::{BTreeMap, BTreeSet};

use slipway_protocol::message::{ADMINISTRATOR_PASSWORD, Admin, Site};
use slipway_protocol::plan::{SecretOrigin, SecretSpec};
use toml::de::DeTable;

use super::fields::{Fields, Placed, did_you_mean};
use super::model::{Base, Input, InputKind, Recipe, World};
use super::problems::Problems;
use super::read_inputs::read_inputs;
use super::read_steps::read_steps;
use super::scope::{Scope, Secrets};
use crate::names::shown;
use crate::secret;

/// EBS volumes of type gp3 end at 65,536 GiB; a Windows image does not fit on less than 30.
const DISK_GIB: std::ops::RangeInclusive<u32> = 8..=65_536;

/// Reads as much as can be read. Only when `problems` stays empty is the result to be used.
pub(super) fn read<'d>(table: &'d DeTable<'d>, problems: &'d Problems<'d>) -> Recipe {
    let mut top = Fields::new("the recipe", 0..0, table, problems);
    let id = required_id(&mut top, "id");
    let title = top.required_text("title").value;
    let summary = top.required_text("summary").value;
    let version = top.required_text("version").value;
    let worlds = read_worlds(&mut top);
    let base = read_base(&mut top, &worlds);
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
    }
}

/// An id that must be there: lower-case letters, digits, `-` and `_`, starting with a letter.
pub(super) fn required_id(fields: &mut Fields<'_>, name: &'static str) -> Placed<String> {
    let id = fields.required_text(name);
    let mut characters = id.value.chars();
    let first = characters.next().is_none_or(|c| c.is_ascii_lowercase());
    let others = characters.all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || "-_".contains(c));
    if !first || !others || id.value.len() > 40 {
        let reason = format!(
            "“{}” can't be the {name} of {}: use up to 40 lower-case letters, digits, “-” and “_”, first a letter",
            shown(&id.value),
            fields.owner
        );
        fields.problems.add(&id.span, reason);
    }
    id
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
    if top.value("worlds").is_none() {
        top.problems
            .add(&top.span, "the recipe needs “worlds”, such as [\"practice\"]");
    }
    for name in top.texts("worlds") {
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

fn read_base(top: &mut Fields<'_>, worlds: &[World]) -> Option<Base> {
    let Some(mut fields) = top.table("base", "[base]") else {
        if worlds.contains(&World::Ec2) {
            top.problems.add(
                &top.span,
                "a recipe for ec2 needs [base] with “family”, “disk_gib” and “minimum_disk_gib”",
            );
        }
        return None;
    };
    let family = required_id(&mut fields, "family").value;
    let disk_gib = required_gib(&mut fields, "disk_gib");
    let minimum_disk_gib = required_gib(&mut fields, "minimum_disk_gib");
    if minimum_disk_gib > disk_gib {
        fields.problems.add(
            &fields.span,
            "“minimum_disk_gib” of [base] is larger than “disk_gib”",
        );
    }
    fields.finish();
    Some(Base {
        family,
        disk_gib,
        minimum_disk_gib,
    })
}

fn required_gib(fields: &mut Fields<'_>, name: &'static str) -> u32 {
    if fields.value(name).is_none() {
        fields
            .problems
            .add(&fields.span, format!("{} needs “{name}”", fields.owner));
    }
    fields.number(name, DISK_GIB).unwrap_or(*DISK_GIB.start())
}

fn read_secrets(top: &mut Fields<'_>) -> Vec<Placed<SecretSpec>> {
    let mut names = Vec::new();
    let mut secrets = Vec::new();
    for mut fields in top.tables("secrets", |number| format!("secret {number}")) {
        let name = required_id(&mut fields, "name");
        let reserved = [
            ADMINISTRATOR_PASSWORD,
            secret::KEY_PAIR,
            secret::BOX_KEY,
            secret::TOKEN,
        ];
        if reserved.contains(&name.value.as_str()) {
            fields.problems.add(
                &name.span,
                format!("“{}” is a name that Slipway itself uses", name.value),
            );
        }
        let origin = fields.required_text("origin");
        let origin = match origin.value.as_str() {
            "born" | "" => SecretOrigin::Born,
            "sent" => SecretOrigin::Sent,
            other => {
                let reason = format!(
                    "“{}” is no origin of a secret: there are born and sent",
                    shown(other)
                );
                fields.problems.add(&origin.span, reason);
                SecretOrigin::Born
            }
        };
        fields.finish();
        secrets.push(Placed {
            span: name.span.clone(),
            value: SecretSpec {
                name: name.value.clone(),
                origin,
            },
        });
        names.push(name);
    }
    check_unique("secrets", names.iter(), top.problems);
    secrets
}

/// A secret input and the sent secret of its name belong together: the one asks, the other brings it to the steps.
fn check_secret_inputs(inputs: &[Placed<Input>], secrets: &[Placed<SecretSpec>], scope: &Scope<'_>) {
    let is_sent = |id: &str| {
        let mut sent = secrets
            .iter()
            .filter(|secret| secret.value.origin == SecretOrigin::Sent);
        sent.any(|secret| secret.value.name == id)
    };
    for input in inputs {
        let id = &input.value.id;
        if input.value.kind == InputKind::Secret && !is_sent(id) {
            let reason = format!(
                "input “{id}” is a secret and needs [[secrets]] with name = \"{id}\" and origin = \"sent\""
            );
            scope.problems.add(&input.span, reason);
        }
    }

    for secret in secrets {
        let asked = scope.inputs.get(&secret.value.name) == Some(&InputKind::Secret);
        if secret.value.origin == SecretOrigin::Sent && !asked {
            let reason = format!(
                "secret “{0}” is sent, but no input “{0}” of type secret asks for it",
                secret.value.name
            );
            scope.problems.add(&secret.span, reason);
        }
    }
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

fn read_site(top: &mut Fields<'_>, scope: &Scope<'_>) -> Site {
    let Some(mut fields) = top.table("site", "[site]") else {
        if top.value("site").is_none() {
            top.problems.add(&top.span, "the recipe needs [site]");
        }
        return Site {
            scheme: "http".into(),
            port: 80,
            path: "/".into(),
        };
    };
    let scheme = fields.text("scheme").unwrap_or_else(|| Placed {
        value: "http".into(),
        span: fields.span.clone(),
    });
    if !["http", "https"].contains(&scheme.value.as_str()) {
        fields.problems.add(
            &scheme.span,
            format!(
                "“{}” is no scheme of a site: there are http and https",
                shown(&scheme.value)
            ),
        );
    }
    let usual = if scheme.value == "https" { 443 } else { 80 };
    let port = fields
        .number("port", 1..=65_535)
        .and_then(|port| u16::try_from(port).ok());
    let path = read_path(&mut fields, scope);
    fields.finish();
    Site {
        scheme: scheme.value,
        port: port.unwrap_or(usual),
        path,
    }
}

fn read_admin(top: &mut Fields<'_>, scope: &Scope<'_>) -> Option<Admin> {
    let mut fields = top.table("admin", "[admin]")?;
    let user = fields.required_text("user");
    scope.check("“user” of [admin]", &user, Secrets::Refused);
    check_only_inputs(&user, "“user” of [admin]", scope);
    let secret = fields.required_text("secret");
    if !secret.value.is_empty() && !scope.secrets.contains(&secret.value) {
        let near = did_you_mean(&secret.value, scope.secrets.iter().map(String::as_str));
        let reason = format!(
            "[admin] names the secret “{}”, but there is no such secret{near}",
            shown(&secret.value)
        );
        fields.problems.add(&secret.span, reason);
    }
    let path = read_path(&mut fields, scope);
    fields.finish();
    Some(Admin {
        user: user.value,
        secret: secret.value,
        path,
    })
}

fn read_path(fields: &mut Fields<'_>, scope: &Scope<'_>) -> String {
    let Some(path) = fields.text("path") else {
        return "/".into();
    };
    let bad = |c: char| c.is_control() || c.is_whitespace();
    if !path.value.starts_with('/') || path.value.contains(bad) {
        fields.problems.add(
            &path.span,
            format!(
                "“path” of {} should start with “/” and hold no spaces",
                fields.owner
            ),
        );
    }
    let owner = format!("“path” of {}", fields.owner);
    scope.check(&owner, &path, Secrets::Refused);
    check_only_inputs(&path, &owner, scope);
    path.value
}

/// Texts around the steps are filled in by the app, which does not know the machine.
fn check_only_inputs(text: &Placed<String>, owner: &str, scope: &Scope<'_>) {
    if text.value.contains("${machine.") {
        let reason = format!("{owner} can use ${{input.…}} only: the machine is not known there");
        scope.problems.add_inside(&text.span, "${machine.", reason);
    }
}

fn step_ids(steps: &[Fields<'_>]) -> BTreeSet<String> {
    let id = |fields: &Fields<'_>| {
        let mut entries = fields.entries();
        let (_, value) = entries.find(|(name, _)| name.value == "id")?;
        value.get_ref().as_str().map(str::to_owned)
    };
    steps.iter().filter_map(id).collect()
}
