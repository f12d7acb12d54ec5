//! What was asked for in a launch of the practice site, for tests of decisions.

use std::collections::BTreeMap;

use slipway_protocol::Limits;

use super::Spec;
use crate::recipe::{Recipe, Start};

pub(crate) fn spec(size: &str) -> Spec {
    let text = include_str!("../../../../recipes/practice-site.toml");
    let recipe = Recipe::parse(text, "practice-site.toml").unwrap();
    let start = Start::Fresh;
    let answers = recipe.answers_for(start, &BTreeMap::new()).unwrap();
    Spec {
        name: "demo".into(),
        profile: "work".into(),
        region: "eu-central-1".into(),
        recipe: recipe.id.clone(),
        recipe_title: recipe.title.clone(),
        image: None,
        base_family: recipe.base.family.clone(),
        inputs: answers.plain.clone(),
        plan: recipe.plan(&answers.plain, start),
        size: size.into(),
        usd_per_hour: None,
        beside_usd_per_hour: None,
        disk_gib: 30,
        network: None,
        allowed_from: Vec::new(),
        public_site: true,
        chosen_password: false,
        limits: Limits::default(),
    }
}
