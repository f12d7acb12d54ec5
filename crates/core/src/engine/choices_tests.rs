use super::*;

fn size(id: &str, gib: u32) -> Size {
    Size {
        id: id.into(),
        vcpus: 2,
        memory_mib: gib * 1024,
        usd_per_hour: None,
        zones: Vec::new(),
    }
}

#[test]
fn every_use_is_offered_more_memory_than_the_one_before() {
    let sizes = [
        size("a", 8),
        size("b", 8),
        size("c", 16),
        size("d", 24),
        size("e", 32),
    ];
    let fits: Vec<_> = size_views(&sizes).into_iter().map(|view| view.fits).collect();
    let wanted = [
        Some(Use::Demo),
        None,
        Some(Use::OneEditor),
        None,
        Some(Use::BusySite),
    ];
    assert_eq!(fits, wanted);
}

#[test]
fn of_two_that_are_as_small_the_cheaper_is_offered_and_none_with_fewer_processors() {
    let priced = |id: &str, gib, vcpus, usd_per_hour| Size {
        vcpus,
        usd_per_hour,
        ..size(id, gib)
    };
    let sizes = [
        priced("a", 2, 2, None),
        priced("b", 2, 2, Some(0.2)),
        priced("c", 2, 2, Some(0.1)),
        priced("d", 4, 1, Some(0.1)),
        priced("e", 4, 2, None),
        priced("f", 16, 4, Some(0.4)),
    ];
    let fits = uses_of(&sizes);
    let wanted = [("c", Use::Demo), ("e", Use::OneEditor), ("f", Use::BusySite)];
    assert_eq!(fits, wanted);
}

#[test]
fn a_recipe_shows_its_questions_without_the_rehearsal_and_its_steps_with_times() {
    let text = include_str!("../../../../recipes/practice-site.toml");
    let recipe = Recipe::parse(text, "practice-site.toml").unwrap();
    let view = recipe_view(&recipe, false);
    assert!(view.rehearse && view.practice);
    assert_eq!(view.inputs.len(), recipe.inputs.len() - 1);
    assert_eq!(view.steps.len(), recipe.steps.len());
    let last = view.steps.iter().map(|step| step.planned_end).max();
    assert_eq!(view.usual, last);
    assert!(view.steps.iter().any(|step| step.critical));
}
