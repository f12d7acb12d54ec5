//! The text of a recipe file: problems with a line of it, or a recipe of which everything can be made.

#![no_main]

use std::collections::BTreeMap;

use libfuzzer_sys::fuzz_target;
use slipway_core::recipe::{Recipe, Start, check};

fuzz_target!(|data: &[u8]| {
    let Ok(text) = std::str::from_utf8(data) else {
        return;
    };
    let problems = check(text);
    let lines = text.lines().count().max(1) + 1;
    assert!(problems.iter().all(|problem| (1..=lines).contains(&problem.line)));
    let parsed = Recipe::parse(text, "fuzz.toml");
    assert_eq!(parsed.is_ok(), problems.is_empty());
    let Ok(recipe) = parsed else { return };
    for start in [Start::Fresh, Start::FromImage] {
        let schedule = recipe.schedule(start);
        assert_eq!(schedule.bars.len(), recipe.steps_for(start).count());
        if let Ok(answers) = recipe.answers_for(start, &BTreeMap::new()) {
            let plan = recipe.plan(&answers.plain, start);
            let known = |need: &String| plan.steps.iter().any(|other| other.id == *need);
            assert!(plan.steps.iter().all(|step| step.needs.iter().all(known)));
        }
    }
});
