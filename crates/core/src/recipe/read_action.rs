//! What a step does and how it tells that there is nothing left to do: one reader for each kind.

use std::collections::BTreeMap;

use slipway_protocol::plan::{Action, Check};
use slipway_protocol::template::{self, Piece};
use toml::de::DeValue;

use super::fields::{Fields, Placed, did_you_mean};
use super::read_windows;
use super::scope::{Scope, Secrets};
use crate::names::shown;

const KINDS: [&str; 6] = ["run", "download", "unzip", "write_file", "wait_http", "restart"];

/// Reads the fields that belong to the step's kind, and the resource that such steps share.
pub(super) fn read_action<'d>(fields: &mut Fields<'d>, scope: &Scope<'d>) -> (Action, Option<&'static str>) {
    let kind = fields.required_text("kind");
    let action = match read_windows::read(&kind.value, fields, scope) {
        Some(action) => action,
        None => read_anywhere(&kind, fields, scope),
    };
    (action, read_windows::resource(&kind.value))
}

fn read_anywhere<'d>(kind: &Placed<String>, fields: &mut Fields<'d>, scope: &Scope<'d>) -> Action {
    match kind.value.as_str() {
        "run" => read_run(fields, scope),
        "download" => Action::Download {
            url: read_url(fields, scope),
            sha256: read_sha256(fields),
            to: required(fields, "to", scope),
        },
        "unzip" => Action::Unzip {
            from: required(fields, "from", scope),
            to: required(fields, "to", scope),
        },
        "write_file" => Action::WriteFile {
            to: required(fields, "to", scope),
            content: read_content(fields, scope),
        },
        "wait_http" => Action::WaitHttp {
            url: read_url(fields, scope),
            status: fields
                .number("status", 100..=599)
                .and_then(|status| u16::try_from(status).ok())
                .unwrap_or(200),
            contains: optional(fields, "contains", scope, Secrets::Refused),
        },
        other => {
            if other != "restart" && !other.is_empty() {
                let near = did_you_mean(other, KINDS.into_iter().chain(read_windows::KINDS));
                let reason = format!("{} has an unknown kind “{}”{near}", fields.owner, shown(other));
                fields.problems.add(&kind.span, reason);
            }
            Action::Restart {}
        }
    }
}

/// Reads `check`, if it is there.
pub(super) fn read_check<'d>(fields: &mut Fields<'d>, scope: &Scope<'d>) -> Option<Check> {
    let owner = format!("the check of {}", fields.owner);
    let mut check = fields.table("check", owner)?;
    let exists = optional(&mut check, "exists", scope, Secrets::Refused).map(Check::Exists);
    let sha256 = read_sha256_check(&mut check, scope);
    let succeeds = read_succeeds(&mut check, scope);
    let mut found = [exists, sha256, succeeds].into_iter().flatten();
    let first = found.next();
    if first.is_none() || found.next().is_some() {
        let reason = format!(
            "{} should be exactly one of exists, sha256 and succeeds",
            check.owner
        );
        check.problems.add(&check.span, reason);
    }
    check.finish();
    first
}

fn read_sha256_check<'d>(check: &mut Fields<'d>, scope: &Scope<'d>) -> Option<Check> {
    let mut fields = check.table("sha256", check.owner.clone())?;
    let file = required(&mut fields, "file", scope);
    let sha256 = read_sha256(&mut fields);
    fields.finish();
    Some(Check::Sha256 { file, sha256 })
}

fn read_succeeds<'d>(check: &mut Fields<'d>, scope: &Scope<'d>) -> Option<Check> {
    let mut fields = check.table("succeeds", check.owner.clone())?;
    let program = required(&mut fields, "program", scope);
    let args = read_args(&mut fields, scope);
    fields.finish();
    Some(Check::Succeeds { program, args })
}

fn read_run<'d>(fields: &mut Fields<'d>, scope: &Scope<'d>) -> Action {
    let program = required(fields, "program", scope);
    let args = read_args(fields, scope);
    let env = read_env(fields, scope);
    let stdin = optional(fields, "stdin", scope, Secrets::Allowed);
    let restart_codes = read_codes(fields, "restart_codes");
    let busy_codes = read_codes(fields, "busy_codes");
    let restart_first_codes = read_codes(fields, "restart_first_codes");
    let mut success_codes = read_codes(fields, "success_codes");
    if success_codes.is_empty() {
        success_codes.push(0);
    }
    Action::Run {
        program,
        args,
        env,
        stdin,
        success_codes,
        restart_codes,
        busy_codes,
        restart_first_codes,
    }
}

/// Reads `args`; none where they are missing.
pub(super) fn read_args(fields: &mut Fields<'_>, scope: &Scope<'_>) -> Vec<String> {
    let args = fields.texts("args");
    let owner = format!("“args” of {}", fields.owner);
    for arg in &args {
        scope.check(&owner, arg, Secrets::Refused);
    }
    args.into_iter().map(|arg| arg.value).collect()
}

/// Reads `env`; empty where it is missing.
pub(super) fn read_env<'d>(fields: &mut Fields<'d>, scope: &Scope<'d>) -> BTreeMap<String, String> {
    let owner = format!("“env” of {}", fields.owner);
    let Some(table) = fields.table("env", owner) else {
        return BTreeMap::new();
    };
    let mut env = BTreeMap::new();
    for (name, value) in table.entries() {
        if name.value.is_empty() || name.value.contains(['=', '\0']) {
            scope.problems.add(
                &name.span,
                format!("“{}” can't be the name of a variable", shown(&name.value)),
            );
        }
        match value.get_ref() {
            DeValue::String(text) => {
                let text = Placed {
                    value: text.to_string(),
                    span: value.span(),
                };
                scope.check(&table.owner, &text, Secrets::Allowed);
                env.insert(name.value, text.value);
            }
            _ => table.wrong(&name.value, value, "a text in quotes"),
        }
    }
    env
}

/// Reads a list of exit codes.
pub(super) fn read_codes(fields: &mut Fields<'_>, name: &'static str) -> Vec<i32> {
    let codes = fields.list(name, "whole numbers", |value| {
        let integer = value.as_integer()?;
        i32::from_str_radix(integer.as_str(), integer.radix()).ok()
    });
    codes.into_iter().map(|code| code.value).collect()
}

fn read_content(fields: &mut Fields<'_>, scope: &Scope<'_>) -> String {
    if fields.value("content").is_none() {
        fields
            .problems
            .add(&fields.span, format!("{} needs “content”", fields.owner));
    }
    optional(fields, "content", scope, Secrets::Allowed).unwrap_or_default()
}

fn read_sha256(fields: &mut Fields<'_>) -> String {
    let sum = fields.required_text("sha256");
    let is_hex = |c: char| c.is_ascii_digit() || ('a'..='f').contains(&c);
    if !sum.value.is_empty() && (sum.value.len() != 64 || !sum.value.chars().all(is_hex)) {
        let reason = format!(
            "“sha256” of {} should be 64 digits 0 to 9 and a to f",
            fields.owner
        );
        fields.problems.add(&sum.span, reason);
    }
    sum.value
}

fn read_url(fields: &mut Fields<'_>, scope: &Scope<'_>) -> String {
    let url = fields.required_text("url");
    let owner = format!("“url” of {}", fields.owner);
    scope.check(&owner, &url, Secrets::Refused);
    if !url.value.is_empty() && !is_web_address(&url.value) {
        let reason = format!("{owner} should start with http:// or https:// and hold no spaces");
        scope.problems.add(&url.span, reason);
    }
    url.value
}

/// Whether a text can become an http(s) URL: what a placeholder at its start stands for is not known here.
fn is_web_address(url: &str) -> bool {
    let Ok(pieces) = template::parse(url) else {
        return true;
    };
    let plain = |piece: &Piece| match piece {
        Piece::Text(text) => !text.chars().any(|c| c.is_whitespace() || c.is_control()),
        Piece::Placeholder { .. } => true,
    };
    let good_start = match pieces.first() {
        Some(Piece::Text(start)) => {
            let host = start
                .strip_prefix("http://")
                .or_else(|| start.strip_prefix("https://"));
            host.is_some_and(|host| {
                !host.starts_with(['/', ':', '?', '#']) && (!host.is_empty() || pieces.len() > 1)
            })
        }
        Some(Piece::Placeholder { .. }) => true,
        None => false,
    };
    good_start && pieces.iter().all(plain)
}

/// Reads a text that must be there; it holds no secrets.
pub(super) fn required(fields: &mut Fields<'_>, name: &'static str, scope: &Scope<'_>) -> String {
    let text = fields.required_text(name);
    scope.check(&format!("“{name}” of {}", fields.owner), &text, Secrets::Refused);
    text.value
}

fn optional(
    fields: &mut Fields<'_>,
    name: &'static str,
    scope: &Scope<'_>,
    secrets: Secrets,
) -> Option<String> {
    let text = fields.text(name)?;
    scope.check(&format!("“{name}” of {}", fields.owner), &text, secrets);
    Some(text.value)
}
