//! The smallest IAM policy, made of the table of actions that the adapter itself uses.

use serde_json::{Value, json};
use slipway_core::cloud::tag;

use crate::actions::{Action, Scope};

/// The policy, as JSON for the IAM console. An administrator may narrow it further to regions and accounts.
pub fn policy_json() -> String {
    let policy = json!({ "Version": "2012-10-17", "Statement": statements() });
    format!("{policy:#}\n")
}

/// RunInstances and the creating calls need two statements each: one for what they use, which bears no tag of ours,
/// and one for what they make, which must. Without `TagAtCreation` EC2 refuses the tags and so the whole request.
fn statements() -> Vec<Value> {
    let created = format!("aws:RequestTag/{}", tag::CREATED_BY);
    let ours = format!("aws:ResourceTag/{}", tag::CREATED_BY);
    let tagged = |key: &str| json!({ "StringEquals": { key: tag::US } });
    vec![
        statement("Read", Scope::Everything, json!("*"), None),
        statement("Asker", Scope::Asker, asker(), None),
        statement(
            "OwnServers",
            Scope::OwnInstances,
            arns(&["instance"]),
            Some(tagged(&ours)),
        ),
        statement("LaunchWith", Scope::Launch, launch_with(), None),
        statement(
            "LaunchTagged",
            Scope::Launch,
            arns(&["instance", "volume"]),
            Some(tagged(&created)),
        ),
        statement(
            "TagAtCreation",
            Scope::Tagging,
            json!("*"),
            Some(json!({ "StringEquals": { "ec2:CreateAction": TAGS_AT } })),
        ),
        statement("TagOwn", Scope::Tagging, arns(&["instance"]), Some(tagged(&ours))),
        statement(
            "CreateIn",
            Scope::CreateOwn,
            json!(["arn:aws:ec2:*:*:vpc/*", "arn:aws:ec2:*:*:volume/*"]),
            None,
        ),
        statement(
            "CreateTagged",
            Scope::CreateOwn,
            own_things(),
            Some(tagged(&created)),
        ),
        statement(
            "ImageOwn",
            Scope::CreateOwn,
            arns(&["instance"]),
            Some(tagged(&ours)),
        ),
        statement("ChangeOwn", Scope::ChangeOwn, own_things(), Some(tagged(&ours))),
        statement(
            "Installer",
            Scope::Bucket,
            json!(["arn:aws:s3:::slipway-*", "arn:aws:s3:::slipway-*/*"]),
            None,
        ),
    ]
}

/// The calls that put tags while they create.
const TAGS_AT: [&str; 4] = [
    "RunInstances",
    "CreateImage",
    "ImportKeyPair",
    "CreateSecurityGroup",
];

/// A user may ask about itself. Roles have no variable for their own name.
fn asker() -> Value {
    json!(["arn:aws:iam::*:user/${aws:username}", "arn:aws:iam::*:role/*"])
}

/// What a launch uses, and what AWS has no tags for at that moment.
fn launch_with() -> Value {
    json!([
        "arn:aws:ec2:*::image/*",
        "arn:aws:ec2:*:*:image/*",
        "arn:aws:ec2:*::snapshot/*",
        "arn:aws:ec2:*:*:subnet/*",
        "arn:aws:ec2:*:*:security-group/*",
        "arn:aws:ec2:*:*:network-interface/*",
        "arn:aws:ec2:*:*:key-pair/*",
    ])
}

/// Images and snapshots have no account in their names, unlike everything else of EC2.
fn own_things() -> Value {
    json!([
        "arn:aws:ec2:*:*:key-pair/*",
        "arn:aws:ec2:*:*:security-group/*",
        "arn:aws:ec2:*::image/*",
        "arn:aws:ec2:*::snapshot/*",
        "arn:aws:ec2:*:*:volume/*",
    ])
}

fn arns(kinds: &[&str]) -> Value {
    kinds
        .iter()
        .map(|kind| json!(format!("arn:aws:ec2:*:*:{kind}/*")))
        .collect()
}

/// Sorted, so that two versions of the policy can be compared line by line.
fn statement(sid: &str, scope: Scope, resource: Value, condition: Option<Value>) -> Value {
    let actions = Action::ALL.iter().filter(|action| action.scope() == scope);
    let mut actions: Vec<&str> = actions.map(|action| action.iam()).collect();
    actions.sort_unstable();
    let mut statement = json!({ "Sid": sid, "Effect": "Allow", "Action": actions, "Resource": resource });
    if let Some(condition) = condition {
        statement["Condition"] = condition;
    }
    statement
}

#[cfg(test)]
#[path = "policy_tests.rs"]
mod tests;
