use std::collections::BTreeMap;

use proptest::prelude::*;
use slipway_protocol::plan::SecretOrigin;
use slipway_protocol::{AgentSource, Brief, Limits};

use super::*;

fn full() -> Recipe {
    Recipe::parse(
        include_str!("../../tests/recipes/good-full.toml"),
        "good-full.toml",
    )
    .unwrap()
}

fn plan(start: Start, pairs: &[(&str, &str)]) -> Plan {
    let given = pairs
        .iter()
        .map(|(id, value)| ((*id).to_owned(), (*value).to_owned()))
        .collect();
    let answers = full().answers_for(start, &given).unwrap();
    full().plan(&answers.plain, start)
}

fn needs(plan: &Plan) -> Vec<(&str, Vec<&str>)> {
    plan.steps
        .iter()
        .map(|step| (step.id.as_str(), step.needs.iter().map(String::as_str).collect()))
        .collect()
}

#[test]
fn a_fresh_launch_runs_every_step() {
    let plan = plan(
        Start::Fresh,
        &[("email", "me@example.com"), ("fail_at", "database")],
    );
    assert_eq!(plan.steps.len(), 6);
    assert_eq!(plan.secrets.len(), 3);
    assert_eq!(plan.fail_at.as_deref(), Some("database"));
    assert!(!plan.fresh_administrator_password);
    assert_eq!(plan.site.path, "/?theme=light");
    let admin = plan.admin.unwrap();
    assert_eq!(
        (admin.user.as_str(), admin.secret.as_str(), admin.path.as_str()),
        ("me@example.com", "admin_password", "/admin")
    );
}

#[test]
fn a_launch_from_an_image_runs_the_marked_steps_and_skips_over_the_others() {
    let plan = plan(Start::FromImage, &[]);
    assert_eq!(
        needs(&plan),
        [
            ("unpack", vec![]),
            ("admin", vec!["unpack"]),
            ("answer", vec!["admin"])
        ]
    );
    assert!(plan.fresh_administrator_password);
    assert_eq!(plan.fail_at, None);
    let secrets: Vec<_> = plan
        .secrets
        .iter()
        .map(|secret| (secret.name.as_str(), secret.origin))
        .collect();
    assert_eq!(secrets, [("admin_password", SecretOrigin::Born)]);
}

#[test]
fn needs_pass_over_several_steps_that_fall_away() {
    let chain = |text: &str| {
        Recipe::parse(text, "chain.toml")
            .unwrap()
            .plan(&BTreeMap::new(), Start::FromImage)
    };
    let mut text = "id='c'\ntitle='C'\nsummary='C'\nversion='1'\nworlds=['practice']\n[site]\n[base]\nfamily='f'\ndisk_gib=30\nminimum_disk_gib=20\n".to_owned();
    for (id, needs, on_image) in [
        ("a", "[]", true),
        ("b", "['a']", false),
        ("c", "['b']", false),
        ("d", "['c', 'b', 'a']", true),
    ] {
        text +=
            &format!("[[steps]]\nid='{id}'\ntitle='T'\nkind='restart'\nneeds={needs}\non_image={on_image}\n");
    }
    assert_eq!(needs(&chain(&text)), [("a", vec![]), ("d", vec!["a"])]);
}

#[test]
fn answers_to_secret_inputs_are_not_in_the_plan() {
    let plan = plan(Start::Fresh, &[("licence", "canary-4711")]);
    assert!(!serde_json::to_string(&plan).unwrap().contains("canary"));
}

#[test]
fn a_plan_survives_the_way_through_user_data() {
    let plan = plan(Start::Fresh, &[("title", "</powershell>\"'🚀")]);
    let brief = brief(plan.clone());
    let line = brief.to_line().unwrap();
    assert_eq!(Brief::from_user_data(&line).unwrap().plan, plan);
}

fn brief(plan: Plan) -> Brief {
    Brief {
        version: slipway_protocol::VERSION,
        launch: "01J00000000000000000000000".into(),
        agent: Some(AgentSource {
            url: "https://example.com/agent.exe?signature=0123456789".into(),
            sha256: "ab".repeat(32),
        }),
        token_sha256: "cd".repeat(32),
        app_key: "A".repeat(44),
        plan,
        limits: Limits::default(),
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    /// User data ends at 16 KB; the plan may take half of it. The sums are random, so they can't be compressed.
    #[test]
    fn a_plan_of_forty_steps_fits_into_half_of_user_data(sums in prop::collection::vec("[0-9a-f]{64}", 40)) {
        let mut recipe = full();
        let model = recipe.steps.remove(0);
        recipe.steps = sums.iter().enumerate().map(|(at, sum)| {
            let mut step = model.clone();
            step.step.id = format!("download-{at}");
            step.step.title = format!("Download part {at} of the product");
            step.step.needs = (at > 0).then(|| format!("download-{}", at - 1)).into_iter().collect();
            step.step.action = Action::Download {
                url: format!("https://download.example.com/product/13.0.{at}/part-{at}.zip"),
                sha256: sum.clone(),
                to: format!("${{machine.work}}/part-{at}.zip"),
            };
            step.step.check = None;
            step
        }).collect();
        let answers = recipe.answers(&BTreeMap::new()).unwrap();
        let line = brief(recipe.plan(&answers.plain, Start::Fresh)).to_line().unwrap();
        prop_assert!(line.len() < 8 * 1024, "{} bytes", line.len());
    }
}
