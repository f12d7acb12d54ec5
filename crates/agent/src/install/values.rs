//! What stands behind the placeholders of a plan. The one place where templates are expanded.

use std::collections::{BTreeMap, BTreeSet};

use slipway_protocol::plan::{Action, Check, Plan, Step};
use slipway_protocol::template::{self, Piece};

use super::secrets::Secrets;
use crate::config::Config;

/// The values for one try of a step.
#[derive(Clone)]
pub struct Values {
    inputs: BTreeMap<String, String>,
    machine: BTreeMap<&'static str, String>,
    secrets: Secrets,
}

impl Values {
    /// The values in this attempt on this machine.
    pub fn new(config: &Config, plan: &Plan, instance: &str, attempt: u32, secrets: Secrets) -> Self {
        let machine = [
            ("work", config.work_dir().to_string_lossy().into_owned()),
            ("site", config.site_dir.to_string_lossy().into_owned()),
            ("site_port", config.site_port.to_string()),
            ("metadata", config.imds.trim_end_matches('/').to_owned()),
            ("attempt", attempt.to_string()),
            ("instance", instance.to_owned()),
        ];
        Values {
            inputs: plan.inputs.clone(),
            machine: machine.into(),
            secrets,
        }
    }

    /// Expands a text that others may read: a placeholder for a secret is refused.
    pub fn public(&self, text: &str) -> Result<String, String> {
        if uses_secret(text) {
            return Err(format!(
                "The recipe puts a secret into “{text}”, where other processes could read it."
            ));
        }
        self.expand(text)
    }

    /// Expands a text that may hold secrets.
    pub fn private(&self, text: &str) -> Result<String, String> {
        self.expand(text)
    }

    fn expand(&self, text: &str) -> Result<String, String> {
        let value = |namespace: &str, name: &str| match namespace {
            "input" => self.inputs.get(name).cloned(),
            "machine" => self.machine.get(name).cloned(),
            "secret" => self.secrets.get(name),
            _ => None,
        };
        template::expand(text, value)
            .map_err(|error| format!("A text of the recipe can't be filled in: {error}."))
    }
}

/// True for a text that holds a placeholder for a secret.
pub fn uses_secret(text: &str) -> bool {
    !secrets_of([text]).is_empty()
}

/// Names of the secrets that a step uses.
pub fn secrets_used(step: &Step) -> BTreeSet<String> {
    let mut texts = Vec::new();
    match &step.action {
        Action::Run { args, env, stdin, .. } => {
            texts.extend(args);
            texts.extend(env.values());
            texts.extend(stdin);
        }
        Action::WriteFile { content, .. } => texts.push(content),
        _ => {}
    }
    if let Some(Check::Succeeds { args, .. }) = &step.check {
        texts.extend(args);
    }
    secrets_of(texts.into_iter().map(String::as_str))
}

fn secrets_of<'t>(texts: impl IntoIterator<Item = &'t str>) -> BTreeSet<String> {
    let pieces = texts
        .into_iter()
        .flat_map(|text| template::parse(text).unwrap_or_default());
    let secret = |piece| match piece {
        Piece::Placeholder { namespace, name, .. } if namespace == "secret" => Some(name),
        _ => None,
    };
    pieces.filter_map(secret).collect()
}
