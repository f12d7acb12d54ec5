//! What the texts of steps may refer to, and the check of every placeholder in them.

use std::collections::{BTreeMap, BTreeSet};

use slipway_protocol::template::{self, Piece};

use super::fields::{Placed, did_you_mean};
use super::model::InputKind;
use super::problems::Problems;
use crate::names::shown;

/// What the agent knows of its machine, as `${machine.…}`.
pub(super) const MACHINE: [&str; 6] = ["work", "site", "site_port", "metadata", "attempt", "instance"];

/// The names that texts may refer to.
pub(super) struct Scope<'d> {
    pub(super) problems: &'d Problems<'d>,
    pub(super) inputs: BTreeMap<String, InputKind>,
    pub(super) secrets: BTreeSet<String>,
    pub(super) steps: BTreeSet<String>,
}

/// Whether a field may hold secrets.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Secrets {
    /// It is passed on where only the step sees it.
    Allowed,
    /// Other processes or the log could see it.
    Refused,
}

impl Scope<'_> {
    /// Checks the placeholders of one text of `owner`.
    pub(super) fn check(&self, owner: &str, text: &Placed<String>, secrets: Secrets) {
        let pieces = match template::parse(&text.value) {
            Ok(pieces) => pieces,
            Err(error) => {
                return self
                    .problems
                    .add_inside(&text.span, "${", format!("in {owner}, {error}"));
            }
        };
        for piece in &pieces {
            let Piece::Placeholder { namespace, name, .. } = piece else {
                continue;
            };
            if let Some(reason) = self.fault(namespace, name, secrets) {
                let needle = format!("{namespace}.{name}");
                self.problems
                    .add_inside(&text.span, &needle, format!("in {owner}, {reason}"));
            }
        }
    }

    fn fault(&self, namespace: &str, name: &str, secrets: Secrets) -> Option<String> {
        let path = shown(&format!("{namespace}.{name}"));
        match namespace {
            "input" => match self.inputs.get(name) {
                Some(InputKind::Secret) => Some(format!(
                    "“${{{path}}}” names a secret input: write ${{secret.{name}}}"
                )),
                Some(_) => None,
                None => Some(self.unknown(&path, "input", name, self.inputs.keys())),
            },
            "secret" if !self.secrets.contains(name) => {
                Some(self.unknown(&path, "secret", name, self.secrets.iter()))
            }
            "secret" if secrets == Secrets::Refused => Some(format!(
                "“${{{path}}}” is not allowed here: secrets go into “env” or “stdin” of run, or “content” of write_file"
            )),
            "secret" => None,
            "machine" if MACHINE.contains(&name) => None,
            "machine" => Some(format!(
                "“${{{path}}}” is not known{}",
                did_you_mean(name, MACHINE)
            )),
            _ => Some(format!(
                "“${{{path}}}” is not known: there are input, secret and machine"
            )),
        }
    }

    fn unknown<'n>(
        &self,
        path: &str,
        what: &str,
        name: &str,
        names: impl Iterator<Item = &'n String>,
    ) -> String {
        let near = did_you_mean(name, names.map(String::as_str));
        format!("“${{{path}}}” is not known: there is no such {what}{near}")
    }
}
