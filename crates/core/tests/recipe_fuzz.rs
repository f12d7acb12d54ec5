//! Whatever a file holds, checking it ends with problems or a recipe, never with a panic.

use std::collections::BTreeMap;

use proptest::prelude::*;
use slipway_core::recipe::{Recipe, Start, check};

const FULL: &str = include_str!("recipes/good-full.toml");

/// What a text that passed the check must also bear: everything that is made of it.
fn use_it(text: &str) {
    let problems = check(text);
    let lines = text.lines().count().max(1) + 1;
    for problem in &problems {
        assert!((1..=lines).contains(&problem.line), "{problem} of {lines} lines");
        assert!(!problem.reason.is_empty());
    }
    let parsed = Recipe::parse(text, "fuzz.toml");
    assert_eq!(parsed.is_ok(), problems.is_empty());
    let Ok(recipe) = parsed else { return };
    for start in [Start::Fresh, Start::FromImage] {
        let schedule = recipe.schedule(start);
        assert_eq!(schedule.bars.len(), recipe.steps_for(start).count());
        if let Ok(answers) = recipe.answers_for(start, &BTreeMap::new()) {
            let plan = recipe.plan(&answers.plain, start);
            for step in &plan.steps {
                let known = |need: &String| plan.steps.iter().any(|other| other.id == *need);
                assert!(step.needs.iter().all(known), "{:?}", step.needs);
            }
        }
    }
}

fn cut(text: &str, at: prop::sample::Index) -> usize {
    let mut at = at.index(text.len() + 1);
    while !text.is_char_boundary(at) {
        at -= 1;
    }
    at
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(1000))]

    #[test]
    fn arbitrary_text_is_checked(text in any::<String>()) {
        use_it(&text);
    }

    #[test]
    fn a_recipe_with_parts_replaced_is_checked(
        edits in prop::collection::vec(
            (any::<prop::sample::Index>(), any::<prop::sample::Index>(), prop_oneof![
                ".{0,8}", Just(String::new()), Just("[[steps]]\n".to_owned()), Just("\"".to_owned()), Just("${".to_owned()),
                Just("= -9223372036854775809".to_owned()), Just("{".to_owned()), Just("nan".to_owned()),
            ]), 1..4)
    ) {
        let mut text = FULL.to_owned();
        for (from, length, with) in edits {
            let from = cut(&text, from);
            let mut to = (from + length.index(30)).min(text.len());
            while !text.is_char_boundary(to) {
                to += 1;
            }
            text.replace_range(from..to, &with);
        }
        use_it(&text);
    }

    #[test]
    fn a_recipe_with_lines_left_out_doubled_or_swapped_is_checked(
        edits in prop::collection::vec((any::<prop::sample::Index>(), any::<prop::sample::Index>(), 0..3u8), 1..6)
    ) {
        let mut lines: Vec<&str> = FULL.lines().collect();
        for (one, other, edit) in edits {
            let (one, other) = (one.index(lines.len()), other.index(lines.len()));
            match edit {
                0 => { lines.remove(one); }
                1 => { let line = lines[one]; lines.insert(other, line); }
                _ => lines.swap(one, other),
            }
        }
        use_it(&lines.join("\n"));
    }

    #[test]
    fn a_recipe_with_any_value_in_place_of_another_is_checked(
        line in any::<prop::sample::Index>(),
        value in prop_oneof![
            Just("1"), Just("-1"), Just("0x7fffffffffffffffffff"), Just("1e400"), Just("true"), Just("[]"), Just("{}"),
            Just("[[]]"), Just("''"), Just("'x'"), Just("1979-05-27"), Just("['download']"), Just("['unpack', 'unpack']"),
        ],
    ) {
        let mut lines: Vec<String> = FULL.lines().map(str::to_owned).collect();
        let at = line.index(lines.len());
        if let Some((key, _)) = lines[at].split_once(" = ") {
            lines[at] = format!("{key} = {value}");
        }
        use_it(&lines.join("\n"));
    }
}

#[test]
fn a_huge_file_is_refused_at_once() {
    let problems = check(&"x".repeat(1 << 20));
    assert_eq!(problems.len(), 1);
    assert!(problems[0].reason.contains("at most"), "{}", problems[0]);
}

#[test]
fn deep_nesting_does_not_exhaust_the_stack() {
    use_it(&format!("id = {}", "[".repeat(100_000)));
    use_it(&format!("id = {}{}", "[".repeat(100_000), "]".repeat(100_000)));
    use_it(&"a.".repeat(100_000));
}

#[test]
fn many_steps_that_wait_in_a_chain_are_checked_quickly() {
    let mut text = FULL.split("[[steps]]").next().unwrap_or_default().to_owned();
    for at in 0..2000 {
        text += &format!(
            "[[steps]]\nid='s{at}'\ntitle='T'\nkind='restart'\nneeds=['s{}']\n",
            (at + 1) % 2000
        );
    }
    let began = std::time::Instant::now();
    assert!(!check(&text).is_empty());
    assert!(began.elapsed().as_secs() < 5, "{:?}", began.elapsed());
}
