//! From a recipe and its answers to the plan that travels in user data.

use std::collections::{BTreeMap, BTreeSet};

use slipway_protocol::Step;
use slipway_protocol::message::{Admin, Site};
use slipway_protocol::plan::{Action, Check, Plan, SecretSpec};
use slipway_protocol::template::{self, Piece, expand};

use super::graph::{Node, remaining_needs};
use super::model::{Input, InputKind, Recipe, RecipeStep};

/// What a launch starts from.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Start {
    /// A public image: every step runs.
    Fresh,
    /// An image of a server that was installed with the recipe: only the steps marked `on_image` run.
    FromImage,
}

impl Recipe {
    /// The steps that run.
    pub fn steps_for(&self, start: Start) -> impl Iterator<Item = &RecipeStep> {
        self.steps
            .iter()
            .filter(move |step| start == Start::Fresh || step.on_image)
    }

    /// The inputs that this kind of launch asks for: from an image only those that its steps use, and the one to
    /// practise a failure with.
    pub fn inputs_for(&self, start: Start) -> Vec<&Input> {
        let used = self.used(start, "input");
        let secrets = self.used(start, "secret");
        let wanted = |input: &&Input| {
            let names = if input.kind == InputKind::Secret {
                &secrets
            } else {
                &used
            };
            start == Start::Fresh || names.contains(&input.id) || self.rehearse.as_ref() == Some(&input.id)
        };
        self.inputs.iter().filter(wanted).collect()
    }

    /// The plan for answers that [`Recipe::answers_for`] found right.
    pub fn plan(&self, answers: &BTreeMap<String, String>, start: Start) -> Plan {
        let rehearsed = self.rehearse.as_ref().and_then(|input| answers.get(input));
        Plan {
            recipe: self.id.clone(),
            recipe_version: self.version.clone(),
            inputs: answers.clone(),
            secrets: self.secrets_for(start),
            steps: self.plan_steps(start),
            site: Site {
                path: filled_in(&self.site.path, answers),
                ..self.site.clone()
            },
            admin: self.admin.as_ref().map(|admin| Admin {
                user: filled_in(&admin.user, answers),
                secret: admin.secret.clone(),
                path: filled_in(&admin.path, answers),
            }),
            fresh_administrator_password: start == Start::FromImage,
            fail_at: rehearsed.filter(|step| !step.is_empty()).cloned(),
        }
    }

    /// The steps that run, each needing what is left of its needs.
    pub(super) fn plan_steps(&self, start: Start) -> Vec<Step> {
        let nodes: Vec<Node<'_>> = self.steps.iter().map(|step| Node::of(&step.step)).collect();
        let kept: BTreeSet<&str> = self.steps_for(start).map(|step| step.step.id.as_str()).collect();
        let reduced = |step: &RecipeStep| {
            let needs = remaining_needs(Node::of(&step.step), &nodes, &kept);
            Step {
                needs,
                ..step.step.clone()
            }
        };
        self.steps_for(start).map(reduced).collect()
    }

    fn secrets_for(&self, start: Start) -> Vec<SecretSpec> {
        let used = self.used(start, "secret");
        let wanted = |secret: &&SecretSpec| start == Start::Fresh || used.contains(&secret.name);
        self.secrets.iter().filter(wanted).cloned().collect()
    }

    /// Names of a namespace that the steps that run refer to, and, for inputs, the texts around them.
    fn used(&self, start: Start, namespace: &str) -> BTreeSet<String> {
        let around = [
            Some(&self.site.path),
            self.admin.as_ref().map(|admin| &admin.user),
        ];
        let around = around.into_iter().flatten().map(String::as_str);
        let steps = self.steps_for(start).flat_map(|step| texts(&step.step));
        around
            .chain(steps)
            .flat_map(|text| names_in(text, namespace))
            .collect()
    }
}

/// Every text of a step that may hold placeholders.
fn texts(step: &Step) -> Vec<&str> {
    let mut texts: Vec<&String> = Vec::new();
    match &step.action {
        Action::Run {
            program,
            args,
            env,
            stdin,
            ..
        } => {
            texts.push(program);
            texts.extend(args.iter().chain(env.values()).chain(stdin));
        }
        Action::Download { url, to, .. } => texts.extend([url, to]),
        Action::Unzip { from, to } => texts.extend([from, to]),
        Action::WriteFile { to, content } => texts.extend([to, content]),
        Action::WaitHttp { url, contains, .. } => texts.extend(std::iter::once(url).chain(contains)),
        Action::Restart {} | Action::Unknown(_) => {}
    }
    match &step.check {
        Some(Check::Exists(path)) => texts.push(path),
        Some(Check::Sha256 { file, .. }) => texts.push(file),
        Some(Check::Succeeds { program, args }) => texts.extend(std::iter::once(program).chain(args)),
        Some(Check::Unknown(_)) | None => {}
    }
    texts.into_iter().map(String::as_str).collect()
}

fn names_in(text: &str, wanted: &str) -> Vec<String> {
    let pieces = template::parse(text).unwrap_or_default();
    let name = |piece| match piece {
        Piece::Placeholder { namespace, name, .. } if namespace == wanted => Some(name),
        _ => None,
    };
    pieces.into_iter().filter_map(name).collect()
}

/// Fills answers into a text around the steps. A recipe that was read has no other placeholders there.
fn filled_in(text: &str, answers: &BTreeMap<String, String>) -> String {
    let value = |namespace: &str, name: &str| {
        (namespace == "input").then(|| answers.get(name).cloned().unwrap_or_default())
    };
    expand(text, value).unwrap_or_else(|_| text.to_owned())
}

#[cfg(test)]
#[path = "plan_tests.rs"]
mod tests;
