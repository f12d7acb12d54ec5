//! From `[[secrets]]` to the secrets that steps use, and how they go together with secret inputs.

use slipway_protocol::message::ADMINISTRATOR_PASSWORD;
use slipway_protocol::plan::{SecretOrigin, SecretSpec};

use super::fields::{Fields, Placed};
use super::model::{Input, InputKind};
use super::read::{check_unique, required_id};
use super::scope::Scope;
use crate::names::shown;
use crate::secret;

/// Names under which other secrets of a launch are kept.
const RESERVED: [&str; 4] = [
    ADMINISTRATOR_PASSWORD,
    secret::KEY_PAIR,
    secret::BOX_KEY,
    secret::TOKEN,
];

/// Reads all secrets; the place of one is its name.
pub(super) fn read_secrets(top: &mut Fields<'_>) -> Vec<Placed<SecretSpec>> {
    let mut names = Vec::new();
    let mut secrets = Vec::new();
    for mut fields in top.tables("secrets", |number| format!("secret {number}")) {
        let name = required_id(&mut fields, "name");
        if RESERVED.contains(&name.value.as_str()) {
            let reason = format!("“{}” is a name that Slipway itself uses", name.value);
            fields.problems.add(&name.span, reason);
        }
        let origin = read_origin(&mut fields);
        fields.finish();
        let value = SecretSpec {
            name: name.value.clone(),
            origin,
        };
        secrets.push(Placed {
            value,
            span: name.span.clone(),
        });
        names.push(name);
    }
    check_unique("secrets", names.iter(), top.problems);
    secrets
}

fn read_origin(fields: &mut Fields<'_>) -> SecretOrigin {
    let origin = fields.required_text("origin");
    match origin.value.as_str() {
        "sent" => SecretOrigin::Sent,
        "born" | "" => SecretOrigin::Born,
        other => {
            let reason = format!(
                "“{}” is no origin of a secret: there are born and sent",
                shown(other)
            );
            fields.problems.add(&origin.span, reason);
            SecretOrigin::Born
        }
    }
}

/// A secret input and the sent secret of its name belong together: the one asks, the other brings it to the steps.
pub(super) fn check_secret_inputs(
    inputs: &[Placed<Input>],
    secrets: &[Placed<SecretSpec>],
    scope: &Scope<'_>,
) {
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
