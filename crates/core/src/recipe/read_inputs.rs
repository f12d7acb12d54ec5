//! From `[[inputs]]` to the questions that a recipe asks.

use slipway_protocol::secret::SHORTEST;
use toml::de::DeValue;

use super::fields::{Fields, Placed, did_you_mean};
use super::model::{Input, InputKind};
use super::read::{check_unique, required_id};
use crate::names::shown;

/// Longest answer where the recipe does not say.
const USUAL_LENGTH: u32 = 200;
/// Longest answer that a recipe may ask for, in characters.
const LONGEST: u32 = 10_000;

const KINDS: [(&str, InputKind); 7] = [
    ("text", InputKind::Text),
    ("email", InputKind::Email),
    ("choice", InputKind::Choice),
    ("bool", InputKind::Bool),
    ("number", InputKind::Number),
    ("secret", InputKind::Secret),
    ("step", InputKind::Step),
];

/// Reads all inputs; the place of one is its id.
pub(super) fn read_inputs(top: &mut Fields<'_>) -> Vec<Placed<Input>> {
    let mut inputs = Vec::new();
    let mut ids = Vec::new();
    for mut fields in top.tables("inputs", |number| format!("input {number}")) {
        let id = required_id(&mut fields, "id");
        if !id.value.is_empty() {
            fields.owner = format!("input “{}”", shown(&id.value));
        }
        let span = id.span.clone();
        inputs.push(Placed {
            value: read_input(&mut fields, &id.value),
            span,
        });
        ids.push(id);
        fields.finish();
    }
    check_unique("inputs", ids.iter(), top.problems);
    inputs
}

fn read_input(fields: &mut Fields<'_>, id: &str) -> Input {
    let kind = read_kind(fields);
    let label = fields.required_text("label").value;
    let help = read_help(fields);
    let default = read_default(fields, kind);
    let required = fields.flag("required");
    let max_length = fields.number("max_length", 1..=LONGEST).unwrap_or(USUAL_LENGTH) as usize;
    if kind == InputKind::Secret && max_length < SHORTEST {
        let reason = format!(
            "{} is a secret, which has at least {SHORTEST} characters, and “max_length” is {max_length}",
            fields.owner
        );
        let span = fields
            .value("max_length")
            .map_or(fields.span.clone(), toml::Spanned::span);
        fields.problems.add(&span, reason);
    }
    let options = read_options(fields, kind);
    Input {
        id: id.to_owned(),
        kind,
        label,
        help,
        default,
        required,
        max_length,
        options,
    }
}

fn read_help(fields: &mut Fields<'_>) -> String {
    let Some(help) = fields.text("help") else {
        return String::new();
    };
    fields.check_line("help", &help);
    help.value
}

fn read_kind(fields: &mut Fields<'_>) -> InputKind {
    let name = fields.required_text("type");
    match KINDS.iter().find(|(known, _)| *known == name.value) {
        Some((_, kind)) => *kind,
        None => {
            if !name.value.is_empty() {
                let near = did_you_mean(&name.value, KINDS.iter().map(|(name, _)| *name));
                let reason = format!(
                    "{} has an unknown type “{}”{near}",
                    fields.owner,
                    shown(&name.value)
                );
                fields.problems.add(&name.span, reason);
            }
            InputKind::Text
        }
    }
}

fn read_default(fields: &mut Fields<'_>, kind: InputKind) -> Option<String> {
    let value = fields.value("default")?;
    if kind == InputKind::Secret {
        fields.problems.add(
            &value.span(),
            format!("{} is a secret and can't have a default", fields.owner),
        );
        return None;
    }
    match value.get_ref() {
        DeValue::String(text) => Some(text.to_string()),
        DeValue::Boolean(flag) => Some(flag.to_string()),
        DeValue::Integer(number) => Some(number.as_str().to_owned()),
        DeValue::Float(number) => Some(number.as_str().to_owned()),
        _ => {
            fields.wrong("default", value, "a text, a number, true or false");
            None
        }
    }
}

fn read_options(fields: &mut Fields<'_>, kind: InputKind) -> Vec<String> {
    let options = fields.texts("options");
    let is_choice = kind == InputKind::Choice;
    if is_choice && options.is_empty() {
        fields.problems.add(
            &fields.span,
            format!("{} is a choice and needs “options”", fields.owner),
        );
    }
    if !is_choice && let Some(first) = options.first() {
        let reason = format!("{} has options, but is not a choice", fields.owner);
        fields.problems.add(&first.span, reason);
    }
    for option in &options {
        fields.check_line("options", option);
    }
    check_unique("options", options.iter(), fields.problems);
    options.into_iter().map(|option| option.value).collect()
}
