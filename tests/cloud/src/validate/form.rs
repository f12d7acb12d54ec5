//! Forms, as EC2, STS and IAM take them, against the shape of an action's input.

use std::collections::{BTreeMap, BTreeSet};

use super::model::{Model, Shape};
use crate::params::Params;

/// What belongs to every form.
const COMMON: &[&str] = &["Action", "Version"];

/// A form as a tree: `Filter.1.Name=x` is `x` below `Filter`, `1`, `Name`.
#[derive(Default)]
struct Tree {
    text: Option<String>,
    below: BTreeMap<String, Tree>,
}

/// Adds what is wrong.
pub fn check(model: &Model, input: &Shape, params: &Params, found: &mut Vec<String>) {
    let mut root = Tree::default();
    for (name, value) in params
        .0
        .iter()
        .filter(|(name, _)| !COMMON.contains(&name.as_str()))
    {
        let mut at = &mut root;
        for part in name.split('.') {
            at = at.below.entry(part.to_owned()).or_default();
        }
        at.text = Some(value.clone());
    }
    Check { model, found }.shape("", input, &root);
}

struct Check<'a> {
    model: &'a Model,
    found: &'a mut Vec<String>,
}

impl Check<'_> {
    fn shape(&mut self, path: &str, shape: &Shape, tree: &Tree) {
        match shape.kind.as_str() {
            "structure" => self.structure(path, shape, tree),
            "list" => self.list(path, shape, tree),
            _ => self.simple(path, shape, tree),
        }
    }

    fn structure(&mut self, path: &str, shape: &Shape, tree: &Tree) {
        let mut there = BTreeSet::new();
        for (name, below) in &tree.below {
            let path = joined(path, name);
            there.insert(name.clone());
            match self.model.member_in_form(shape, name) {
                Some(member) => self.shape(&path, member, below),
                None => self.found.push(format!("{path} is unknown")),
            }
        }
        for name in &shape.required {
            let name = self.model.form_name(shape, name);
            if !there.contains(&name) {
                self.found.push(format!("{} is missing", joined(path, &name)));
            }
        }
    }

    fn list(&mut self, path: &str, shape: &Shape, tree: &Tree) {
        let Some(item) = self.model.item(shape) else {
            return;
        };
        let inner = match tree.below.get("member") {
            Some(inner) if !self.model.is_ec2() => inner,
            _ => tree,
        };
        for (at, below) in &inner.below {
            let path = joined(path, at);
            if at.parse::<usize>().is_ok_and(|at| at > 0) {
                self.shape(&path, item, below);
            } else {
                self.found.push(format!("{path} is not a place in a list"));
            }
        }
        if let Some(text) = tree.text.as_ref().filter(|text| !text.is_empty()) {
            self.found.push(format!("{path} is a list, not “{text}”"));
        }
    }

    fn simple(&mut self, path: &str, shape: &Shape, tree: &Tree) {
        if let Some(name) = tree.below.keys().next() {
            self.found.push(format!("{} is unknown", joined(path, name)));
        }
        let problem = tree.text.as_deref().and_then(|text| shape.problem(text));
        if let Some(problem) = problem {
            self.found.push(format!("{path} {problem}"));
        }
    }
}

fn joined(path: &str, name: &str) -> String {
    if path.is_empty() {
        name.to_owned()
    } else {
        format!("{path}.{name}")
    }
}
