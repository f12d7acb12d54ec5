use proptest::prelude::*;

use super::*;
use crate::recipe::RecipeStep;

fn step(at: usize, needs: &[usize], resource: Option<u8>, seconds: u32, restart: bool) -> RecipeStep {
    let action = if restart {
        Action::Restart {}
    } else {
        Action::Unzip {
            from: "a".into(),
            to: "b".into(),
        }
    };
    RecipeStep {
        step: Step {
            id: format!("s{at}"),
            title: format!("Step {at}"),
            needs: needs.iter().map(|need| format!("s{need}")).collect(),
            resource: resource.map(|name| format!("r{name}")),
            action,
            check: None,
            timeout_seconds: 3600,
            retries: 0,
            usual_seconds: Some(seconds),
        },
        on_image: false,
    }
}

fn recipe(steps: Vec<RecipeStep>) -> Recipe {
    let text = include_str!("../../tests/recipes/good-small.toml");
    Recipe {
        steps,
        ..Recipe::parse(text, "good-small.toml").unwrap()
    }
}

fn graph() -> impl Strategy<Value = Recipe> {
    let one = (
        prop::collection::vec(any::<prop::sample::Index>(), 0..4),
        prop::option::of(0..3u8),
        1..200u32,
        prop::bool::weighted(0.1),
    );
    prop::collection::vec(one, 1..25).prop_map(|all| {
        let steps = all
            .iter()
            .enumerate()
            .map(|(at, (needs, resource, seconds, restart))| {
                let needs: Vec<usize> = if at == 0 {
                    Vec::new()
                } else {
                    needs.iter().map(|need| need.index(at)).collect()
                };
                step(at, &needs, *resource, *seconds, *restart)
            });
        recipe(steps.collect())
    })
}

#[test]
fn free_steps_run_beside_each_other_and_the_longest_chain_decides() {
    let steps = vec![
        step(0, &[], None, 10, false),
        step(1, &[0], None, 50, false),
        step(2, &[0], None, 5, false),
        step(3, &[1, 2], None, 1, false),
    ];
    let schedule = recipe(steps).schedule(Start::Fresh);
    let bars: Vec<_> = schedule
        .bars
        .iter()
        .map(|bar| (bar.start, bar.end, bar.critical))
        .collect();
    assert_eq!(
        bars,
        [(0, 10, true), (10, 60, true), (10, 15, false), (60, 61, true)]
    );
    assert_eq!(schedule.total_seconds, 61);
    assert_eq!(schedule.critical_path, ["s0", "s1", "s3"]);
}

#[test]
fn a_resource_is_held_by_one_step_at_a_time_and_the_more_urgent_one_goes_first() {
    let steps = vec![
        step(0, &[], Some(0), 10, false),
        step(1, &[], Some(0), 10, false),
        step(2, &[1], None, 30, false),
    ];
    let schedule = recipe(steps).schedule(Start::Fresh);
    assert_eq!(
        (
            schedule.bars[1].start,
            schedule.bars[0].start,
            schedule.total_seconds
        ),
        (0, 10, 40)
    );
}

#[test]
fn a_restart_runs_alone() {
    let steps = vec![
        step(0, &[], None, 20, false),
        step(1, &[], None, 5, true),
        step(2, &[], None, 3, false),
    ];
    let schedule = recipe(steps).schedule(Start::Fresh);
    let bars: Vec<_> = schedule.bars.iter().map(|bar| (bar.start, bar.end)).collect();
    assert_eq!(bars, [(5, 25), (0, 5), (5, 8)]);
}

#[test]
fn a_real_recipe_has_a_bar_for_each_step() {
    let text = include_str!("../../tests/recipes/good-full.toml");
    let schedule = Recipe::parse(text, "good-full.toml")
        .unwrap()
        .schedule(Start::Fresh);
    assert_eq!(schedule.total_seconds, 100 + 30 + 1 + UNSAID_SECONDS);
    assert_eq!(schedule.critical_path, ["database", "restart", "admin", "answer"]);
}

proptest! {
    #[test]
    fn needs_and_resources_are_respected(recipe in graph()) {
        let schedule = recipe.schedule(Start::Fresh);
        for (at, one) in recipe.steps.iter().enumerate() {
            let bar = &schedule.bars[at];
            prop_assert_eq!(bar.end - bar.start, seconds(&one.step));
            for (other, two) in recipe.steps.iter().enumerate().filter(|(other, _)| *other != at) {
                let before = &schedule.bars[other];
                if one.step.needs.contains(&two.step.id) {
                    prop_assert!(before.end <= bar.start);
                }
                let same = one.step.resource.is_some() && one.step.resource == two.step.resource;
                if same || is_restart(&one.step) {
                    prop_assert!(before.end <= bar.start || bar.end <= before.start);
                }
            }
        }
    }

    #[test]
    fn the_critical_path_has_no_gap_and_is_as_long_as_the_whole(recipe in graph()) {
        let schedule = recipe.schedule(Start::Fresh);
        let mut now = 0;
        for id in &schedule.critical_path {
            let bar = schedule.bars.iter().find(|bar| bar.step == *id).unwrap();
            prop_assert_eq!(bar.start, now);
            now = bar.end;
        }
        prop_assert_eq!(now, schedule.total_seconds);
    }
}
