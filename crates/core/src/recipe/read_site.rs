//! From `[base]`, `[site]` and `[admin]` to what the server is made of and where its site answers.

use slipway_protocol::message::{Admin, Site};

use super::fields::{Fields, Placed, did_you_mean};
use super::model::{Base, USUAL_MEMORY_GIB};
use super::read::{check_id, check_unique, required_id};
use super::scope::{Scope, Secrets};
use crate::names::shown;

/// Volumes of type gp3 end at 65,536 GiB (EC2, CreateVolume, parameter Size).
const DISK_GIB: std::ops::RangeInclusive<u32> = 1..=65_536;

/// The largest instance types have 32 TiB (EC2, “High memory instances”).
const MEMORY_GIB: std::ops::RangeInclusive<u32> = 1..=32_768;

pub(super) fn read_base(top: &mut Fields<'_>) -> Base {
    let Some(mut fields) = top.table("base", "[base]") else {
        if top.value("base").is_none() {
            let reason = "the recipe needs [base] with “family”, “disk_gib” and “minimum_disk_gib”";
            top.problems.add(&top.span, reason);
        }
        return Base {
            family: String::new(),
            other_families: Vec::new(),
            disk_gib: *DISK_GIB.start(),
            minimum_disk_gib: *DISK_GIB.start(),
            minimum_memory_gib: 0,
            recommended_memory_gib: USUAL_MEMORY_GIB,
        };
    };
    let family = required_id(&mut fields, "family");
    let other_families = read_others(&mut fields, &family);
    let disk_gib = required_gib(&mut fields, "disk_gib");
    let minimum_disk_gib = required_gib(&mut fields, "minimum_disk_gib");
    if minimum_disk_gib > disk_gib {
        fields.problems.add(
            &fields.span,
            "“minimum_disk_gib” of [base] is larger than “disk_gib”",
        );
    }
    let minimum_memory_gib = fields.number("minimum_memory_gib", MEMORY_GIB).unwrap_or(0);
    let recommended_memory_gib = fields.number("recommended_memory_gib", MEMORY_GIB);
    if recommended_memory_gib.is_some_and(|gib| gib < minimum_memory_gib) {
        let reason = "“recommended_memory_gib” of [base] is smaller than “minimum_memory_gib”";
        fields.problems.add(&fields.span, reason);
    }
    fields.finish();
    Base {
        family: family.value,
        other_families,
        disk_gib,
        minimum_disk_gib,
        minimum_memory_gib,
        recommended_memory_gib: recommended_memory_gib.unwrap_or(USUAL_MEMORY_GIB.max(minimum_memory_gib)),
    }
}

fn read_others(fields: &mut Fields<'_>, proposed: &Placed<String>) -> Vec<String> {
    let others = fields.texts("other_families");
    check_unique(
        "families",
        std::iter::once(proposed).chain(&others),
        fields.problems,
    );
    for other in &others {
        check_id("family", other, fields);
    }
    others.into_iter().map(|other| other.value).collect()
}

fn required_gib(fields: &mut Fields<'_>, name: &'static str) -> u32 {
    if fields.value(name).is_none() {
        fields
            .problems
            .add(&fields.span, format!("{} needs “{name}”", fields.owner));
    }
    fields.number(name, DISK_GIB).unwrap_or(*DISK_GIB.start())
}

pub(super) fn read_site(top: &mut Fields<'_>, scope: &Scope<'_>) -> Site {
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
    let scheme = read_scheme(&mut fields);
    let usual = if scheme == "https" { 443 } else { 80 };
    let port = fields
        .number("port", 1..=65_535)
        .and_then(|port| u16::try_from(port).ok());
    let path = read_path(&mut fields, scope);
    fields.finish();
    Site {
        scheme,
        port: port.unwrap_or(usual),
        path,
    }
}

fn read_scheme(fields: &mut Fields<'_>) -> String {
    let Some(scheme) = fields.text("scheme") else {
        return "http".into();
    };
    if !["http", "https"].contains(&scheme.value.as_str()) {
        let reason = format!(
            "“{}” is no scheme of a site: there are http and https",
            shown(&scheme.value)
        );
        fields.problems.add(&scheme.span, reason);
    }
    scheme.value
}

pub(super) fn read_admin(top: &mut Fields<'_>, scope: &Scope<'_>) -> Option<Admin> {
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
