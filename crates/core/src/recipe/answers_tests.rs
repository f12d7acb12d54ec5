use std::collections::BTreeMap;

use proptest::prelude::*;

use super::*;
use crate::recipe::Start;

fn full() -> Recipe {
    Recipe::parse(
        include_str!("../../tests/recipes/good-full.toml"),
        "good-full.toml",
    )
    .unwrap()
}

fn given(pairs: &[(&str, &str)]) -> BTreeMap<String, String> {
    pairs
        .iter()
        .map(|(id, value)| ((*id).to_owned(), (*value).to_owned()))
        .collect()
}

fn refusal(id: &str, value: &str) -> Error {
    full()
        .answers(&given(&[(id, value)]))
        .expect_err("the answer is refused")
}

#[test]
fn defaults_fill_what_is_not_given() {
    let answers = full().answers(&given(&[])).unwrap();
    assert_eq!(
        answers.plain,
        given(&[
            ("title", "My site"),
            ("email", ""),
            ("theme", "light"),
            ("samples", "true"),
            ("workers", "4"),
            ("fail_at", "")
        ])
    );
}

#[test]
fn odd_but_harmless_titles_are_carried_as_they_are() {
    let titles = [
        "🚀 Grüße",
        "שלום עולם",
        "\"quoted\" 'too' ` $x %PATH% &<>",
        "</powershell>",
        "${input.title}",
        " a ",
    ];
    for title in titles {
        let answers = full().answers(&given(&[("title", title)])).unwrap();
        assert_eq!(answers.plain["title"], title);
    }
}

#[test]
fn hostile_titles_are_refused_and_the_field_is_named() {
    let long = "x".repeat(61);
    let huge = "x".repeat(1 << 20);
    for title in [
        "",
        "  ",
        "a\nb",
        "a\r\nb",
        "a\0b",
        "\u{202e}evil",
        "\u{2066}x",
        "a\u{7f}",
        &long,
        &huge,
    ] {
        let error = refusal("title", title);
        assert_eq!(error.kind, ErrorKind::Input);
        assert!(error.sentence.starts_with("“Site title” "), "{}", error.sentence);
        assert!(error.sentence.chars().count() < 200, "{}", error.sentence);
        assert_eq!(error.hint, "Shown on top of every page.");
    }
    assert_eq!(
        refusal("title", &long).sentence,
        "“Site title” is too long: 61 characters, and at most 60 are possible."
    );
}

#[test]
fn an_unknown_input_lists_near_names() {
    let error = refusal("titel", "x");
    assert_eq!(error.sentence, "There is no input “titel”.");
    assert_eq!(error.hint, "Did you mean “title”?");
}

#[test]
fn every_wrong_answer_is_named_at_once() {
    let error = full()
        .answers(&given(&[("title", ""), ("workers", "many")]))
        .unwrap_err();
    assert!(error.sentence.contains("Site title"));
    assert_eq!(
        error.causes,
        ["“Workers” should be a number such as 8 or 2.5, but is “many”."]
    );
}

#[test]
fn choices_and_steps_must_exist() {
    assert_eq!(
        refusal("theme", "drak").sentence,
        "“Theme” names the choice “drak”, which does not exist; possible is “dark”."
    );
    assert!(
        refusal("fail_at", "databse")
            .sentence
            .contains("possible is “database”")
    );
    let answers = full().answers(&given(&[("fail_at", "database")])).unwrap();
    assert_eq!(answers.plain["fail_at"], "database");
}

#[test]
fn addresses_are_recognised() {
    for good in [
        "a@example.com",
        "first.last+tag@sub.example.co.uk",
        "ü@exämple.de",
    ] {
        assert!(full().answers(&given(&[("email", good)])).is_ok(), "{good}");
    }
    for bad in [
        "a",
        "a@b",
        "@example.com",
        "a@",
        "a b@example.com",
        "a@ex ample.com",
        "a@-x.com",
        "a..b@x.com",
        "<a@x.com>",
        "a@x.com\n\nb",
        "a@x.com</powershell>",
    ] {
        assert!(full().answers(&given(&[("email", bad)])).is_err(), "{bad}");
    }
}

#[test]
fn numbers_and_flags_take_their_usual_form() {
    for (id, value, expected) in [
        ("workers", " 8 ", "8"),
        ("workers", "-2.5", "-2.5"),
        ("samples", "No", "false"),
        ("samples", "yes", "true"),
    ] {
        assert_eq!(
            full().answers(&given(&[(id, value)])).unwrap().plain[id],
            expected
        );
    }
    for (id, value) in [
        ("workers", "NaN"),
        ("workers", "1e5"),
        ("workers", "1."),
        ("workers", "٣"),
        ("samples", "2"),
    ] {
        refusal(id, value);
    }
}

#[test]
fn secrets_are_kept_apart_and_never_repeated() {
    let answers = full().answers(&given(&[("licence", "canary-4711")])).unwrap();
    assert_eq!(answers.secrets["licence"].expose(), "canary-4711");
    assert!(!format!("{answers:?}").contains("canary"));
    let error = refusal("licence", "canary\n4711");
    assert!(!format!("{error:?}").contains("canary"));
}

#[test]
fn a_secret_that_could_not_be_kept_out_of_the_log_is_refused() {
    for short in [
        "e",
        "12345",
        "a b",
        "\u{1f511}\u{1f511}\u{1f511}\u{1f511}\u{1f511}",
    ] {
        let error = refusal("licence", short);
        assert!(error.sentence.contains("at least 6 characters"), "{error:?}");
        assert!(short.len() < 5 || !format!("{error:?}").contains(short));
    }
    for long_enough in [
        "123456",
        "      ",
        "\u{1f511}\u{1f511}\u{1f511}\u{1f511}\u{1f511}\u{1f511}",
    ] {
        assert!(
            full().answers(&given(&[("licence", long_enough)])).is_ok(),
            "{long_enough}"
        );
    }
}

#[test]
fn an_empty_secret_is_still_sent_so_that_no_step_waits_for_it() {
    assert_eq!(
        full().answers(&given(&[])).unwrap().secrets["licence"].expose(),
        ""
    );
}

#[test]
fn an_image_asks_only_for_what_its_steps_use() {
    let recipe = full();
    let asked: Vec<&str> = recipe
        .inputs_for(Start::FromImage)
        .iter()
        .map(|input| input.id.as_str())
        .collect();
    assert_eq!(asked, ["title", "email", "theme", "fail_at"]);
    assert!(
        recipe
            .answers_for(Start::FromImage, &given(&[("fail_at", "database")]))
            .is_err()
    );
}

#[test]
fn one_answer_can_be_checked_alone() {
    let recipe = full();
    assert!(recipe.check_answer("email", "a@example.com").is_ok());
    assert!(recipe.check_answer("email", "a").is_err());
    assert_eq!(
        recipe.check_answer("mail", "a").unwrap_err().hint,
        "Did you mean “email”?"
    );
}

proptest! {
    #[test]
    fn any_answer_is_accepted_or_refused_by_name(value in any::<String>()) {
        for input in &full().inputs {
            if let Err(error) = full().answers(&given(&[(&input.id, &value)])) {
                prop_assert!(error.sentence.contains(&input.label));
                prop_assert!(!error.sentence.contains('\n'));
            }
        }
    }
}
