use std::collections::BTreeSet;
use std::path::Path;

use super::*;

fn sources(folder: &Path) -> String {
    let mut text = String::new();
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            text += &sources(&path);
        } else if !path.ends_with("actions.rs") && !path.to_string_lossy().ends_with("_tests.rs") {
            text += &std::fs::read_to_string(path).unwrap();
        }
    }
    text
}

#[test]
fn the_policy_allows_exactly_what_is_in_the_table() {
    let policy: Value = serde_json::from_str(&policy_json()).unwrap();
    let statements = policy["Statement"].as_array().unwrap();
    let allowed: BTreeSet<&str> = statements
        .iter()
        .flat_map(|statement| statement["Action"].as_array().unwrap())
        .map(|action| action.as_str().unwrap())
        .collect();
    let of_the_user = Action::ALL
        .iter()
        .filter(|action| action.scope() != Scope::SignIn);
    let table: BTreeSet<&str> = of_the_user.map(|action| action.iam()).collect();
    assert_eq!(allowed, table);
}

#[test]
fn every_action_of_the_table_is_called_somewhere() {
    let sources = sources(&Path::new(env!("CARGO_MANIFEST_DIR")).join("src"));
    let unused: Vec<_> = Action::ALL
        .iter()
        .filter(|action| !sources.contains(&format!("Action::{action:?}")))
        .collect();
    // Decoding a refusal answers a refusal, so it is asked for without the table.
    assert_eq!(unused, [&Action::DecodeAuthorizationMessage]);
}

#[test]
fn what_changes_or_ends_servers_is_allowed_on_our_own_only() {
    let policy: Value = serde_json::from_str(&policy_json()).unwrap();
    for statement in policy["Statement"].as_array().unwrap() {
        let dangerous = [
            "ec2:TerminateInstances",
            "ec2:StopInstances",
            "ec2:DeleteSnapshot",
            "ec2:GetPasswordData",
            "ec2:GetConsoleOutput",
            "ec2:GetConsoleScreenshot",
            "ec2:RevokeSecurityGroupIngress",
        ];
        let actions = statement["Action"].as_array().unwrap();
        if actions
            .iter()
            .any(|action| dangerous.contains(&action.as_str().unwrap()))
        {
            let condition = &statement["Condition"]["StringEquals"]["aws:ResourceTag/CreatedBy"];
            assert_eq!(condition, "slipway", "{}", statement["Sid"]);
        }
    }
}

#[test]
fn images_are_made_and_tags_are_put_only_on_our_own_servers() {
    let policy: Value = serde_json::from_str(&policy_json()).unwrap();
    for statement in policy["Statement"].as_array().unwrap() {
        let actions = statement["Action"].as_array().unwrap();
        let about = |action: &str| actions.iter().any(|allowed| allowed == action);
        let resources = statement["Resource"].to_string();
        let servers = resources == "\"*\"" || resources.contains(":instance/");
        if servers && (about("ec2:CreateImage") || about("ec2:CreateTags")) {
            let condition = &statement["Condition"]["StringEquals"];
            let narrow = condition["aws:ResourceTag/CreatedBy"] == "slipway"
                || condition["ec2:CreateAction"].is_array();
            assert!(narrow, "{}", statement["Sid"]);
        }
    }
}

#[test]
fn it_fits_into_an_inline_policy_of_a_group() {
    // 5,120 characters without white space (“IAM and AWS STS quotas”).
    let policy: Value = serde_json::from_str(&policy_json()).unwrap();
    assert!(policy.to_string().len() <= 5_120, "{}", policy.to_string().len());
}
