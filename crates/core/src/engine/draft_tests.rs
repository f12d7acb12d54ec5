use super::*;
use crate::secret::Secret;

fn recipe() -> Recipe {
    let text = include_str!("../../../../recipes/practice-site.toml");
    Recipe::parse(text, "practice-site.toml").unwrap()
}

fn draft() -> Draft {
    let inputs = [("title", "Hello"), ("of_another_recipe", "x")];
    Draft {
        recipe: "practice-site".into(),
        inputs: inputs.map(|(id, value)| (id.into(), value.into())).into(),
        fail_at: Some("web_server".into()),
        ..Draft::default()
    }
}

fn pairs(answers: &BTreeMap<String, String>) -> Vec<(&str, &str)> {
    answers
        .iter()
        .map(|(id, value)| (id.as_str(), value.as_str()))
        .collect()
}

#[test]
fn only_what_the_recipe_asks_is_answered() {
    let answers = answers(&recipe(), &draft(), &LaunchSecrets::default());
    assert_eq!(pairs(&answers), [("fail_at", "web_server"), ("title", "Hello")]);
}

#[test]
fn a_launch_from_an_image_asks_nothing_but_which_step_is_to_fail() {
    let from_image = Draft {
        image: Some("ami-1".into()),
        ..draft()
    };
    let answers = answers(&recipe(), &from_image, &LaunchSecrets::default());
    assert_eq!(pairs(&answers), [("fail_at", "web_server")]);
}

#[test]
fn secret_answers_come_from_the_secrets_alone() {
    let mut recipe = recipe();
    recipe.inputs[0].kind = InputKind::Secret;
    let secrets = LaunchSecrets {
        inputs: [("title".into(), Secret::new("s3cret".into()))].into(),
        ..LaunchSecrets::default()
    };
    assert_eq!(answers(&recipe, &draft(), &secrets)["title"], "s3cret");
    assert!(!answers(&recipe, &draft(), &LaunchSecrets::default()).contains_key("title"));
}
